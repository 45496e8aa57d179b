"""Grading in this process: its slots, its judge, and the worker that takes submissions from the queue."""
