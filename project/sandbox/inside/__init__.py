"""The code that runs inside the sandbox: the zygote, and the runner in each process that it starts.

It is loaded as a package of its own, `inside`, by a bare interpreter: only relative imports and the standard library.
"""
