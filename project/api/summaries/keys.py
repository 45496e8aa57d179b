"""Definitions that all statements about summaries use: what counts as solved, and the order of a board."""

# The board of all exercises; those of exercise sets have the set's id.
ALL_EXERCISES = 0

# Whether a score counts as solved. `off_board`: a learner's own report of an exercise that the catalogue does not have.
SOLVED = "correct AND NOT off_board"
# Since when it does; null while it does not.
SOLVED_AT = f"CASE WHEN {SOLVED} THEN coalesce(solved_at, created_at) END"

# A board is ordered by position, which is (descending, reached_at, user_id): most solved first, and of equals the
# earliest first. `descending` is minus `solved`, so that the columns compare as one row. No position is before this:
FIRST_POSITION = "-2147483648, '-infinity'::timestamptz, -9223372036854775808"


def position(row: str) -> str:
    """Return the position in a row."""
    return f"({row}.descending, {row}.reached_at, {row}.user_id)"
