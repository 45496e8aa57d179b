"""The summaries agree with the scores, whatever is written, by however many writers at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
import sqlalchemy as sa

from project import db
from project.api.summaries import tasks

WRITERS = 6
TRANSACTIONS = 40
USERS = 12
EXERCISES = 8

UPSERT = """
    INSERT INTO scores (user_id, exercise_id, correct, attempts)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[], %s::integer[]) ORDER BY 1, 2
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        correct = excluded.correct, attempts = scores.attempts + 1, change_id = excluded.change_id
"""
STATEMENTS = (
    ("UPDATE scores SET correct = NOT correct WHERE user_id = %s", 1),
    ("UPDATE scores SET attempts = attempts + 1 WHERE user_id = %s", 1),
    ("UPDATE scores SET created_at = created_at - interval '1 day', solved_at = NULL WHERE user_id = %s", 1),
    ("UPDATE scores SET source = source WHERE user_id = %s", 1),
    ("DELETE FROM scores WHERE user_id = %s", 1),
    ("UPDATE scores SET user_id = user_id + 1000 WHERE user_id = %s", 1),
    ("DELETE FROM scores WHERE user_id > 1000", 0),
    ("SELECT fold_summaries(%s)", 1),
)


def run_statement(connection, rng):
    """Run one statement that a writer may run."""
    if rng.random() < 0.6:
        every_pair = [(user, exercise) for user in range(USERS) for exercise in range(EXERCISES)]
        pairs = rng.sample(every_pair, rng.choice([1, 1, 1, 2, 8, 40]))
        values = [list(column) for column in zip(*pairs, strict=True)]
        flags, attempts = [rng.random() < 0.6 for _ in pairs], [rng.randrange(4) for _ in pairs]
        connection.execute(UPSERT, [*values, flags, attempts])
    else:
        statement, count = rng.choice(STATEMENTS)
        connection.execute(statement, [rng.randrange(USERS)] * count)


def write(url, level, seed):
    """Run transactions of random statements; some are rolled back, and some end with their connection.

    The statements of a transaction depend on the seed and on its number only, and so does when PostgreSQL folds. How
    the transactions of several writers overlap is the one thing that a seed does not repeat.
    """
    connection = psycopg.connect(url)
    try:
        for number in range(TRANSACTIONS):
            rng = random.Random(f"{seed} {number}")
            try:
                connection.isolation_level = level
                connection.execute("SELECT setseed(%s)", [rng.uniform(-1, 1)])
                for _ in range(rng.choice([1, 1, 1, 3])):
                    run_statement(connection, rng)
                if rng.random() < 0.05:
                    with suppress(psycopg.Error):
                        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                elif rng.random() < 0.2:
                    connection.rollback()
                else:
                    connection.commit()
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                connection.rollback()  # several statements in a transaction may meet crosswise
            except psycopg.errors.UniqueViolation:
                connection.rollback()  # another user has been given that score
            if connection.closed:
                connection = psycopg.connect(url)
    finally:
        connection.close()


@pytest.fixture
def url(app):
    with app.app_context():
        return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def two_sets(change):
    for number, name in ((1, "few"), (2, "most")):
        change("INSERT INTO exercise_sets (id, name) VALUES (:id, :name)", id=number, name=name)
        for exercise in range(number, EXERCISES, 3 - number):
            change("INSERT INTO exercise_set_members VALUES (:exercise, :id)", exercise=exercise, id=number)
        change("SELECT rebuild_board(:id)", id=number)


def test_the_summaries_agree_with_the_scores_after_concurrent_writes(url, two_sets, check, rng):
    levels = [None, None, None, None, psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
    with ThreadPoolExecutor(WRITERS) as threads:
        for ended in [threads.submit(write, url, level, rng.getrandbits(32)) for level in levels]:
            ended.result()
    assert check() == (0, "0 differences\n")


def test_boards_and_summaries_can_be_rebuilt_during_writes(url, two_sets, change, check, rng):
    with ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(write, url, None, rng.getrandbits(32)) for _ in range(3)]
        while not all(writer.done() for writer in writers):
            change("SELECT rebuild_board(1)")
            change("SELECT rebuild_summaries()")
        for ended in writers:
            ended.result()
    assert check() == (0, "0 differences\n")


def test_a_statement_may_write_the_scores_of_thousands_of_learners(app, change, check, rows, two_sets):
    change(
        "INSERT INTO scores (user_id, exercise_id, correct)"
        " SELECT n, 1 + n % 2, n % 5 > 0 FROM generate_series(1, 9000) n"
    )
    change("UPDATE scores SET correct = NOT correct WHERE user_id % 3 = 0")
    change("DELETE FROM scores WHERE user_id % 7 = 0")
    assert check() == (0, "0 differences\n")
    assert rows("SELECT count(*) > 3 AS cut FROM rank_ranges WHERE board_id = 0") == [{"cut": True}]


RANK = (
    "SELECT 1 + count(*) AS rank FROM standings WHERE board_id = 0 AND (descending, reached_at, user_id) < (-1, :at, 0)"
)


# Ranges are joined in one call of ten, at random; the seed decides which.
BALANCE_OFTEN = """
    DO $$ BEGIN
        PERFORM setseed(0.5);
        FOR n IN 1..60 LOOP PERFORM balance_rank_ranges(); END LOOP;
    END $$
