"""The isolation levels. Each includes the lower ones. docs/security.md describes what each guarantees."""

SYSTEM_CALLS = 1  # seccomp alone, and no call that takes a path
FILES = 2  # Landlock too: the standard library can be read, and nothing written
OWN_ROOT = 3  # namespaces too: a root, PIDs, a network and a scratch file system of its own
