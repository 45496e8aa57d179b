import datetime as dt

import pytest


@pytest.fixture
def progress(client, learner):
    """Read the learner's progress."""

    def read(query="", member=learner):
        return client.get(f"/progress/user{query}", headers=member.headers)

    return read


def day(offset):
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=offset)).isoformat()


def test_the_progress_of_a_learner_without_scores_is_empty(progress, learner):
    data = progress().json["data"]
    today = data.pop("today")
    nothing = {"user_id": learner.id, "solved": 0, "attempted": 0, "reached_at": None, "last_activity_at": None}
    assert data == {**nothing, "current_streak": 0, "longest_streak": 0, "days": []}
    assert today == day(0)


def test_a_streak_is_of_consecutive_days_in_utc(progress, learner, add):
    for number, moment in enumerate(
        [
            *(f"{day(-9)} 23:59:59.999999+00", f"{day(-8)} 00:00+00", f"{day(-7)} 12:00+00", f"{day(-6)} 01:00+02"),
            *(f"{day(-4)} 12:00+00", f"{day(-1)} 00:00+00", f"{day(0)} 00:00+00", f"{day(0)} 00:00:01+00"),
        ]
    ):
        add(learner.id, number, moment)
    add(learner.id, 100)
    data = progress().json["data"]
    assert (data["solved"], data["attempted"]) == (8, 9)
    # 01:00 of the sixth day before, two hours east of Greenwich, was the day before that.
    assert (data["current_streak"], data["longest_streak"]) == (2, 3)
    assert [(one["day"], one["solved"]) for one in data["days"]] == [
        *((day(-9), 1), (day(-8), 1), (day(-7), 2), (day(-4), 1), (day(-1), 1), (day(0), 2)),
    ]


@pytest.mark.parametrize(("last", "current"), [(0, 1), (-1, 1), (-2, 0)])
def test_a_streak_ends_after_a_whole_day_without_a_solve(progress, learner, add, last, current):
    add(learner.id, 1, f"{day(last)} 12:00+00")
    data = progress().json["data"]
    assert (data["current_streak"], data["longest_streak"]) == (current, 1)


def test_days_can_be_chosen(progress, learner, add):
    for offset in (-40, -20, -10):
        add(learner.id, -offset, f"{day(offset)} 12:00+00")
    assert [one["day"] for one in progress().json["data"]["days"]] == [day(-20), day(-10)]
    query = f"?since={day(-40)}&until={day(-11)}"
    assert [one["day"] for one in progress(query).json["data"]["days"]] == [day(-40), day(-20)]


def test_staff_read_the_progress_of_all_and_a_learner_their_own(progress, learner, other, grader, add):
    add(other.id, 1, f"{day(0)} 00:00+00")
    assert progress(f"?user_id={other.id}", grader).json["data"]["solved"] == 1
    assert progress(f"?user_id={other.id}").status_code == 401
    assert progress(f"?user_id={learner.id}").json["data"]["solved"] == 0


@pytest.mark.parametrize(
    "query", ["?since=x", "?until=2026-13-01", "?since=20261101", "?since=2026-01-02&until=2026-01-01",
              "?since=2024-01-01&until=2026-01-01", "?since=2026-11-22T00:00:00Z", "?user_id=x"]
)  # fmt: skip
def test_invalid_days_are_rejected(progress, query):
    assert progress(query).status_code == 400


def test_the_first_and_the_last_day_of_the_calendar_are_valid(progress):
    for query in ("?until=0001-01-01", "?since=9999-12-31", "?since=0001-01-01&until=0001-12-31"):
        assert progress(query).status_code == 200