"""
INSERT_ONE_BY_ONE = """
    DO $$ BEGIN
        PERFORM setseed(0.5);
        FOR n IN 1..6000 LOOP INSERT INTO scores (user_id, exercise_id, correct) VALUES (n, 1, true); END LOOP;
    END $$
"""


def fold_all(change):
    """Fold all that is pending, in portions so small that no statement reaches its time limit."""
    for _ in range(13):
        change("SELECT fold_summaries(5000)")


@pytest.mark.timeout(300)  # its 60,000 scores take 10 s, and far longer while the disk is busy
def test_a_rank_among_many_learners_is_a_sum_of_blocks(client, learner, change, check, rows):
    many = "SELECT n, 1, true, timestamptz '2026-01-01' + n * interval '1 s' FROM generate_series(1000000, 1059999) n"
    change(f"INSERT INTO scores (user_id, exercise_id, correct, created_at) {many}")
    at = rows("SELECT created_at AS at FROM scores WHERE user_id = 1047000")[0]["at"]
    change(
        "INSERT INTO scores (user_id, exercise_id, correct, created_at) VALUES (:id, 1, true, :at)",
        id=learner.id,
        at=at,
    )
    fold_all(change)
    assert rows("SELECT count(*) >= 3 AS cut FROM rank_blocks WHERE board_id = 0") == [{"cut": True}]
    change("UPDATE rank_blocks SET user_id = user_id + 1 WHERE descending > -2147483648")
    status, output = check()
    assert (status, "no range that begins there" in output) == (1, True), output
    change("SELECT rebuild_summaries()")
    for kept in (60_000, 57_000, 500):
        change("DELETE FROM scores WHERE user_id % 60000 < :gone AND user_id >= 1000000", gone=60_000 - kept)
        fold_all(change)
        change(BALANCE_OFTEN)
        assert check() == (0, "0 differences\n")
        expected = rows(RANK, at=at)[0]["rank"]
        assert client.get("/leaderboard/me", headers=learner.headers).json["data"]["rank"] == expected
    assert rows("SELECT count(*) AS n FROM rank_blocks WHERE board_id = 0") == [{"n": 1}]


READ = """
    SELECT relname, seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables
    WHERE seq_tup_read + idx_tup_fetch > 300_000
