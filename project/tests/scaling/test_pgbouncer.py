"""Several server processes behind a PgBouncer that pools transactions, and all that they do."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import flask_migrate
import pytest
import urllib3

from project import create_app
from project.postgres.database import dispose_all
from project.settings.declarations import postgresql_url
from project.tests.nested import run_tests
from project.tests.scaling.central import CENTRAL_TESTS
from project.tests.scaling.distributed import STAND_INS, query, run_distribute
from project.tests.scaling.pgbouncer import need_pgbouncer, running_pgbouncer, url
from project.tests.servers import DEADLINE_SECONDS, call, run_python, running_server, wait_for
from project.tests.submissions.conftest import GOOD
from project.tests.test_server import PASSWORD_LINE, STAGING, log_in

# The first of them waits for databases and servers to start.
pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

LEARNERS = 8
CLIENTS = 12  # four times the connections of the pool
ROUNDS = 6
SLEEPY = "import time\ntime.sleep(0.5)\n" + GOOD


@pytest.fixture(scope="module")
def pooler(postgres, tmp_path_factory):
    """The settings of a service behind PgBouncer."""
    need_pgbouncer()
    with postgres.connect("postgres") as connection:  # these tests are not about what survives a power failure
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
    with running_pgbouncer(postgres, postgres.home.parent) as pooled:
        direct = url(postgres.socket_directory)
        # PgBouncer 1.18, Debian 12's, keeps no prepared statements.
        yield {
            "DATABASE_URL": pooled,
            "DATABASE_SESSION_URL": direct,
            "DATABASE_PREPARES": "false",
            "APP_SETTINGS": STAGING.replace("Staging", "Production"),
            "SECRET_KEY": "0123456789abcdef" * 2,
            "PASSWORD_HASH_MEMORY_KIB": "64",
            "WORKER_PROCESSES": "1",
            "GRADING_SLOTS": "1",
            "SWEEP_SECONDS": "0.5",
            "RATELIMIT_ENABLED": "false",
        }


@pytest.fixture(scope="module")
def service(pooler, tmp_path_factory):
    """A server of two processes, started on an empty database through PgBouncer."""
    directory = tmp_path_factory.mktemp("pooled")
    with running_server(directory, "--seed", **pooler, WEB_WORKERS="2", WEB_THREADS="6") as server:
        yield server


@pytest.fixture(scope="module")
def admin(service):
    ((email, password),) = PASSWORD_LINE.findall(service.output)
    return log_in(service, email, password)


@pytest.fixture(scope="module")
def learners(service):
    """Register several, two at a time since a process computes few password hashes at once; return their tokens."""
    people = [{"username": f"l{n}", "email": f"l{n}@example.org", "password": "long enough"} for n in range(LEARNERS)]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda body: service.post("/auth/register", body), people))
    assert [answer.status for answer in answers] == [201] * LEARNERS
    return [answer.json()["auth_token"] for answer in answers]


def at_once(function, items):
    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(function, items))


def finished(service, address, token):
    """Return a submission when it is done."""
    found = service.get(address, token=token).json()["data"]
    return found if found["state"] == "done" else None


def no_differences(pooler, directory):
    result = run_python(directory, "manage.py", "check", **pooler)
    return result.returncode == 0 and "\n0 differences" in f"\n{result.stdout}", result.stdout + result.stderr


def test_a_service_that_migrated_and_seeded_through_it_is_ready(service):
    assert service.get("/ready").status == 200, service.get("/ready").data
    assert len(service.get("/exercises").json()["data"]["exercises"]) > 0


def test_reports_for_the_same_and_for_other_exercises_at_once_leave_one_score_each(service, learners):
    wanted = [(token, exercise) for token in learners for exercise in (1001, 1002, 1003)] * ROUNDS

    def report(one):
        token, exercise = one
        return call(f"{service.url}/scores", "PATCH", {"exercise_id": exercise, "correct": True}, token)

    answers = at_once(report, wanted)
    assert Counter(answer.status for answer in answers) == {
        201: 3 * LEARNERS,
        200: 3 * LEARNERS * (ROUNDS - 1),
    }
    for token in learners:
        scores = service.get("/scores/user", token=token).json()["data"]["scores"]
        assert {score["exercise_id"] for score in scores} >= {1001, 1002, 1003}


def test_submissions_are_graded_here_and_by_a_worker_and_counted_once(service, learners, admin):
    body = {"exercise_body": "Write `add(a, b)`.", "test_code": "print(add(2, 3))", "test_code_solution": "5"}
    added = service.post("/exercises", body | {"grading": "server"}, token=admin)
    assert added.status == 201, added.data
    exercise = added.json()["data"]["id"]
    wait_for(lambda: "worker_started" in service.log, "the worker")
    hand_in = {"exercise_id": exercise, "answer": SLEEPY}
    answers = at_once(lambda token: service.post("/submissions?wait=0", hand_in, token=token), learners)
    states = Counter(answer.json()["data"]["state"] for answer in answers)
    assert states["queued"] >= 1, states
    for token, answer in zip(learners, answers, strict=True):
        address = f"/submissions/{answer.json()['data']['id']}"
        done = wait_for(partial(finished, service, address, token), address)
        assert done["verdict"] == "accepted"
        (score,) = service.get(f"/scores/user?exercise_id={exercise}", token=token).json()["data"]["scores"]
        assert (score["correct"], score["attempts"], score["source"]) == (True, 1, "graded")


def test_loads_at_once_write_all_their_lines_and_exports_hold_them(service, admin):
    def load(number):
        users = range(10_000 * number, 10_000 * number + 2_000)
        text = "user_id,exercise_id,correct\n" + "".join(f"{user},7007,true\n" for user in users)
        address = f"{service.url}/scores/bulk?atomic={'true' if number % 2 else 'false'}"
        headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {admin}"}

        def taken():  # a process that has as many loads as it takes asks to come again
            answer = urllib3.request("POST", address, body=text, headers=headers, timeout=DEADLINE_SECONDS)
            return answer.json()["data"] if answer.status == 200 else None

        return wait_for(taken, "a load to be taken")

    answers = at_once(load, range(1, 5))
    assert [answer["inserted"] for answer in answers] == [2000] * 4, answers
    exported = service.get("/scores/export?format=csv&exercise_id=7007", token=admin).data.decode()
    assert len(exported.splitlines()) == 1 + 4 * 2_000


def test_concurrent_writes_with_one_key_write_once(service, learners):
    def report(_):
        headers = {"Idempotency-Key": "the same"}
        return call(f"{service.url}/scores", "POST", {"exercise_id": 2001, "correct": True}, learners[0], **headers)

    answers = at_once(report, range(CLIENTS))
    assert set(Counter(answer.status for answer in answers)) <= {201, 409}
    ids = {answer.json()["data"]["id"] for answer in answers if answer.status == 201}
    assert len(ids) == 1


def test_summaries_and_ledger_have_no_differences_afterwards(service, learners, pooler, tmp_path):
    right, said = no_differences(pooler, tmp_path)
    assert right, said
    ready = service.get("/ready")  # that check left the connections that all share as they were
    assert ready.status == 200, ready.data


def test_a_pooler_without_the_session_settings_is_not_ready(postgres, pooler, tmp_path):
    with running_pgbouncer(postgres, postgres.home.parent, connect_query="'SELECT 1'") as pooled:
        settings = pooler | {"DATABASE_URL": pooled, "WORKER_PROCESSES": "0", "WEB_WORKERS": "1"}
        with running_server(tmp_path, "--no-seed", **settings) as server:
            answer = server.get("/ready")
    assert answer.status == 503
    assert "statement_timeout = '15000'" in answer.json()["errors"]["pooler"][0]


@pytest.mark.timeout(600)
@pytest.mark.exhaustive
def test_the_central_tests_pass_through_the_pooler_on_a_distributed_database(pooler, postgres, tmp_path):
    """Both at once: the pooler concerns how statements are sent, and distributing what they find in the database."""
    name = "central"  # they empty their database
    with postgres.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER eval")
    direct = postgresql_url(url(postgres.socket_directory, database=name))
    with create_app(SQLALCHEMY_DATABASE_URI=direct).app_context():
        flask_migrate.upgrade()
    query(direct, STAND_INS)
    assert run_distribute(direct).exit_code == 0
    dispose_all()
    with running_pgbouncer(postgres, postgres.home.parent, leads_to=name) as pooled:
        settings = pooler | {"DATABASE_URL": pooled, "DATABASE_SESSION_URL": direct}
        run_tests(tmp_path, *CENTRAL_TESTS, plugins=["project.tests.scaling.through_pooler"], **settings)
