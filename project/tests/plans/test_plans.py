"""Frequent statements use indexes, and never read or sort more rows than the longest page has."""

import pytest
import sqlalchemy as sa

from project import db
from project.api.rejudges import queries as rejudging
from project.api.rejudges import tasks as rejudge_tasks
from project.api.scores import queries as scoring
from project.api.submissions import grading
from project.api.submissions import queries as submitting
from project.api.submissions.hand_in_statement import HAND_IN
from project.api.users.models import RevokedToken
from project.postgres.prepared import array, statement_pool
from project.tests.plans.large import BUSY
from project.tests.plans.plan import MODES, PAGE, Sent, do
from project.web import rate_limits
from project.web.idempotency import keys

# The first test creates the large database, which takes some ten seconds on an idle machine.
pytestmark = pytest.mark.timeout(300)

OWN_SCORES, OF_AN_EXERCISE, ONE_SCORE = (
    "ix_scores_user_id_id",
    "ix_scores_exercise_id_id",
    "uq_scores_user_id_exercise_id",
)
CALLER = {"pk_users", "pk_revoked_tokens"}
BOARD = {"ix_standings_board_id_descending_reached_at_user_id", "pk_standings", "pk_users"}

# The caller, the request, and the indexes that it must use. `busy` has thousands of scores and submissions.
READS = [
    ("learner", "GET /ping", CALLER),
    ("learner", "GET /scores/{score}", {"pk_scores"}),
    ("learner", "GET /scores/{score}/history", {"ix_score_changes_score_id_id"}),
    ("learner", "GET /scores/user", {OWN_SCORES, *CALLER}),
    ("busy", "GET /scores/user", {OWN_SCORES, *CALLER}),
    ("busy", "GET /scores/user?cursor={late}", {OWN_SCORES}),
    ("busy", "GET /scores/user?exercise_id={exercise}", {ONE_SCORE}),
    ("busy", "GET /scores/user?correct=true", {OWN_SCORES}),
    ("busy", "GET /scores/user?correct=true&cursor={late}", {OWN_SCORES}),
    ("learner", "GET /scores/user/{score}", {OWN_SCORES}),
    ("learner", "GET /scores", {"pk_scores"}),
    ("learner", "GET /scores?cursor={deep}", {"pk_scores"}),
    ("learner", "GET /scores?cursor={deep}&correct=true", {"pk_scores"}),
    ("learner", "GET /scores?exercise_id={exercise}", {OF_AN_EXERCISE}),
    ("learner", "GET /scores?exercise_id={exercise}&cursor={deep}", {OF_AN_EXERCISE}),
    ("learner", "GET /scores?user_id=17&cursor={late}", {OWN_SCORES}),
    ("learner", "GET /leaderboard", BOARD),
    ("learner", "GET /leaderboard?cursor={place}", BOARD),
    ("learner", "GET /leaderboard?exercise_set=week", BOARD),
    ("learner", "GET /leaderboard?exercise_ids={set}", BOARD),
    ("learner", "GET /leaderboard/me", BOARD),
    ("learner", "GET /leaderboard/me?exercise_set=week", BOARD),
    ("learner", "GET /progress/user", {"uq_score_changes_user_id_submission_id"}),
    ("learner", "GET /exercises", {"pk_exercises"}),
    ("learner", "GET /exercises/{exercise}", {"pk_exercises"}),
    ("learner", "GET /exercises?slug=exercise-77", {"uq_exercises_slug"}),
    ("learner", "GET /exercises/stats", {"pk_exercise_counts"}),
    ("learner", "GET /exercises/{exercise}/stats", {"pk_exercise_counts"}),
    ("busy", "GET /submissions", {"ix_submissions_user_id_id"}),
    ("busy", "GET /submissions?exercise_id={exercise}", {"ix_submissions_user_id_exercise_id_id"}),
    ("learner", "GET /submissions/{submission}", {"pk_submissions"}),
    ("admin", "GET /submissions", {"pk_submissions"}),
    ("admin", "GET /submissions?exercise_id={exercise}", {"ix_submissions_exercise_id_id"}),
    ("admin", "GET /submissions?user_id=17", {"ix_submissions_user_id_id"}),
    ("admin", "GET /rejudges/2/changes", {"pk_rejudge_changes"}),
    ("learner", "GET /users", {"pk_users"}),
]

