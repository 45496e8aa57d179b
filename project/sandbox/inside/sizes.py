"""What a run may return. The other side of the wall reads it here too: an exercise must not expect more."""

MAX_VALUE_BYTES = 64 * 1024  # of what a call returns, as JSON
