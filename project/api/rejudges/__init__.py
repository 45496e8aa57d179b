"""Rejudges: all submissions of an exercise judged anew, and the scores changed that this would change."""
