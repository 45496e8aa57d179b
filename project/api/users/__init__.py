"""Users of a service that keeps its own."""
