"""What migration 0003 imports by this name; landed migrations are not edited."""

from project.postgres.job_queue import CREATE, DROP

__all__ = ["CREATE", "DROP"]