"""


@pytest.mark.parametrize("learners", [1, 6])
def test_plans_made_for_an_empty_database_read_few_rows_of_a_large_one(url, two_sets, learners):
    with psycopg.connect(url, autocommit=True) as connection:
        for user in range(learners):
            connection.execute(UPSERT, [[user], [1], [True], [0]])
            connection.execute("SELECT fold_summaries(100)")
        for table in ("scores", "standings", "pending_changes", "rank_ranges", "rank_blocks", "exercise_set_members"):
            connection.execute(f"VACUUM (ANALYZE) {table}")
        for number in range(8):  # from the sixth on, a plan is kept
            connection.execute(UPSERT, [[0], [1], [number % 2 > 0], [0]])
            connection.execute("SELECT fold_summaries(100)")
        many = "SELECT n, 1, true FROM generate_series(1000, 7000) AS n"
        connection.execute(f"INSERT INTO scores (user_id, exercise_id, correct) {many}")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM scores WHERE user_id BETWEEN 2000 AND 4000")
        connection.execute("SELECT fold_summaries(100000)")
        assert connection.execute(READ).fetchall() == []
        connection.execute("COMMIT")


def test_some_writes_of_single_rows_fold_what_is_pending(change, check, rows):
    change(INSERT_ONE_BY_ONE)
    assert rows("SELECT count(*) < 5900 AS folded FROM pending_changes") == [{"folded": True}]
    assert check() == (0, "0 differences\n")


def test_truncate_empties_the_summaries(change, check, rows, two_sets):
    change("INSERT INTO scores (user_id, exercise_id, correct) SELECT n, 1, true FROM generate_series(1, 300) n")
    change("TRUNCATE scores")
    left = "SELECT FROM pending_changes UNION ALL SELECT FROM standings UNION ALL SELECT FROM rank_ranges"
    assert rows(f"{left} UNION ALL SELECT FROM exercise_counts") == []
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true)")
    assert check() == (0, "0 differences\n")


def test_an_update_without_effect_on_the_summaries_adds_no_pending_change(change, rows):
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true)")
    before = rows("SELECT * FROM pending_changes")
    change("UPDATE scores SET source = 'graded', correct = true")
    assert rows("SELECT * FROM pending_changes WHERE user_id = 1") == [row for row in before if row["user_id"] == 1]


BREAKS = [
    ("standings", "UPDATE standings SET solved = solved + 1 WHERE user_id = 7 AND board_id = 0"),
    ("standings", "UPDATE standings SET reached_at = reached_at - interval '1 second' WHERE user_id = 7"),
    ("standings", "DELETE FROM standings WHERE user_id = 7 AND board_id = 1"),
    ("standings", "INSERT INTO standings (board_id, user_id, solved, reached_at) VALUES (0, 77777, 1, now())"),
    ("standings", "INSERT INTO pending_changes VALUES (7, 1, 0, now(), 1, 1)"),
    ("rank_ranges", "UPDATE rank_ranges SET learners = learners - 1 WHERE board_id = 0"),
    ("rank_ranges", "DELETE FROM rank_ranges WHERE board_id = 0"),
    ("rank_blocks", "UPDATE rank_blocks SET learners = learners + 1 WHERE board_id = 0"),
    ("rank_blocks", "DELETE FROM rank_blocks WHERE board_id = 0"),
    ("exercise_counts", "UPDATE exercise_counts SET learners = learners + 1 WHERE exercise_id = 1"),
    ("exercise_counts", "UPDATE exercise_counts SET solved = 0 WHERE exercise_id = 1"),
    ("exercise_counts", "DELETE FROM exercise_counts WHERE exercise_id = 1"),
    ("exercise_counts", "INSERT INTO exercise_counts VALUES (1, 99, 1, 0)"),
]


@pytest.mark.parametrize(("what", "statement"), BREAKS, ids=[statement for _, statement in BREAKS])
def test_check_finds_and_repairs_a_summary_that_was_changed_by_hand(change, check, two_sets, what, statement):
    change(
        "INSERT INTO scores (user_id, exercise_id, correct) SELECT n % 50, n / 50, true FROM generate_series(1, 200) n"
    )
    assert check() == (0, "0 differences\n")
    change(statement)
    status, output = check()
    assert (status, f"\n{what}: " in f"\n{output}") == (1, True), output
    status, output = check("--repair")
    assert (status, output.splitlines()[-1]) == (0, "0 differences")
    assert check() == (0, "0 differences\n")


def test_check_finds_but_does_not_repair_a_score_that_differs_from_its_ledger(change, check):
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true), (2, 1, true), (3, 1, true)")
    change("ALTER TABLE scores DISABLE TRIGGER USER")
    change("UPDATE scores SET points = 5 WHERE user_id = 1")
    change("DELETE FROM scores WHERE user_id = 2")
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (4, 1, false)")
    change("ALTER TABLE scores ENABLE TRIGGER USER")
    status, output = check()
    assert (status, "scores: 3 differences" in output) == (1, True), output
    status, output = check("--repair")
    assert (status, output.splitlines()[-2:]) == (1, ["scores: 3 differences", "3 differences"])


def test_check_lists_twenty_differences_and_counts_the_rest(change, check):
    change("INSERT INTO scores (user_id, exercise_id, correct) SELECT n, 1, true FROM generate_series(1, 300) n")
    assert check() == (0, "0 differences\n")
    change("UPDATE standings SET solved = 9, reached_at = now() WHERE user_id < 300")
    _, output = check()
    assert sum(line.startswith("standings: board") for line in output.splitlines()) == 20
    assert "standings: 299 differences" in output


def test_writers_for_one_learner_do_not_wait_for_each_other(connect):
    first, second = connect(), connect()
    statement = sa.text("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, :exercise, true)")
    second.execute(sa.text("SET lock_timeout = '10s'"))
    first.execute(statement, {"exercise": 1})
    first.execute(sa.text("SELECT fold_summaries(10)"))
    second.execute(statement, {"exercise": 2})
    second.execute(sa.text("SELECT fold_summaries(10)"))
    second.commit()
    first.commit()


def test_a_worker_folds_all_that_is_pending(app, change, rows, check):
    change("INSERT INTO scores (user_id, exercise_id, correct) VALUES (1, 1, true)")
    with app.app_context():
        tasks.fold()
    assert rows("SELECT * FROM pending_changes") == []
    assert check() == (0, "0 differences\n")
