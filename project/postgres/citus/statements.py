"""The SQL that distributes a database, made of the plan."""

from collections.abc import Iterator

from project.postgres.citus.functions import FUNCTIONS
from project.postgres.citus.plan import PLAN, Place, Table

# What the others of the same learner lie beside.
FIRST = "scores"


def statements(shards: int) -> Iterator[str]:
    """Yield the statements, for one transaction."""
    for name, table in PLAN.items():
        yield from _keys(name, table)
    yield from (function.strip() for function in FUNCTIONS)
    # They write only beside the row that they are called for, which is what Citus cannot check.
    yield "SET LOCAL citus.enable_unsafe_triggers = on"
    yield f"SET LOCAL citus.shard_count = {shards:d}"
    for name, table in PLAN.items():
        if table.place is Place.REFERENCE:
            yield f"SELECT create_reference_table('{name}')"
    for name, table in PLAN.items():
        if table.place is Place.DISTRIBUTED:
            beside = "default" if name == FIRST else FIRST if table.column == "user_id" else "none"
            yield f"SELECT create_distributed_table('{name}', '{table.column}', colocate_with => '{beside}')"


def _keys(name: str, table: Table) -> Iterator[str]:
    if table.primary_key:
        columns = ", ".join(table.primary_key)
        yield f"ALTER TABLE {name} DROP CONSTRAINT pk_{name}, ADD CONSTRAINT pk_{name} PRIMARY KEY ({columns})"
    if table.index:
        yield f"CREATE INDEX ix_{name}_{'_'.join(table.index)} ON {name} ({', '.join(table.index)})"
