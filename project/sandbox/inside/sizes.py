"""The size of a returned value. The judge's side imports it, too: an exercise must not expect more."""

MAX_VALUE_BYTES = 64 * 1024  # of what a call returns, as JSON
