"""Reading submissions: whose, in which order, and how much of them."""

import pytest

from project.tests.submissions.conftest import GOOD, MAX_POINTS, judgement

UNKNOWN = (404, "fail", "Submission does not exist")


def outcome(answer):
    return answer.status_code, answer.json["status"], answer.json["message"]


@pytest.fixture
def listed(client):
    """List submissions, and return their ids: `listed(learner, "?state=done")`."""

    def read(member, query=""):
        answer = client.get(f"/submissions{query}", headers=member.headers)
        assert answer.status_code == 200, answer.text
        return [submission["id"] for submission in answer.json["data"]["submissions"]]

    return read


def test_learners_list_their_own_newest_first(listed, grade, exercise_id, learner, other):
    ids = [grade(learner.id, exercise_id, 3) for _ in range(3)]
    grade(other.id, exercise_id, 3)
    assert listed(learner) == ids[::-1]
    assert listed(learner, f"?user_id={learner.id}") == ids[::-1]


def test_staff_list_all_submissions(listed, grade, exercise_id, learner, other, grader, admin):
    ids = [grade(who.id, exercise_id, 3) for who in (learner, other)]
    for member in (grader, admin):
        assert listed(member)[:2] == ids[::-1]
        assert listed(member, f"?user_id={other.id}") == ids[1:]


def test_learners_do_not_list_those_of_others(client, grade, exercise_id, learner, other):
    grade(other.id, exercise_id, 3)
    answer = client.get(f"/submissions?user_id={other.id}", headers=learner.headers)
    assert outcome(answer) == (401, "error", "You do not have permission to do that.")


def test_lists_are_filtered(listed, grade, hand_in, make_exercise, learner):
    first, second = make_exercise(), make_exercise()
    accepted, wrong = grade(learner.id, first, MAX_POINTS), grade(learner.id, second, 3)
    running = hand_in(learner.id, second).id
    assert listed(learner, f"?exercise_id={second}") == [running, wrong]
    assert listed(learner, "?verdict=accepted") == [accepted]
    assert listed(learner, "?state=running") == [running]
    assert listed(learner, f"?state=done&exercise_id={second}&verdict=wrong_answer") == [wrong]


@pytest.mark.parametrize(
    ("query", "field"), [("verdict=good", "verdict"), ("state=lost", "state"), ("exercise_id=x", "exercise_id")]
)
def test_filters_that_mean_nothing_are_refused(client, learner, query, field):
    answer = client.get(f"/submissions?{query}", headers=learner.headers)
    assert (answer.status_code, list(answer.json["errors"])) == (400, [field])


def test_a_list_comes_in_pages(client, grade, exercise_id, learner):
    ids = [grade(learner.id, exercise_id, 3) for _ in range(5)]
    address, pages = "/submissions?limit=2", []
    while address:
        answer = client.get(address, headers=learner.headers)
        pages.append([submission["id"] for submission in answer.json["data"]["submissions"]])
        address = answer.json["next"]
    assert pages == [ids[4:2:-1], ids[2:0:-1], ids[:1]]


def test_a_list_holds_neither_answers_nor_cases(client, grade, exercise_id, learner):
    grade(learner.id, exercise_id, 3)
    (submission,) = client.get("/submissions", headers=learner.headers).json["data"]["submissions"]
    assert submission["points"] == 3
    assert not {"answer", "cases"} & set(submission)


def test_a_submission_is_read_by_its_owner_and_by_staff(client, grade, exercise_id, learner, other, grader, admin):
    address = f"/submissions/{grade(learner.id, exercise_id, 3)}"
    for member in (learner, grader, admin):
        data = client.get(address, headers=member.headers).json["data"]
        assert (data["answer"], data["verdict"], data["user_id"]) == (GOOD, "wrong_answer", learner.id)
    assert outcome(client.get(address, headers=other.headers)) == UNKNOWN
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("submission_id", ["0", "999999999", "7x", "-1", str(2**70)])
def test_a_missing_submission_is_not_found(client, admin, submission_id):
    assert outcome(client.get(f"/submissions/{submission_id}", headers=admin.headers)) == UNKNOWN


def test_reading_a_lost_submission_queues_it_again(client, hand_in, change, exercise_id, learner, jobs):
    submission_id = hand_in(learner.id, exercise_id).id
    change("UPDATE submissions SET leased_until = now() - interval '1 second' WHERE id = :id", id=submission_id)
    data = client.get(f"/submissions/{submission_id}", headers=learner.headers).json["data"]
    assert (data["state"], jobs()) == ("queued", [(submission_id, 2)])


def test_without_any_worker_a_submission_stays_queued(client, hand_in, change, exercise_id, learner):
    submission_id = hand_in(learner.id, exercise_id, queued=True).id
    change("UPDATE submissions SET queued_at = now() - interval '1 day' WHERE id = :id", id=submission_id)
    data = client.get(f"/submissions/{submission_id}", headers=learner.headers).json["data"]
    assert (data["state"], data["verdict"], data["cases"]) == ("queued", None, None)


def test_a_submission_keeps_the_version_that_judged_it(client, grade, change, exercise_id, learner):
    first = grade(learner.id, exercise_id, 3)
    change("UPDATE exercises SET test_code_solution = '6' WHERE id = :id", id=exercise_id)
    second = grade(learner.id, exercise_id, 3)
    versions = [
        client.get(f"/submissions/{number}", headers=learner.headers).json["data"]["exercise_version"]
        for number in (first, second)
    ]
    assert versions == [1, 2]


def test_a_run_is_judged_by_the_version_it_was_handed_in_for(hand_in, claim, change, exercise_id, learner):
    submission_id = hand_in(learner.id, exercise_id, queued=True).id
    change("UPDATE exercises SET test_code_solution = '6', policy = 'first' WHERE id = :id", id=exercise_id)
    run = claim(submission_id, 1)
    assert (run.problem.cases[0].expected, run.policy) == ("5", "best")


def test_texts_of_any_kind_are_stored_and_read(client, hand_in, record, exercise_id, learner):
    handed = hand_in(learner.id, exercise_id, answer="s = '\u2028\\x00 \U0001f600 </script>'")
    record(handed.claimed, judgement(3))
    assert (
        client.get(f"/submissions/{handed.id}", headers=learner.headers).json["data"]["answer"].endswith("</script>'")
    )
