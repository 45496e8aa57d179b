"""The sizes of returned values. The judge's side imports them, too: an exercise must not expect more."""

MAX_VALUE_BYTES = 64 * 1024  # of what a call returns, as JSON
MAX_ROWS_BYTES = 56 * 1024  # of the rows of a result in SQL; the rest is for the names of its columns
