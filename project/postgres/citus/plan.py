"""Where each table lives in a Citus cluster, and which of its keys change for that: one row a table.

Citus can keep a key unique only where it has the distribution column: two rows with the same key then meet on one node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where the rows of a table are."""

    DISTRIBUTED = "distributed"  # in shards, by its distribution column
    REFERENCE = "reference"  # all of them on every node
    COORDINATOR = "coordinator"  # on one node, as without Citus


@dataclass(frozen=True, slots=True)
class Table:
    """A row of the plan. `primary_key` is the new one, where the old one will not do; `index` serves what that did."""

    place: Place
    why: str
    column: str = "user_id"
    primary_key: tuple[str, ...] = ()
    index: tuple[str, ...] = ()


def _by_learner(why: str, primary_key: tuple[str, ...] = (), index: tuple[str, ...] = ()) -> Table:
    return Table(Place.DISTRIBUTED, why, primary_key=primary_key, index=index)


PLAN: Mapping[str, Table] = {
    # What grows with the learners: all that is one's own lies on one node, and is written there in one transaction.
    "scores": _by_learner("nearly all rows there are", ("user_id", "id"), ("id",)),
    "score_changes": _by_learner("a score's ledger lies beside it", ("user_id", "id")),
    "pending_changes": _by_learner("written by the triggers of scores, so beside them"),
    "submissions": _by_learner("ending one changes a score", ("user_id", "id"), ("id",)),
    "rejudge_results": _by_learner(
        "joined with submissions", ("user_id", "rejudge_id", "submission_id"), ("rejudge_id", "submission_id")
    ),
    "rejudge_changes": _by_learner(
        "joined with scores", ("user_id", "rejudge_id", "score_id"), ("rejudge_id", "score_id")
    ),
    "idempotency_keys": _by_learner("written in the transaction of the learner's write"),
    "rate_limits": Table(Place.DISTRIBUTED, "each call is a write of its own", column="key"),
    # What all learners read, and few write.
    "exercises": Table(Place.REFERENCE, "every report of a score looks at its exercise"),
    "exercise_versions": Table(Place.REFERENCE, "joined with exercises and rejudges"),
    "case_inputs": Table(Place.REFERENCE, "written in the transaction of their exercise"),
    "exercise_sets": Table(Place.REFERENCE, "few"),
    "exercise_set_members": Table(Place.REFERENCE, "joined with scores and pending changes"),
    "rejudges": Table(Place.REFERENCE, "joined with their results"),
    # Names and addresses are unique over all users, which no shard can see. Beyond some ten million of them, a
    # users-service keeps them, and these tables are empty.
    "users": Table(Place.REFERENCE, "queried for every token, and unique by name and address"),
    "invitations": Table(Place.REFERENCE, "used in the statement that adds a user"),
    "revoked_tokens": Table(Place.REFERENCE, "queried for every token"),
    # What one transaction at a time keeps: the fold.
    "standings": Table(Place.COORDINATOR, "a page of a board is one range of one index"),
    "rank_ranges": Table(Place.COORDINATOR, "counters of whole boards"),
    "rank_blocks": Table(Place.COORDINATOR, "sums of those"),
    "exercise_counts": Table(Place.COORDINATOR, "counters of whole exercises"),
}
