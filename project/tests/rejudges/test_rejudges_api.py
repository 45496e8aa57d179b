"""Who may rejudge, in which order, and how it goes on when its worker is killed."""

import pytest

from project.tests.rejudges.conftest import RIGHT
from project.tests.rejudges.test_rejudging import WAS_WRONG
from project.tests.servers import wait_for
from project.tests.submissions.conftest import WRONG
from project.tests.submissions.workers import running_worker

ADDRESSES = [
    ("POST", "/exercises/{exercise_id}/rejudge"),
    ("GET", "/exercises/{exercise_id}/rejudges"),
    ("GET", "/rejudges/{id}"),
    ("GET", "/rejudges/{id}/changes"),
    ("POST", "/rejudges/{id}/apply"),
    ("POST", "/rejudges/{id}/undo"),
]
SLOW = "import time\ntime.sleep(0.5)\n" + WRONG
SUBMISSIONS = 8


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize("who", ["learner", "grader"])
def test_only_admins_rejudge(request, client, exercise_id, rejudge, rows, who, method, path):
    address = path.format(**rejudge(exercise_id))
    before = rows("SELECT * FROM rejudges")
    answer = client.open(address, method=method, headers=request.getfixturevalue(who).headers)
    assert (answer.status_code, answer.json["message"]) == (401, "You do not have permission to do that.")
    assert rows("SELECT * FROM rejudges") == before


@pytest.mark.parametrize("number", ["0", "999999", "x", str(2**70)])
def test_unknown_exercises_and_rejudges_are_not_found(client, admin, number):
    for method, path in ADDRESSES:
        if "{id}" in path:
            answer = client.open(path.format(id=number), method=method, headers=admin.headers)
            assert (answer.status_code, answer.json["message"]) == (404, "Rejudge does not exist")
    answer = client.post(f"/exercises/{number}/rejudge", headers=admin.headers)
    assert (answer.status_code, answer.json["message"]) == (404, "Exercise does not exist")


def test_the_response_to_a_new_rejudge_has_its_location(client, admin, exercise_id):
    answer = client.post(f"/exercises/{exercise_id}/rejudge", headers=admin.headers)
    assert (answer.status_code, answer.json["data"]["state"]) == (202, "queued")
    found = client.get(answer.headers["Location"], headers=admin.headers).json["data"]
    assert found == answer.json["data"]


def test_the_rejudges_of_an_exercise_are_listed_newest_first(call, make_exercise, rejudge):
    first, second = make_exercise(), make_exercise()
    ids = [rejudge(exercise_id)["id"] for exercise_id in (first, second, first)]
    listed = call("GET", f"/exercises/{first}/rejudges")["rejudges"]
    assert [one["id"] for one in listed] == [ids[2], ids[0]]


def test_the_changes_of_a_rejudge_have_pages(client, admin, exercise_id, wrongly_judged, mend, rejudge):
    for user_id in range(1, 6):
        wrongly_judged(user_id, exercise_id, WAS_WRONG)
    mend(exercise_id)
    address, users = f"/rejudges/{rejudge(exercise_id)['id']}/changes?limit=2", []
    while address:
        answer = client.get(address, headers=admin.headers).json
        users.append([change["user_id"] for change in answer["data"]["changes"]])
        address = answer["next"]
    assert users == [[1, 2], [3, 4], [5]]


def test_apply_and_undo_are_possible_in_this_order_and_once(client, admin, exercise_id, rejudge, call):
    ready = rejudge(exercise_id)

    def refused(step):
        answer = client.post(f"/rejudges/{ready['id']}/{step}", headers=admin.headers)
        assert (answer.status_code, answer.json["status"]) == (400, "fail")
        return answer.json["message"].startswith("Sorry.")

    assert refused("undo")
    call("POST", f"/rejudges/{ready['id']}/apply")
    assert refused("apply")
    call("POST", f"/rejudges/{ready['id']}/undo")
    assert refused("undo")
    assert refused("apply")


def test_a_rejudge_that_is_running_cannot_be_applied(client, admin, exercise_id, call):
    queued = call("POST", f"/exercises/{exercise_id}/rejudge", 202)
    assert client.post(f"/rejudges/{queued['id']}/apply", headers=admin.headers).status_code == 400


def test_a_rejudge_of_an_earlier_version_of_the_exercise_cannot_be_applied(
    client, admin, learner, exercise_id, wrongly_judged, mend, rejudge, change, score_of
):
    wrongly_judged(learner.id, exercise_id, WAS_WRONG)
    mend(exercise_id)
    ready = rejudge(exercise_id)
    change("UPDATE exercises SET test_code_solution = '7' WHERE id = :id", id=exercise_id)
    assert client.post(f"/rejudges/{ready['id']}/apply", headers=admin.headers).status_code == 400
    assert score_of(learner.id, exercise_id)["correct"] is False


def test_a_rejudge_whose_worker_was_killed_continues(
    shared_app, tmp_path, exercise_id, wrongly_judged, mend, call, changes, change, rows
):
    for user_id in range(1, SUBMISSIONS + 1):
        wrongly_judged(user_id, exercise_id, WAS_WRONG, SLOW)
    mend(exercise_id)
    queued = call("POST", f"/exercises/{exercise_id}/rejudge", 202)
    address = f"/rejudges/{queued['id']}"
    database = {"DATABASE_TEST_URL": shared_app.config["SQLALCHEMY_DATABASE_URI"]}
    with running_worker(tmp_path, **database) as victim:
        wait_for(lambda: call("GET", address)["judged"] > 0, "a first result")
        victim.kill()
    results = rows("SELECT * FROM rejudge_results ORDER BY submission_id")
    assert 0 < len(results) < SUBMISSIONS
    change("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")  # as time would
    with running_worker(tmp_path, **database):
        wait_for(lambda: call("GET", address)["state"] == "ready", "the rest")
    assert rows("SELECT * FROM rejudge_results ORDER BY submission_id")[: len(results)] == results
    assert call("GET", address)["judged"] == SUBMISSIONS
    assert [after for _, after in changes(queued).values()] == [RIGHT] * SUBMISSIONS
