"""How PostgreSQL executes a statement, and which steps would be slow on a large table."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from project.api.schemas import MAX_LIMIT

# What grows with learners, exercises or time. Of the others, some are read whole on purpose: changes that are pending,
# the ranges of a board (a five hundredth of its learners), sets.
LARGE = frozenset({
    *("scores", "score_changes", "standings", "exercise_counts", "submissions", "rejudge_results", "rejudge_changes"),
    *("users", "revoked_tokens", "exercises", "exercise_versions", "idempotency_keys", "rate_limits"),
    "procrastinate_jobs",
})  # fmt: skip
# The longest page, and one row more, by which the next page is known. Rows that are sorted were read by a step before.
PAGE = MAX_LIMIT + 1
# Generic plans are what prepared statements get, custom ones the others.
MODES = ("force_generic_plan", "force_custom_plan")

READ = "SELECT relname, seq_scan FROM pg_stat_xact_user_tables"


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it was sent, its parameters written as $1, $2, ..., and their values."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The execution of some statements: their plans, and the large tables that were scanned.

    Plans do not show the statements of triggers and functions; the counters of the tables do.
    """

    plans: tuple[dict[str, Any], ...]
    read_whole: frozenset[str]

    def indexes(self):
        """Return the indexes that the plans use."""
        return {name for plan in self.plans for node in nodes(plan) for name in indexes_of(node)}

    def faults(self, most=PAGE):
        """Return a sentence for each fault: what would be slow on a large table."""
        read = {f"{table} is read from end to end" for table in self.read_whole}
        return sorted(read.union(*(faults(plan, most) for plan in self.plans)))


def do(connection, statements, mode):
    """Run statements in a transaction that is rolled back; return how they were executed."""
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        before = _scans(cursor)
        plans = tuple(_explain(cursor, statement, mode) for statement in statements)
        return Done(plans, frozenset((_scans(cursor) - before).keys() & LARGE))


def _explain(cursor, sent, mode):
    cursor.execute(sql.SQL("SET LOCAL plan_cache_mode = {}").format(sql.Identifier(mode)))
    cursor.execute("DEALLOCATE ALL")
    cursor.execute(f"PREPARE explained AS {sent.text}".encode())
    values = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, sent.values))) if sent.values else sql.SQL("")
    cursor.execute(sql.SQL("EXPLAIN (ANALYZE, TIMING off, FORMAT json) EXECUTE explained {}").format(values))
    (found,) = cursor.fetchone()
    return (found if isinstance(found, list) else json.loads(found))[0]["Plan"]


def _scans(cursor):
    return Counter({table: scans for table, scans in cursor.execute(READ) if scans})


def nodes(plan):
    """Return the steps of a plan."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def indexes_of(node):
    """Return the indexes that a step reads, or by which it finds conflicts."""
    return [node["Index Name"]] if "Index Name" in node else node.get("Conflict Arbiter Indexes", [])


def rows(node):
    """Return how many rows a step processed: those that it returned, and those that it removed."""
    dropped = sum(count for name, count in node.items() if re.match(r"Rows Removed by", name))
    return (node["Actual Rows"] + dropped) * node["Actual Loops"]


def faults(plan, most=PAGE):
    """Return a sentence for each step that would be slow on a large table."""
    for node in nodes(plan):
        relation = node.get("Relation Name")
        if node["Node Type"] == "Seq Scan" and relation in LARGE:
            yield f"{relation} is read from end to end"
        if rows(node) > most:
            yield f"{node['Node Type']} of {relation or 'what came'} takes {rows(node):.0f} rows"
