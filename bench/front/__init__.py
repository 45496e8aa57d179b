"""Requests of well-behaved clients beside clients that stall, send nothing, or never read."""
