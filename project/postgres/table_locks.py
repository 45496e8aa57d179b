"""The order in which tables are locked.

A statement locks each table that it names when it is parsed, and its triggers lock theirs when they run: finishing a
submission locks `submissions`, then `scores`, then `score_changes`. A migration that locks some of them in another
order waits for a grader that waits for the migration: a deadlock, in which PostgreSQL ends one of the two.
"""

# Each transaction that locks more than one of these tables does so in this order. For other tables there is none: some
# statements lock `scores` before `exercises`, some after. A migration that needs two of those has two transactions.
LOCK_ORDER = ("submissions", "scores", "score_changes", "pending_changes")


def lock_statement(*tables: str, mode: str = "ACCESS EXCLUSIVE") -> str:
    """Return the statement that locks these tables, in the order in which everybody does.

    `ACCESS EXCLUSIVE` is what ALTER TABLE needs; `SHARE ROW EXCLUSIVE` keeps writers out, and lets others read.
    """
    unordered = sorted(set(tables) - set(LOCK_ORDER)) if len(tables) > 1 else []
    if unordered:
        raise ValueError(f"Lock these in a migration of their own, they have no place in LOCK_ORDER: {unordered}.")
    ordered = [table for table in LOCK_ORDER if table in tables] or list(tables)
    return f"LOCK TABLE {', '.join(ordered)} IN {mode} MODE"
