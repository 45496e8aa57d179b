"""Exercises from folders: our own format, and the layout of an Exercism track. docs/grading.md describes both.

Whoever wrote the folders is not trusted with this machine's files: nothing outside them is read.
"""
