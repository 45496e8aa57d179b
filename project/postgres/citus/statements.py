"""The SQL that distributes a database, by the plan."""

from collections.abc import Iterator

from project.postgres.citus.functions import FUNCTIONS
from project.postgres.citus.plan import PLAN, Table, TableKind

# The table that the others with `user_id` are colocated with.
COLOCATED_WITH = "scores"


def statements(shards: int) -> Iterator[str]:
    """Yield the statements, for one transaction."""
    for name, table in PLAN.items():
        yield from _keys(name, table)
    yield from (function.strip() for function in FUNCTIONS)
    # The triggers write only on the node of the row that they run for, which Citus cannot check.
    yield "SET LOCAL citus.enable_unsafe_triggers = on"
    yield f"SET LOCAL citus.shard_count = {shards:d}"
    for name, table in PLAN.items():
        if table.kind is TableKind.REFERENCE:
            yield f"SELECT create_reference_table('{name}')"
    for name, table in PLAN.items():
        if table.kind is TableKind.DISTRIBUTED:
            colocated_with = (
                "default" if name == COLOCATED_WITH else COLOCATED_WITH if table.column == "user_id" else "none"
            )
            yield f"SELECT create_distributed_table('{name}', '{table.column}', colocate_with => '{colocated_with}')"


def _keys(name: str, table: Table) -> Iterator[str]:
    if table.primary_key:
        columns = ", ".join(table.primary_key)
        yield f"ALTER TABLE {name} DROP CONSTRAINT pk_{name}, ADD CONSTRAINT pk_{name} PRIMARY KEY ({columns})"
    if table.index:
        yield f"CREATE INDEX ix_{name}_{'_'.join(table.index)} ON {name} ({', '.join(table.index)})"
