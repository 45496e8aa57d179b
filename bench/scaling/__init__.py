"""The costs of a pooler and of a replica."""
