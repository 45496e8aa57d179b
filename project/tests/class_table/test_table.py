"""GET /scores/table: a class at one look."""

import pytest
from sqlalchemy import event

from project import db
from project.api.exercises.models import Exercise
from project.tests.stub_users_service import StubUsersService, user

EXERCISES = [41, 42, 43]


@pytest.fixture
def named(client, grader):
    """A set of three exercises that the catalogue does not have."""
    client.put("/exercise-sets/week-1", json={"exercise_ids": EXERCISES}, headers=grader.headers)


@pytest.fixture
def record(client, grader):
    def send(user, exercise_id, correct):
        body = {"user_id": getattr(user, "id", user), "exercise_id": exercise_id, "correct": correct}
        return client.patch("/scores", json=body, headers=grader.headers)

    return send


@pytest.fixture
def read(client, grader):
    return lambda query="?exercise_set=week-1": client.get(f"/scores/table{query}", headers=grader.headers)


def test_the_row_of_a_learner_has_a_cell_for_each_exercise(named, record, read, change, learner, other):
    record(learner, 42, correct=True)
    record(other, 43, correct=False)
    change("UPDATE scores SET points = 7, attempts = 3 WHERE user_id = :id", id=other.id)
    data = read().json["data"]
    assert [column["id"] for column in data["exercises"]] == EXERCISES
    assert data["learners"] == [
        {"user_id": learner.id, "username": "learner", "scores": [None, [True, None, 0], None]},
        {"user_id": other.id, "username": "other", "scores": [None, None, [False, 7, 3]]},
    ]


def test_without_a_set_the_columns_are_those_of_the_catalogue(app, record, read, learner):
    with app.app_context():
        exercise = Exercise(
            exercise_body="b", title="Sum", slug="sum", cases=[{"name": "a", "points": 4}, {"name": "b"}]
        )
        gone = Exercise(exercise_body="b", deleted_at=db.func.now())
        db.session.add_all([exercise, gone])
        db.session.commit()
        number = exercise.id
    record(learner, number, correct=True)
    data = read("").json["data"]
    place = [column["id"] for column in data["exercises"]].index(number)
    assert data["exercises"][place] == {"id": number, "title": "Sum", "slug": "sum", "max_points": 5}
    assert all(column["title"] in {None, "Sum"} for column in data["exercises"])
    (row,) = [row for row in data["learners"] if row["user_id"] == learner.id]
    assert row["scores"][place] == [True, None, 0]


def test_the_pages_of_the_table_have_each_learner_once(named, record, read):
    for number in range(1, 8):
        record(number, 41, correct=number % 2 == 0)
    users, query = [], "?exercise_set=week-1&limit=3"
    while query:
        answer = read(query).json
        users += [row["user_id"] for row in answer["data"]["learners"]]
        query = (answer["next"] or "").removeprefix("/scores/table")
    assert users == list(range(1, 8))


def test_usernames_are_escaped_in_the_json(named, record, read, make_member):
    record(make_member('q"\\u'), 41, correct=True)
    assert read().json["data"]["learners"][0]["username"] == 'q"\\u'


def test_the_number_of_statements_of_a_page_does_not_grow_with_the_learners(app, named, record, read):
    counts = []

    def count(*_):
        counts[-1] += 1

    with app.app_context():
        engine = db.engine
    for users in (range(1, 3), range(3, 30)):
        for number in users:
            record(number, 41, correct=True)
        counts.append(0)
        event.listen(engine, "before_cursor_execute", count)
        try:
            read()
        finally:
            event.remove(engine, "before_cursor_execute", count)
    assert counts[0] == counts[1] == 3


def test_a_set_without_scores_has_columns_and_no_learners(named, read):
    data = read().json["data"]
    assert (len(data["exercises"]), data["learners"]) == (3, [])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?exercise_set=unknown", 404),
        ("?exercise_set=Not+a+name", 400),
        ("?limit=0", 400),
        ("?limit=1001", 400),
        ("?cursor=x", 400),
    ],
)
def test_bad_input_is_refused(read, query, status):
    answer = read(query)
    assert (answer.status_code, answer.json["status"]) == (status, "fail")


def test_the_table_is_for_staff(client, named, learner, admin):
    assert client.get("/scores/table").status_code == 403
    assert client.get("/scores/table", headers=learner.headers).status_code == 401
    assert client.get("/scores/table", headers=admin.headers).status_code == 200


def test_with_a_users_service_the_table_has_no_usernames(make_app, named, record, learner):
    record(learner, 41, correct=True)
    with StubUsersService() as service:
        service.users["of-an-admin"] = user(7, admin=True)
        client = make_app(USERS_SERVICE_URL=service.url).test_client()
        answer = client.get("/scores/table?exercise_set=week-1", headers={"Authorization": "Bearer of-an-admin"})
    assert [(row["user_id"], row["username"]) for row in answer.json["data"]["learners"]] == [(learner.id, None)]
