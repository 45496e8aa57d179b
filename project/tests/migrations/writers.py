"""Those who go on writing while a database is migrated, as servers of an earlier version do."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from project.postgres.job_queue import conninfo
from project.tests.migrations import old_statements
from project.tests.servers import DEADLINE_SECONDS

# What a request may wait for a lock, and altogether: with less, a server answers it with 503.
WAITS = "-c lock_timeout=5s -c statement_timeout=10s"
EXERCISES = 5
MOST_WRITES = 3000  # of a writer


class Writer:
    """One who records scores and, where there are submissions, finishes them; for a learner of their own."""

    def __init__(self, url, user_id, seed, *, submits):
        self.connection = psycopg.connect(conninfo(url), autocommit=True, options=WAITS)
        self.user_id = user_id
        self.submits = submits
        self.random = random.Random(f"{seed} {user_id}")
        self.reported = Counter()
        self.finished = {}

    def write(self):
        """Do one write, and keep what was answered."""
        of = {"user_id": self.user_id, "exercise_id": self.random.randint(1, EXERCISES)}
        correct = self.random.random() < 0.5
        if self.submits and self.random.random() < 0.7:
            (number,) = self.connection.execute(old_statements.BEGIN, of).fetchone()
            values = {"id": number, "verdict": "accepted" if correct else "wrong_answer", "points": int(correct)}
            answered = self.connection.execute(old_statements.FINISH, values | {"policy": "best"}).fetchall()
            assert [row[0] for row in answered] == [number]
            self.finished[number] = of["exercise_id"]
        else:
            record = old_statements.RECORD if self.submits else old_statements.RECORD_BEFORE_SUBMISSIONS
            who = {"source": "self_reported", "recorded_by": self.user_id, "trusted": True, "policy": "all"}
            assert len(self.connection.execute(record, of | who | {"correct": correct}).fetchall()) == 1
            self.reported[of["exercise_id"]] += 1

    def count(self):
        return self.reported.total() + len(self.finished)


@contextmanager
def writing(url, seed, *, submits, writers=3):
    """Let so many write until the block ends; yields them. What one was refused is raised."""
    ended = threading.Event()
    all_of_them = [Writer(url, 1_000_000 + number, seed, submits=submits) for number in range(writers)]

    def go_on(writer):
        while not ended.is_set() and writer.count() < MOST_WRITES:
            writer.write()

    try:
        with ThreadPoolExecutor(writers) as threads:
            running = [threads.submit(go_on, writer) for writer in all_of_them]
            try:
                yield all_of_them
            finally:
                ended.set()
            for one in running:
                one.result(DEADLINE_SECONDS)
        for writer in all_of_them:
            writer.write()  # and afterwards
    finally:
        for writer in all_of_them:
            writer.connection.close()
