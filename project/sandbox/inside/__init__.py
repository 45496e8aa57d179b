"""The other side of the wall: the zygote, and what it turns into for each run.

Loaded as a package of its own, `inside`, by a bare interpreter: only relative imports, only the standard library.
"""
