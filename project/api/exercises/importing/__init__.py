"""Exercises from folders: our own format, and the layout of an Exercism track. docs/grading.md describes both.

The authors of the folders are not trusted: no files outside of the folders are read.
"""
