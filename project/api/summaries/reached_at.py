"""When a learner reached their number of solved exercises: the latest of the solves that count on the board."""

from project.api.summaries.keys import ALL_EXERCISES


def latest_solve(user_id: str, board_id: str) -> str:
    """Return the query for a learner's latest solve that counts on a board. It reads the scores of the learner."""
    return f"""
        SELECT max(coalesce(score.solved_at, score.created_at)) FROM scores AS score
        WHERE score.user_id = {user_id} AND score.correct AND ({board_id} = {ALL_EXERCISES} OR EXISTS (
            SELECT 1 FROM exercise_set_members AS m
            WHERE m.exercise_id = score.exercise_id AND m.set_id = {board_id}
        )) AND NOT score.off_board
    """  # noqa: S608 - constants


def reached_at(latest: str) -> str:
    """Return the expression for the new `reached_at`; `latest` is that for the latest solve, from the scores.

    It reads `s`, the row of `standings`, null if there is none, and `d`, the sum of the changes: `gained` and `lost`
    are the latest of the solves that were added and taken away. Only if the latest solve of all was taken away, the
    scores are read. They may have changes that are still pending. These do no harm: when they are folded, the result is
    the same again.
    """
    from_scores, from_changes = f"coalesce(({latest}), d.lost)", "greatest(s.reached_at, d.gained)"
    return f"""
    CASE WHEN d.lost >= coalesce(s.reached_at, '-infinity') THEN {from_scores} ELSE {from_changes} END
"""


REACHED_AT = reached_at(latest_solve("d.user_id", "d.board_id"))
