"""How Citus stores each table, and which primary keys change for that: one row for each table.

Citus enforces a unique key only if it contains the distribution column: rows with the same key are then on one node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TableKind(StrEnum):
    """How Citus stores a table."""

    DISTRIBUTED = "distributed"  # in shards, by its distribution column
    REFERENCE = "reference"  # all of them on every node
    COORDINATOR = "coordinator"  # a local table of one node, as without Citus


@dataclass(frozen=True, slots=True)
class Table:
    """A row of the plan. `primary_key` is the new one if it changes; `index` replaces the old one for reads."""

    kind: TableKind
    why: str
    column: str = "user_id"
    primary_key: tuple[str, ...] = ()
    index: tuple[str, ...] = ()


def _by_learner(why: str, primary_key: tuple[str, ...] = (), index: tuple[str, ...] = ()) -> Table:
    return Table(TableKind.DISTRIBUTED, why, primary_key=primary_key, index=index)


PLAN: Mapping[str, Table] = {
    # Tables that grow with the learners: all rows of one learner are on one node, and written in one transaction.
    "scores": _by_learner("nearly all rows of the database", ("user_id", "id"), ("id",)),
    "score_changes": _by_learner("joined with scores", ("user_id", "id")),
    "pending_changes": _by_learner("written by the triggers of scores"),
    "submissions": _by_learner("ending one changes a score", ("user_id", "id"), ("id",)),
    "rejudge_results": _by_learner(
        "joined with submissions", ("user_id", "rejudge_id", "submission_id"), ("rejudge_id", "submission_id")
    ),
    "rejudge_changes": _by_learner(
        "joined with scores", ("user_id", "rejudge_id", "score_id"), ("rejudge_id", "score_id")
    ),
    "idempotency_keys": _by_learner("written in the transaction of the learner's write"),
    "rate_limits": Table(TableKind.DISTRIBUTED, "each call is one write", column="key"),
    # Tables that all learners read, and few write.
    "exercises": Table(TableKind.REFERENCE, "joined by every write of a score"),
    "exercise_versions": Table(TableKind.REFERENCE, "joined with exercises and rejudges"),
    "case_inputs": Table(TableKind.REFERENCE, "written in the transaction of their exercise"),
    "exercise_sets": Table(TableKind.REFERENCE, "few"),
    "exercise_set_members": Table(TableKind.REFERENCE, "joined with scores and pending changes"),
    "rejudges": Table(TableKind.REFERENCE, "joined with their results"),
    # Names and addresses are unique over all users, which a shard cannot check. Sites with more than some ten million
    # users need a users-service; these tables are empty then.
    "users": Table(TableKind.REFERENCE, "read with every token; unique by name and address"),
    "invitations": Table(TableKind.REFERENCE, "used in the statement that adds a user"),
    "revoked_tokens": Table(TableKind.REFERENCE, "read with every token"),
    # Tables that only the fold writes, one transaction at a time.
    "standings": Table(TableKind.COORDINATOR, "a page of a board is one range of one index"),
    "rank_ranges": Table(TableKind.COORDINATOR, "counters of whole boards"),
    "rank_blocks": Table(TableKind.COORDINATOR, "sums of those"),
    "exercise_counts": Table(TableKind.COORDINATOR, "counters of whole exercises"),
}
