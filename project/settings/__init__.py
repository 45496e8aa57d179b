"""The settings: how one is declared, and all of them by topic."""
