"""Submissions through HTTP, with all records: in a closed loop, and in an open loop at half of its rate."""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from bench.bulk.database import Database
from bench.common.measure import CORES, Benchmark, BenchmarkError, Figures, latencies
from bench.grading import service
from bench.grading.answers import ANSWER, WRONG_ANSWER
from bench.grading.client import Connection, Send, closed_loop, open_loop
from project.judging.verdicts import Verdict

PART = "http"
CONNECTIONS = 4 * CORES
ONE, CLOSED = "closed loop, 1 connection", f"closed loop, {CONNECTIONS} connections"
OPEN = "open loop, at half of that rate"
OK, CREATED, ACCEPTED = 200, 201, 202
PAUSE_SECONDS = 0.02  # between two polls of a submission that is still being graded
COUNT = """
    SELECT to_json(counts) FROM (SELECT
        (SELECT count(*) FROM submissions WHERE state = 'done' AND verdict = 'accepted') AS accepted,
        (SELECT count(*) FROM submissions WHERE state = 'done' AND verdict = 'wrong_answer') AS wrong_answer,
        (SELECT count(*) FROM submissions) AS submissions,
        (SELECT coalesce(sum(attempts), 0) FROM scores) AS attempts,
        (SELECT count(*) FROM score_changes WHERE source = 'graded') AS changes,
        (
            SELECT count(*) FROM scores AS s WHERE correct IS DISTINCT FROM EXISTS (
                SELECT 1 FROM submissions WHERE user_id = s.user_id AND verdict = 'accepted'
            )
        ) AS wrong_scores,
        current_setting('server_version') AS postgresql
    ) AS counts
"""


class Load:
    """Submits answers, and counts the verdicts."""

    def __init__(self, server: service.Service) -> None:
        self._server = server
        self._database = Database(server)
        prepared = server.prepare_database()
        self._exercise: int = prepared["exercise_id"]
        self._tokens = itertools.cycle(prepared["tokens"])
        self._numbers = itertools.count()
        self._graded: Counter[str] = Counter()
        self._later = 0  # responses with 202
        self._rate = 0.0  # of the last closed loop, per second

    async def _send(self, connection: Connection) -> None:
        """Submit a new answer, right or wrong in turn, and check its verdict."""
        number = next(self._numbers)
        answer, verdict = ((ANSWER, Verdict.ACCEPTED), (WRONG_ANSWER, Verdict.WRONG_ANSWER))[number % 2]
        body = {"exercise_id": self._exercise, "answer": f"{answer}# {number}\n"}
        token = next(self._tokens)
        status, content = await connection.post("/submissions", token, body)
        self._later += status == ACCEPTED
        while status in {OK, ACCEPTED} and content["data"]["state"] != "done":
            await asyncio.sleep(PAUSE_SECONDS)
            status, content = await connection.get(f"/submissions/{content['data']['id']}", token)
        if status not in {OK, CREATED, ACCEPTED} or content["data"]["verdict"] != verdict:
            raise BenchmarkError(f"submission {number}: {status} {content}")
        self._graded[verdict] += 1

    def closed(self, connections: int, seconds: float) -> Figures:
        """Run a closed loop with so many connections."""
        figures = self._measured(partial(closed_loop, connections=connections), seconds)
        self._rate = figures["per_s"]
        return figures

    def half(self, seconds: float) -> Figures:
        """Run an open loop at half of the rate of the last closed loop."""
        return self._measured(partial(open_loop, per_second=self._rate / 2), seconds)

    def _measured(
        self, loop: Callable[[int, Send, float], Coroutine[Any, Any, list[float]]], seconds: float
    ) -> Figures:
        cpu, began = self._server.cpu_seconds(), time.perf_counter()
        self._later = 0
        times = asyncio.run(loop(self._server.port, self._send, seconds))
        elapsed, used = time.perf_counter() - began, self._server.cpu_seconds() - cpu
        self.check()
        return {
            **latencies(times),
            "per_s": len(times) / elapsed,
            "cpu_ms": 1000 * used / len(times),
            "later": 100 * self._later / len(times),
        }

    def check(self) -> str:
        """Check that the database has exactly the confirmed submissions; return PostgreSQL's version."""
        found = json.loads(self._database.run(COUNT))
        total = self._graded.total()
        confirmed = {
            "accepted": self._graded[Verdict.ACCEPTED],
            "wrong_answer": self._graded[Verdict.WRONG_ANSWER],
            "submissions": total,
            "attempts": total,
            "changes": total,
            "wrong_scores": 0,
        }
        if (recorded := {name: found[name] for name in confirmed}) != confirmed:
            raise BenchmarkError(f"recorded: {recorded}, but confirmed: {confirmed}")
        version: str = found["postgresql"]
        return version.split(maxsplit=1)[0]

    def check_first(self) -> str:
        """Submit one right and one wrong answer before the measurements; return PostgreSQL's version."""

        async def two() -> None:
            connection = Connection(self._server.port)
            await self._send(connection)
            await self._send(connection)
            await connection.close()

        asyncio.run(two())
        return self.check()


@contextmanager
def benchmarks() -> Iterator[tuple[list[Benchmark], str]]:
    """Return the benchmarks and PostgreSQL's version; their server runs until the end of the block."""
    with service.running() as server:
        load = Load(server)
        version = load.check_first()
        yield (
            [
                Benchmark(PART, ONE, partial(load.closed, 1)),
                Benchmark(PART, CLOSED, partial(load.closed, CONNECTIONS)),
                Benchmark(PART, OPEN, load.half),
            ],
            version,
        )
