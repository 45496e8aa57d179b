"""Scores: who solved what, and how that came about."""
