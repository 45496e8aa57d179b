"""The grading time that learners and addresses have used recently, and the places of their next submissions.

Each second in a slot sets the learner back by `USER_SETBACK` seconds in the queue, and all learners of the address by
`ADDRESS_SETBACK`. A setback is stored as the time at which it is over, so it decreases by itself. It is a row of the
table of rate limits, whose rows are deleted when their time is over.
"""

import ipaddress
import random
from dataclasses import dataclass
from typing import Any

from project.postgres.prepared import Statement, decoded, statement_pool

USER_SETBACK = 60.0
# The address of a school counts as thirty learners: each is set back by what an average one of them has used.
ADDRESS_SETBACK = USER_SETBACK / 30
LONGEST_SETBACK = 3600.0
# Learners who are set back by more get no slot of a web process while submissions of others are queued. This is the
# setback of one second in a slot.
LARGE_SETBACK = USER_SETBACK
# Less than this is added for a random sample of submissions only, so that most quick answers cost no write. The average
# is the same.
LEAST_SECONDS = 0.1
IPV6_PREFIX = 64  # of the network of one subscriber


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a submission, and the address from which; that is empty if it is no longer known."""

    id: int
    address: str = ""

    def keys(self) -> dict[str, str | None]:
        """Return the keys of the two setbacks, as parameters of the statements."""
        address = f"usage:address:{_network(self.address)}" if self.address else None
        return {"usage_key": f"usage:user:{self.id}", "address_key": address}


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False)) if found.version == 6 else address  # noqa: PLR2004


# By how many seconds a sender is set back. Parameters: those of `Sender.keys`.
SETBACK = """
    SELECT coalesce(sum(extract(epoch FROM ends_at - clock_timestamp())), 0) AS setback FROM rate_limits
    WHERE key IN (CAST(:usage_key AS text), CAST(:address_key AS text)) AND ends_at > clock_timestamp()
"""
# The same, after the time in a slot is added. One more parameter: slot_seconds.
SETBACK_THEN = f"""
    SELECT setback + CAST(:slot_seconds AS double precision) * {USER_SETBACK + ADDRESS_SETBACK} AS setback
    FROM ({SETBACK}) AS before
"""  # noqa: S608 - constants
# The priority of a job: the negative time at which the submission would be graded if each were graded at once, in
# seconds since 2026.
PRIORITY = """
    CAST(-extract(epoch FROM clock_timestamp() + make_interval(secs => setback) - timestamptz '2026-01-01') AS integer)
"""
OTHERS_WAIT = "EXISTS (SELECT 1 FROM submissions WHERE state = 'queued')"
IS_BEHIND = f"(setback > {LARGE_SETBACK} AND {OTHERS_WAIT})"
# Parameters: those of `used`. In the order of the keys, against deadlocks.
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
    """Return the parameters of the statements that add the time of a submission to what its sender has used."""
    seconds = wall_ms / 1000
    if seconds < LEAST_SECONDS:
        seconds = LEAST_SECONDS if random.random() < seconds / LEAST_SECONDS else 0.0  # noqa: S311 - a sample
    return {**sender.keys(), "slot_seconds": seconds}


def add(sender: Sender, wall_ms: float) -> None:
    """Add time in a slot that was not used for a submission."""
    values = used(sender, wall_ms)
    if values["slot_seconds"]:
        statement_pool().rows(_ADD, values)


def is_behind(sender: Sender) -> bool:
    """Whether others go first: the sender has used much, and submissions are queued."""
    ((found,),) = statement_pool().rows(_IS_BEHIND, sender.keys())
    return decoded(found) == "t"
