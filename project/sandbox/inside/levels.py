"""The isolation levels, each with all that the lower ones have. docs/security.md says what each promises."""

SYSTEM_CALLS = 1  # seccomp alone, and no call that takes a path
FILES = 2  # Landlock too: the standard library can be read, and nothing written
OWN_ROOT = 3  # namespaces too: a root, a process table, a network and a scratch of its own
