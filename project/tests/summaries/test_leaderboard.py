"""Ranks, against a recomputation by brute force."""

import pytest

BOARD = """
    SELECT user_id, count(*) AS solved, max(coalesce(solved_at, created_at)) AS reached_at FROM scores
    WHERE correct AND (CAST(:ids AS bigint[]) IS NULL OR exercise_id = ANY (:ids)) GROUP BY user_id
"""
# Ten learners at most have the same number and the same time, in tens of places.
MANY = """
    INSERT INTO scores (user_id, exercise_id, correct, created_at)
    SELECT user_id, exercise_id, (user_id + exercise_id) % 3 > 0,
           timestamptz '2026-11-01 00:00+00' + (user_id * 7 + exercise_id) % :times * interval '1 hour'
    FROM generate_series(1000001, 1000000 + :users) AS user_id, generate_series(1, 6) AS exercise_id
    WHERE user_id % 5 <> exercise_id
"""


@pytest.fixture
def brute_force(rows):
    """Return the whole board, computed from all scores."""

    def compute(ids=None):
        board = sorted(rows(BOARD, ids=ids), key=lambda row: (-row["solved"], row["reached_at"], row["user_id"]))
        return [
            {"rank": rank, **row, "reached_at": row["reached_at"].isoformat(timespec="microseconds")}
            for rank, row in enumerate(board, 1)
        ]

    return compute


