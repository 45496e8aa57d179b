"""Failures of the sandbox itself."""


class SandboxError(Exception):
    """A sandboxed process could not be set up or supervised. The learner's code is not the cause."""


class SandboxUnavailable(SandboxError):
    """The host does not offer the required isolation."""
