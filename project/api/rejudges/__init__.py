"""Rejudges: all submissions of an exercise are judged again, and the scores that follow from them are changed."""