def walk(client, address):
    """Return all rows of a board from a page on, but for the names."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.json
        found += answer.json["data"]["leaderboard"]
        address = answer.json["next"]
    return [{name: value for name, value in row.items() if name != "username"} for row in found]


def fields(board):
    return [{name: row[name] for name in ("rank", "user_id", "solved", "reached_at")} for row in board]


@pytest.mark.parametrize(("users", "times"), [(60, 1), (60, 50), (3000, 1)], ids=["ties", "mixed", "thousands"])
@pytest.mark.parametrize("folded", [True, False], ids=["folded", "pending"])
def test_the_pages_of_a_board_have_every_learner_in_order(client, change, brute_force, rng, users, times, folded):
    change(MANY, users=users, times=times)
    for _ in range(3):
        change("UPDATE scores SET correct = NOT correct WHERE user_id % 11 = :n", n=rng.randrange(11))
    if folded:
        change("SELECT fold_summaries(1000000)")
    board = fields(brute_force())
    assert walk(client, f"/leaderboard?limit={7 if users < 100 else 700}") == board
    assert walk(client, "/leaderboard?limit=1000&exercise_ids=2,4") == fields(brute_force([2, 4]))


def test_the_rank_of_a_learner_is_that_of_the_whole_board(app, client, change, learner, brute_force, rng):
    change(MANY, users=300, times=3)
    for _ in range(40):
        change("DELETE FROM scores WHERE user_id = :id", id=learner.id)
        change(
            "INSERT INTO scores (user_id, exercise_id, correct, created_at) SELECT :id, n, n < :solved,"
            " timestamptz '2026-11-01 00:00+00' + :hours * interval '1 hour' FROM generate_series(1, 6) AS n",
            id=learner.id,
            solved=rng.randrange(2, 7),
            hours=rng.randrange(3),
        )
        board = fields(brute_force())
        place = next(number for number, row in enumerate(board) if row["user_id"] == learner.id)
        data = client.get("/leaderboard/me?neighbours=3", headers=learner.headers).json["data"]
        assert (data["rank"], data["learners"], data["solved"]) == (place + 1, len(board), board[place]["solved"])
        assert fields(data["before"]) == board[max(0, place - 3) : place]
        assert fields(data["after"]) == board[place + 1 : place + 4]


def test_a_learner_whose_solve_is_revoked_and_restored_has_the_same_rank_again(change, client, add, brute_force):
    add(1, 1, "2026-11-01 10:00+00")
    add(2, 1, "2026-11-01 09:00+00")
    before = walk(client, "/leaderboard")
    change("UPDATE scores SET correct = false WHERE user_id = 2")
    assert [row["user_id"] for row in walk(client, "/leaderboard")][:1] == [1]
    change("UPDATE scores SET correct = true WHERE user_id = 2")
    assert walk(client, "/leaderboard") == before == fields(brute_force())
    assert [row["user_id"] for row in before][:2] == [2, 1]


@pytest.mark.parametrize("made_first", [True, False])
def test_a_named_set_has_a_board_of_its_own(client, change, grader, learner, brute_force, made_first):
    def make():
        body = {"exercise_ids": [3, 1, 1, 6]}
        return client.put("/exercise-sets/week-1", json=body, headers=grader.headers)

    if made_first:
        assert make().json["data"]["exercise_ids"] == [1, 3, 6]
    change(MANY, users=80, times=4)
    if not made_first:
        assert make().status_code == 201
    change("UPDATE scores SET correct = NOT correct WHERE user_id % 4 = 1")
    board = fields(brute_force([1, 3, 6]))
    assert walk(client, "/leaderboard?exercise_set=week-1&limit=9") == board
    assert walk(client, "/leaderboard?exercise_ids=6,3,1&limit=9") == board
    own = client.get("/leaderboard/me?exercise_set=week-1", headers=learner.headers).json["data"]
    assert (own["rank"], own["learners"], own["before"], own["after"]) == (None, len(board), [], [])


def test_a_set_can_be_changed_and_deleted_by_staff_only(client, change, rows, grader, learner, brute_force):
    change(MANY, users=40, times=2)
    address = "/exercise-sets/first"
    assert client.put(address, json={"exercise_ids": [1]}, headers=learner.headers).status_code == 401
    assert client.put(address, json={"exercise_ids": [1]}, headers=grader.headers).status_code == 201
    changed = client.put(address, json={"exercise_ids": [2, 4]}, headers=grader.headers)
    assert (changed.status_code, changed.json["data"]) == (200, client.get(address).json["data"])
    assert [one["name"] for one in client.get("/exercise-sets").json["data"]["exercise_sets"]] == ["first"]
    assert walk(client, "/leaderboard?exercise_set=first") == fields(brute_force([2, 4]))
    assert client.delete(address, headers=learner.headers).status_code == 401
    assert client.delete(address, headers=grader.headers).status_code == 200
    for gone in (client.get(address), client.delete(address, headers=grader.headers)):
        assert (gone.status_code, gone.json["message"]) == (404, "Exercise set does not exist")
    assert client.get("/leaderboard?exercise_set=first").status_code == 404
    assert rows("SELECT FROM standings WHERE board_id > 0") == rows("SELECT FROM exercise_set_members") == []


def test_a_learner_who_solved_nothing_has_no_rank(client, learner):
    client.post("/scores", json={"exercise_id": 1, "correct": False}, headers=learner.headers)
    data = client.get("/leaderboard/me", headers=learner.headers).json["data"]
    expected = {"rank": None, "learners": 1, "solved": 0, "reached_at": None, "before": [], "after": []}
    assert data == expected


def test_a_board_has_usernames_only_without_a_users_service(client, learner, grader, make_app):
    report = {"exercise_id": 1, "correct": True, "user_id": learner.id}
    client.post("/scores", json=report, headers=grader.headers)
    row = next(one for one in client.get("/leaderboard").json["data"]["leaderboard"] if one["user_id"] == learner.id)
    assert row["username"] == "learner"
    client = make_app(USERS_SERVICE_URL="http://127.0.0.1:9").test_client()
    assert {one["username"] for one in client.get("/leaderboard").json["data"]["leaderboard"]} == {None}


def test_if_scores_are_not_public_learners_see_only_their_own_row_of_a_board(make_app, change, learner, grader):
    change(MANY, users=5, times=1)
    client = make_app(SCORES_PUBLIC=False).test_client()
    report = {"exercise_id": 1, "correct": True, "user_id": learner.id}
    client.post("/scores", json=report, headers=grader.headers)
    assert client.get("/leaderboard").status_code == 403
    everybody = client.get("/leaderboard", headers=grader.headers).json["data"]["leaderboard"]
    mine = [row for row in everybody if row["user_id"] == learner.id]
    for board in ("", "?exercise_ids=1,2,3,4,5,6,7"):
        found = client.get(f"/leaderboard{board}", headers=learner.headers).json["data"]["leaderboard"]
        assert [row["user_id"] for row in found] == [learner.id]
    assert client.get("/leaderboard", headers=learner.headers).json["data"]["leaderboard"] == mine
    own = client.get("/leaderboard/me", headers=learner.headers).json["data"]
    assert (own["rank"], own["before"], own["after"]) == (mine[0]["rank"], [], [])
    assert len(everybody) > 1


BAD = [
    *[("limit", text) for text in ("0", "1001", "x", "")],
    *[("cursor", text) for text in ("", "x", "A" * 27, "A" * 26 + "B", "A" * 28, "_" * 27, "é" * 27)],
    *[
        ("exercise_ids", text)
        for text in ("", "x", "1,", ",1", "1,,2", "1 2", str(2**63), ",".join(map(str, range(101))))
    ],
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_an_invalid_parameter_is_rejected_by_its_name(client, name, text):
    answer = client.get("/leaderboard", query_string={name: text})
    if name == "cursor" and text == "A" * 27:
        assert answer.status_code == 200  # a position of 1970
    else:
        assert (answer.status_code, list(answer.json["errors"])) == (400, [name])


def test_invalid_requests_about_boards_and_sets_are_rejected(client, learner, grader):
    assert client.get("/leaderboard?exercise_ids=1&exercise_set=x").status_code == 400
    assert client.get("/leaderboard?exercise_set=unknown").status_code == 404
    assert client.get("/leaderboard/me?neighbours=51", headers=learner.headers).status_code == 400
    assert client.get("/leaderboard/me").status_code == 403
    for name, body in (("Week", {"exercise_ids": [1]}), ("a", {"exercise_ids": []}), ("a", {"exercise_ids": ["1"]})):
        assert client.put(f"/exercise-sets/{name}", json=body, headers=grader.headers).status_code == 400
    assert client.put("/exercise-sets/a", json={"exercise_ids": [1] * 1001}, headers=grader.headers).status_code == 400
