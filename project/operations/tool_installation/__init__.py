"""Installs the compilers and interpreters of native languages: as root for the host, otherwise below DATA_DIR.

Without root the files are in a tree, which the sandbox shows over the host's: `project.sandbox.tools` describes it. It
belongs to the operator. Runs can only read it, and nothing in it is secret.
"""
