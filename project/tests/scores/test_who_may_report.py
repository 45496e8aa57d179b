import pytest
import sqlalchemy as sa

from project import db

POLICIES = ("none", "ungraded", "all")
ALL_WRITES = ["POST", "PUT", "PATCH"]
NOT_PERMITTED = (401, "error", "You do not have permission to do that.")
UNKNOWN_EXERCISE = 10**12
SOURCES = {"learner": "self_reported", "grader": "graded", "admin": "override"}


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


@pytest.fixture
def exercises(app, graded_exercise, rows):
    """The ids of exercises by who decides about them."""
    ungraded = rows("SELECT id FROM exercises WHERE grading = 'self'")[0]["id"]
    return {"server": graded_exercise, "self": ungraded, "unknown": UNKNOWN_EXERCISE}


@pytest.fixture
def record(rows, grader):
    """Record a score by a method, with a PUT upon one that is there: `record(client, "PUT", learner, ...)`."""

    def send(client, method, member, exercise_id, user_id=None, correct=True):
        body = {"exercise_id": exercise_id, "correct": correct}
        body |= {} if user_id is None else {"user_id": user_id}
        if method != "PUT":
            return client.open("/scores", method=method, json=body, headers=member.headers)
        owner = {"user_id": user_id or member.id}
        there = client.patch("/scores", json=body | owner | {"correct": not correct}, headers=grader.headers)
        return client.put(f"/scores/{there.json['data']['id']}", json=body, headers=member.headers)

    return send


@pytest.mark.parametrize("method", ALL_WRITES)
@pytest.mark.parametrize(
    ("policy", "allowed"),
    [("none", set()), ("ungraded", {"self", "unknown"}), ("all", {"server", "self", "unknown"})],
)
def test_a_learner_reports_what_the_policy_allows(make_app, record, exercises, learner, rows, policy, allowed, method):
    client = make_app(SELF_REPORTED_SCORES=policy).test_client()
    for grading, exercise_id in exercises.items():
        answer = record(client, method, learner, exercise_id)
        values = {"user_id": learner.id, "exercise_id": exercise_id}
        stored = rows(
            "SELECT correct, source FROM scores WHERE user_id = :user_id AND exercise_id = :exercise_id", **values
        )
        if grading in allowed:
            assert answer.status_code in (200, 201)
            assert stored == [{"correct": True, "source": "self_reported"}]
        else:
            assert outcome(answer) == NOT_PERMITTED
            assert stored == ([{"correct": False, "source": "graded"}] if method == "PUT" else [])


def test_by_default_a_report_does_not_replace_the_services_own_grading(client, record, graded_exercise, learner):
    assert outcome(record(client, "PATCH", learner, graded_exercise)) == NOT_PERMITTED


def test_an_upsert_cannot_overwrite_a_grade(client, record, graded_exercise, learner, grader, rows):
    record(client, "POST", grader, graded_exercise, user_id=learner.id, correct=False)
    assert outcome(record(client, "PATCH", learner, graded_exercise)) == NOT_PERMITTED
    stored = rows("SELECT correct, source FROM scores WHERE user_id = :id", id=learner.id)
    assert stored == [{"correct": False, "source": "graded"}]


@pytest.mark.parametrize("method", ALL_WRITES)
@pytest.mark.parametrize("role", ["grader", "admin"])
def test_staff_record_any_users_score_under_any_policy(
    make_app, record, request, graded_exercise, learner, other, role, method
):
    writer = request.getfixturevalue(role)
    clients = [make_app(SELF_REPORTED_SCORES=policy).test_client() for policy in POLICIES]
    for client, member in zip(clients, (learner, other, writer), strict=True):
        answer = record(client, method, writer, graded_exercise, user_id=member.id)
        assert answer.status_code in (200, 201)
        wanted = {"user_id": member.id, "exercise_id": graded_exercise, "correct": True, "source": SOURCES[role]}
        assert answer.json["data"].items() >= wanted.items()


@pytest.mark.parametrize("role", ["grader", "admin"])
def test_staff_record_the_score_of_a_user_of_the_users_service(client, record, request, role):
    writer = request.getfixturevalue(role)
    for user_id in (2**63 - 1, -1, 0):
        assert record(client, "POST", writer, 7, user_id=user_id).json["data"]["user_id"] == user_id


@pytest.mark.parametrize("role", SOURCES)
def test_without_a_user_id_the_score_is_the_callers(client, record, request, role):
    writer = request.getfixturevalue(role)
    data = record(client, "POST", writer, 7).json["data"]
    assert (data["user_id"], data["source"]) == (writer.id, SOURCES[role])


@pytest.mark.parametrize("method", ALL_WRITES)
def test_a_learner_cannot_write_anothers_score(make_app, record, learner, other, rows, method):
    clients = [make_app(SELF_REPORTED_SCORES=policy).test_client() for policy in POLICIES]
    for client in clients:
        assert outcome(record(client, method, learner, 7, user_id=other.id)) == NOT_PERMITTED
        assert rows("SELECT * FROM scores WHERE correct AND user_id = :id", id=other.id) == []


def test_a_learner_cannot_write_the_score_of_user_zero(client, record, learner):
    # An id that is false in Python is an id all the same.
    assert outcome(record(client, "POST", learner, 7, user_id=0)) == NOT_PERMITTED


@pytest.mark.parametrize("method", ALL_WRITES)
def test_a_learner_may_send_their_own_user_id(client, record, learner, method):
    answer = record(client, method, learner, 7, user_id=learner.id)
    assert answer.json["data"].items() >= {"user_id": learner.id, "source": "self_reported"}.items()


# The learner's own score goes when its exercise becomes graded.
@pytest.mark.parametrize(
    ("method", "refusal"), [("PUT", (400, "fail", "Sorry. That score does not exist.")), ("PATCH", NOT_PERMITTED)]
)
def test_an_exercise_that_becomes_graded_is_the_services_from_then_on(client, app, exercises, learner, method, refusal):
    body = {"exercise_id": exercises["self"], "correct": False}
    score_id = client.post("/scores", json=body, headers=learner.headers).json["data"]["id"]
    with app.app_context():
        db.session.execute(sa.text("UPDATE exercises SET grading = 'server'"))
        db.session.commit()
    answer = client.open(f"/scores/{score_id}", method=method, json=body | {"correct": True}, headers=learner.headers)
    assert outcome(answer) == refusal
    assert client.get(f"/scores/{score_id}").status_code == 404


def test_staff_put_anothers_score_only_with_its_exercise(client, record, learner, grader):
    score_id = record(client, "POST", learner, 7).json["data"]["id"]
    body = {"exercise_id": 8, "correct": False, "user_id": learner.id}
    answer = client.put(f"/scores/{score_id}", json=body, headers=grader.headers)
    assert outcome(answer) == (400, "fail", "Sorry. That score does not exist.")
