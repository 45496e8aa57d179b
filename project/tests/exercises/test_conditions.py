"""If-Match on exercises, which several authors change."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.tests.exercises.conftest import BODY, outcome

CHANGED = (412, "fail", "The resource has changed. Reload it and try again.")
AUTHORS = 6


@pytest.fixture
def address(add_exercise):
    return f"/exercises/{add_exercise()['id']}"


@pytest.fixture
def write(app, admin, address):
    def send(method, if_match, **fields):
        headers = admin.headers | ({"If-Match": if_match} if if_match else {})
        return app.test_client().open(address, method=method, json=BODY | fields, headers=headers)

    return send


def test_each_answer_with_an_exercise_has_the_same_tag(client, admin, address, write):
    written = write("PUT", None, exercise_body="another")
    read = client.get(address, headers=admin.headers)
    assert read.headers["ETag"] == written.headers["ETag"]
    added = client.post("/exercises", json=BODY, headers=admin.headers)
    read = client.get(f"/exercises/{added.json['data']['id']}", headers=admin.headers)
    assert read.headers["ETag"] == added.headers["ETag"]
    assert "state" not in read.json["data"]


def test_a_change_that_makes_no_version_makes_another_tag(client, admin, address, write):
    before = client.get(address, headers=admin.headers)
    write("PUT", None, grading="server")
    after = client.get(address, headers=admin.headers)
    assert before.json["data"]["version"] == after.json["data"]["version"]
    assert before.headers["ETag"] != after.headers["ETag"]


def test_admins_and_others_see_things_with_different_tags(client, admin, learner, address):
    tags = [client.get(address, headers=headers).headers["ETag"] for headers in ({}, learner.headers, admin.headers)]
    assert tags[0] == tags[1] != tags[2]
    assert client.get(address, headers=admin.headers | {"If-None-Match": tags[0]}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_what_was_seen_is_changed_or_deleted(client, admin, address, write, exercise_rows, method):
    seen = client.get(address, headers=admin.headers).headers["ETag"]
    write("PUT", seen, exercise_body="another")
    before = exercise_rows()
    assert outcome(write(method, seen)) == CHANGED
    assert exercise_rows() == before
    assert write(method, client.get(address, headers=admin.headers).headers["ETag"]).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_missing_exercise_is_not_found_whatever_the_condition(write, method):
    write("DELETE", None)
    assert outcome(write(method, '"1-1-all"')) == (404, "fail", "Exercise does not exist")
    assert outcome(write(method, "*")) == (404, "fail", "Exercise does not exist")


def test_of_concurrent_changes_to_the_same_state_one_succeeds(client, admin, address, write):
    seen = client.get(address, headers=admin.headers).headers["ETag"]
    barrier = threading.Barrier(AUTHORS)

    def change(number):
        barrier.wait()
        return write("PUT", seen, exercise_body=f"by {number}").status_code

    with ThreadPoolExecutor(AUTHORS) as threads:
        assert Counter(threads.map(change, range(AUTHORS))) == {200: 1, 412: AUTHORS - 1}
