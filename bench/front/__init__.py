"""Honest requests beside clients that stall, do nothing, or never read."""