NEW, SAME = {"exercise_id": 10_000_000, "correct": True}, {"exercise_id": "exercise", "correct": True}
WRITES = [
    ("PATCH /scores", NEW, {}, {ONE_SCORE, "pk_rate_limits", *CALLER}),
    ("PATCH /scores", SAME, {}, {ONE_SCORE, "pk_rate_limits", "pk_exercises", *CALLER}),
    ("PATCH /scores", SAME, {"Idempotency-Key": "plans"}, {ONE_SCORE, "pk_idempotency_keys", *CALLER}),
    ("PUT /scores/{score}", SAME, {}, {"pk_exercises", "pk_rate_limits", *CALLER}),
]

GRADED = {"verdict": "accepted", "policy": "best", "points": 1, "max_points": 1, "cases": "[]", "limits": "{}"}
GRADED |= {"diagnostics": "[]", "compilation": None}
HANDED_IN = {"exercise_id": 1, "answer": "", "language": None, "languages": "{python}", "allowed": 2, "lease": 9}
HANDED_IN |= {"queue_seconds": 60, "files": None}
USAGE = {"usage_key": f"usage:user:{BUSY}", "address_key": "usage:address:127.0.0.1"}
CALL = {"holder": BUSY, "role": "learner", "issued_at": 0, "token_id": None, "limit_key": "k", "window": 60, "most": 9}
MEASURED = {"isolation_level": 3, "cpu_ms": 1.0, "wall_ms": 1.0}
ADDED = {"user_id": 5, "exercise_id": 10_000_001, "correct": True, "source": "self_reported", "recorded_by": 5}
RIGHTS = {"trusted": False, "policy": "ungraded", "unlisted_count": False}
FETCH_JOB = sa.text("SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)")
FOLD = Sent("SELECT fold_summaries(2000)", ())


def forget_revoked_tokens(_):
    db.session.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < sa.func.now()))


def execute(statement, **values):
    """Return what runs a statement with these values, or those that are known of the site under these names."""

    def work(site):
        known = {name: site.known[value] for name, value in values.items() if value in ("queued", "running")}
        db.session.execute(statement, values | known)

    return work


# The statements of workers and of housekeeping, and the indexes that they must use.
TASKS = {
    "a score is added": (execute(scoring.ADD.text, **ADDED, **RIGHTS), {"pk_exercises"}),
    "a submission is handed in": (
        execute(HAND_IN.text, **HANDED_IN, **CALL, **USAGE),
        {"uq_submissions_user_id_slot", "pk_exercises", "pk_rate_limits"},
    ),
    "a submission is taken": (execute(submitting.CLAIM, id="queued", run=1, lease=9), {"pk_submissions"}),
    "a submission is graded": (
        execute(submitting.FINISH.text, id="running", run=1, **GRADED, **MEASURED, **USAGE, slot_seconds=0.5),
        {"pk_submissions", ONE_SCORE},
    ),
    "lost submissions are looked for": (lambda _: grading.sweep(), {"uq_submissions_user_id_slot"}),
    "a learner's lost submissions are looked for": (lambda _: grading.sweep(BUSY), {"uq_submissions_user_id_slot"}),
    "those that wait are counted": (execute(submitting.WAITING), {"uq_submissions_user_id_slot"}),
    "a job is taken": (execute(FETCH_JOB), set()),  # by a function, whose plan does not show
    "the next submission is rejudged": (
        execute(rejudging.NEXT, id=2, exercise_id=2, created_at="now"),
        {"ix_submissions_exercise_id_id", "pk_rejudge_results"},
    ),
    "a rejudge finds what would change": (
        execute(rejudging.FIND_CHANGES, id=3),
        {"pk_rejudge_results", "pk_submissions", ONE_SCORE},
    ),
    "a rejudge is applied": (
        execute(rejudging.APPLY, id=4, recorded_by=1),
        {"pk_rejudge_changes", "pk_scores"},
    ),
    "lost rejudges are looked for": (lambda _: rejudge_tasks.sweep(), set()),
    "used windows are forgotten": (
        lambda _: statement_pool().rows(rate_limits._CLEAN, {}),  # noqa: SLF001 - one request in 500 sends it
        {"ix_rate_limits_ends_at"},
    ),
    "old answers are forgotten": (
        execute(keys._CLEAN),  # noqa: SLF001 - one request in 50 sends it
        {"ix_idempotency_keys_expires_at"},
    ),
    "expired tokens are forgotten": (forget_revoked_tokens, {"ix_revoked_tokens_expires_at"}),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("who", "request_line", "indexes"), READS)
