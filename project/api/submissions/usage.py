"""What learners and addresses have used of the grading time lately, and what follows for their next submissions.

A second of a slot that was used sets its learner back by `USER_SETBACK` seconds in the queue, and all learners of its
address by `ADDRESS_SETBACK`. A setback is kept as the time at which it is over, so it shrinks by itself. It stands in
the table of the rate limits, whose rows are forgotten when their time is over.
"""

import ipaddress
import random
from dataclasses import dataclass
from typing import Any

from project.postgres.prepared import Statement, decoded, statement_pool

USER_SETBACK = 60.0
# A school's address counts as thirty learners: together they are set back by what an average one of these used.
ADDRESS_SETBACK = USER_SETBACK / 30
LONGEST_SETBACK = 3600.0
# Who is set back by more takes no slot of a web process while submissions of others are queued: a second of a slot.
LARGE_SETBACK = USER_SETBACK
# Less is added for one submission in so many only, so that quick answers, which are most, cost no write: on average, it
# is the same.
LEAST_SECONDS = 0.1
IPV6_PREFIX = 64  # of a network that one subscriber has


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a submission, and the address from which; that is empty if it is no longer known."""

    id: int
    address: str = ""

    def keys(self) -> dict[str, str | None]:
        """Return the keys of the two setbacks, as the statements take them."""
        address = f"usage:address:{_network(self.address)}" if self.address else None
        return {"usage_key": f"usage:user:{self.id}", "address_key": address}


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False)) if found.version == 6 else address  # noqa: PLR2004


# The seconds by which one is set back. Takes what `Sender.keys` returns.
SETBACK = """
    SELECT coalesce(sum(extract(epoch FROM ends_at - clock_timestamp())), 0) AS setback FROM rate_limits
    WHERE key IN (CAST(:usage_key AS text), CAST(:address_key AS text)) AND ends_at > clock_timestamp()
"""
# The same, when the time of a slot is added. Takes `slot_seconds` as well.
SETBACK_THEN = f"""
    SELECT setback + CAST(:slot_seconds AS double precision) * {USER_SETBACK + ADDRESS_SETBACK} AS setback
    FROM ({SETBACK}) AS before
"""  # noqa: S608 - constants
# The seconds from 2026 on at which it would be a submission's turn if each were graded at once, as a job's priority.
PRIORITY = """
    CAST(-extract(epoch FROM clock_timestamp() + make_interval(secs => setback) - timestamptz '2026-01-01') AS integer)
"""
OTHERS_WAIT = "EXISTS (SELECT 1 FROM submissions WHERE state = 'queued')"
IS_BEHIND = f"(setback > {LARGE_SETBACK} AND {OTHERS_WAIT})"
# Takes what `used` returns. By key, so that two at the same time do not wait for each other.
_USED = f"""
    INSERT INTO rate_limits AS r (key, hits, ends_at)
    SELECT key, 1, clock_timestamp() + make_interval(secs => seconds)
    FROM (VALUES
        (CAST(:address_key AS text), CAST(:slot_seconds AS double precision) * {ADDRESS_SETBACK}),
        (CAST(:usage_key AS text), CAST(:slot_seconds AS double precision) * {USER_SETBACK})
    ) AS used (key, seconds) {{of}}
    WHERE key IS NOT NULL AND seconds > 0
    ON CONFLICT (key) DO UPDATE SET
        hits = r.hits + 1,
        ends_at = least(
            greatest(r.ends_at, clock_timestamp()) + (excluded.ends_at - clock_timestamp()),
            clock_timestamp() + make_interval(secs => {LONGEST_SETBACK})
        )
"""  # noqa: S608 - constants
ADD_FOR_FINISHED = _USED.format(of="CROSS JOIN finished")
_ADD = Statement(f"{_USED.format(of='')} RETURNING 1")
_IS_BEHIND = Statement(f"SELECT {IS_BEHIND} FROM ({SETBACK}) AS own")  # noqa: S608 - constants


def used(sender: Sender, wall_ms: float) -> dict[str, Any]:
    """Return what the statements take that add the time of a submission to what its learner has used."""
    seconds = wall_ms / 1000
    if seconds < LEAST_SECONDS:
        seconds = LEAST_SECONDS if random.random() < seconds / LEAST_SECONDS else 0.0  # noqa: S311 - a sample
    return {**sender.keys(), "slot_seconds": seconds}


def add(sender: Sender, wall_ms: float) -> None:
    """Add time of a slot that was used for no submission."""
    values = used(sender, wall_ms)
    if values["slot_seconds"]:
        statement_pool().rows(_ADD, values)


def is_behind(sender: Sender) -> bool:
    """Whether others go first: the learner has used much, and submissions are queued."""
    return decoded(statement_pool().rows(_IS_BEHIND, sender.keys())[0][0]) == "t"
