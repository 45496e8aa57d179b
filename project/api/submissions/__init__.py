"""Submissions: answers of learners, graded."""