def test_reads_use_indexes(site, monkeypatch, who, request_line, indexes, mode):
    done = site.done_for(monkeypatch, mode, lambda: site.call(request_line, who=who))
    assert done.faults() == []
    assert done.indexes() >= indexes


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("request_line", "body", "headers", "indexes"), WRITES)
def test_writes_use_indexes(site, monkeypatch, request_line, body, headers, indexes, mode):
    done = site.done_for(monkeypatch, mode, lambda: site.call(request_line, body, **headers))
    assert done.faults() == []
    assert done.indexes() >= indexes


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", TASKS)
def test_tasks_of_workers_use_indexes(site, monkeypatch, task, mode):
    work, indexes = TASKS[task]
    done = site.done_for(monkeypatch, mode, lambda: work(site))
    assert done.faults() == []
    assert done.indexes() >= indexes


# What several threads ask together, and the values of two of them.
TOGETHER = {
    "scores": (scoring.SCORE, {"id": [7, 100_000]}, {"pk_scores"}),
    "a page": (scoring.page_of_scores("cursor"), {"rows": [51, 101], "cursor": [100, 150_000]}, {"pk_scores"}),
    "pages of learners": (
        scoring.page_of_scores("user_id", "cursor"),
        {"rows": [51, 101], "user_id": [17, BUSY], "cursor": [0, 100_000]},
        {OWN_SCORES},
    ),
    "pages of exercises": (
        scoring.page_of_scores("exercise_id"),
        {"rows": [51, 101], "exercise_id": [7, 8]},
        {OF_AN_EXERCISE},
    ),
    "own pages": (
        scoring.page_of_scores("holder"),
        {"rows": [51, 101], "holder": [17, BUSY], "issued_at": [2**33] * 2, "token_id": [None] * 2},
        {OWN_SCORES, *CALLER},
    ),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("statement", "values", "indexes"), TOGETHER.values(), ids=TOGETHER)
def test_batched_reads_use_indexes(site, statement, values, indexes, mode):
    together = statement.batched
    sent = Sent(together.numbered.decode(), tuple(array(values[name]) for name in together.parameters))
    done = do(site.connection, [sent], mode)
    assert done.faults(2 * PAGE) == []
    assert done.indexes() >= indexes


@pytest.mark.parametrize("mode", MODES)
def test_folding_does_not_scan_a_large_table(site, mode):
    # Only this connection may fold. What its function does shows in the tables' counters.
    assert do(site.connection, [FOLD], mode).faults() == []


def test_the_check_finds_a_page_without_its_index(site):
    page = Sent(scoring.page_of_scores("owner").numbered.decode(), (101, BUSY))
    for mode in MODES:
        assert do(site.connection, [page], mode).faults() == []
        with site.connection.transaction(force_rollback=True):
            site.connection.execute("DROP INDEX ix_scores_user_id_id")
            assert any("of scores takes" in fault for fault in do(site.connection, [page], mode).faults())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM users WHERE email = 'learner5@example.org'",
        "DELETE FROM rate_limits WHERE ends_at < clock_timestamp()",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM exercises WHERE title = 'none')",
    ],
)
def test_the_check_finds_a_scan_of_a_large_table(site, text):
    assert any("from end to end" in fault for fault in do(site.connection, [Sent(text, ())], MODES[0]).faults())


def test_the_check_finds_a_scan_inside_a_function(site):
    with site.connection.transaction(force_rollback=True):
        site.connection.execute("""
            CREATE FUNCTION looks() RETURNS bigint LANGUAGE sql VOLATILE AS
            'SELECT count(*) FROM submissions WHERE answer = md5(random()::text)'
        """)
        done = do(site.connection, [Sent("SELECT looks()", ())], MODES[0])
    assert done.faults() == ["submissions is read from end to end"]


def test_the_check_finds_a_sort_of_many_rows(site):
    many = Sent("SELECT id FROM scores WHERE user_id = $1 ORDER BY updated_at LIMIT 10", (BUSY,))
    assert any("of scores takes 1500 rows" in fault for fault in do(site.connection, [many], MODES[0]).faults())
