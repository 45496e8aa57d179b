"""Logging, metrics, readiness and backups."""
