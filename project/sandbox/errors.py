"""What can go wrong on our side."""


class SandboxError(Exception):
    """A run could not be set up or watched. It says nothing about the learner's code."""


class SandboxUnavailable(SandboxError):
    """The host does not offer the isolation that is asked for."""
