import pytest
import sqlalchemy as sa

from project import create_app, db
from project.tests.conftest import PASSWORD
from project.web.rate_limits import CLEANING, DatabaseStorage

HOUR = 3600
WRONG = "not the password"


@pytest.fixture
def make_client(make_app):
    """Make a client of an application that counts: `make_client(login="3 per hour")`."""

    def make(
        *,
        login="1000 per hour",
        login_address="1000 per hour",
        login_account="1000 per hour",
        register="1000 per hour",
        write="1000 per hour",
        **settings,
    ):
        limits = {
            "RATE_LIMIT_LOGIN": login,
            "RATE_LIMIT_LOGIN_ADDRESS": login_address,
            "RATE_LIMIT_LOGIN_ACCOUNT": login_account,
            "RATE_LIMIT_REGISTER": register,
            "RATE_LIMIT_WRITE": write,
        }
        return make_app(RATELIMIT_ENABLED=True, **limits, **settings).test_client()

    return make


@pytest.fixture
def end_windows(app):
    """End all windows, as time would."""

    def end():
        with app.app_context():
            db.session.execute(sa.text("UPDATE rate_limits SET ends_at = now() - interval '1 second'"))
            db.session.commit()

    return end


def login(client, email, password=WRONG, **options):
    return client.post("/auth/login", json={"email": email, "password": password}, **options)


def register(client, name, **options):
    account = {"username": name, "email": f"{name}@example.org", "password": "x"}
    return client.post("/auth/register", json=account, **options)


def write(client, who, exercise_id=5):
    return client.patch("/scores", json={"exercise_id": exercise_id, "correct": True}, headers=who.headers)


def statuses(answers):
    return [answer.status_code for answer in answers]


def is_refused(answer):
    """Whether it is a 429 as the contract shapes it, that says within the hour when to come again."""
    assert answer.content_type == "application/json"
    assert set(answer.json) == {"status", "message", "request_id"}
    assert answer.json["message"] == "Too many requests. Please try again later."
    assert 1 <= int(answer.headers["Retry-After"]) <= HOUR
    return (answer.status_code, answer.json["status"]) == (429, "error")


def test_failed_log_ins_are_limited(make_client, learner):
    client = make_client(login="3 per hour")
    assert statuses(login(client, learner.email) for _ in range(3)) == [404] * 3
    assert is_refused(login(client, learner.email))
    assert is_refused(login(client, learner.email, PASSWORD))


def test_log_ins_that_succeed_are_not_counted(make_client, learner):
    client = make_client(login="3 per hour")
    assert statuses(login(client, learner.email, PASSWORD) for _ in range(5)) == [200] * 5
    assert statuses(login(client, learner.email) for _ in range(4)) == [404] * 3 + [429]


def test_bodies_that_are_no_log_in_are_counted_too(make_client, learner):
    client = make_client(login_address="2 per hour")
    assert statuses(login(client, None) for _ in range(3)) == [400, 400, 429]


def test_registrations_are_limited(make_client, rows):
    client = make_client(register="2 per hour")
    assert statuses(register(client, name) for name in "ab") == [201] * 2
    assert is_refused(register(client, "c"))
    assert rows("SELECT id FROM users WHERE username = 'c'") == []


def test_registrations_that_are_refused_are_counted_too(make_client):
    client = make_client(register="2 per hour")
    assert statuses(register(client, "noise") for _ in range(3)) == [400, 400, 429]


def test_the_writes_of_a_learner_are_limited(make_client, learner, rows):
    client = make_client(write="2 per hour")
    assert statuses(write(client, learner, exercise_id) for exercise_id in (5, 6)) == [201] * 2
    assert is_refused(write(client, learner, 7))
    assert rows("SELECT id FROM scores WHERE exercise_id = 7") == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/scores"), ("PUT", "/scores/1"), ("PATCH", "/scores/1")])
def test_all_writes_share_one_count(make_client, learner, method, path):
    client = make_client(write="1 per hour")
    write(client, learner)
    assert is_refused(client.open(path, method=method, json={}, headers=learner.headers))


@pytest.mark.parametrize("who", ["grader", "admin"])
def test_the_writes_of_staff_are_not_counted(request, make_client, who):
    client = make_client(write="1 per hour")
    member = request.getfixturevalue(who)
    assert statuses(write(client, member) for _ in range(3)) == [201, 200, 200]


def test_reading_is_not_limited(make_client, learner):
    client = make_client(login="1 per hour", register="1 per hour", write="1 per hour")
    write(client, learner)
    assert write(client, learner).status_code == 429
    assert statuses(client.get("/scores/user", headers=learner.headers) for _ in range(3)) == [200] * 3


def test_learners_are_counted_apart(make_client, learner, other):
    client = make_client(write="1 per hour")
    assert statuses(write(client, who) for who in (learner, other, learner, other)) == [201, 201, 429, 429]


def test_a_learner_is_counted_whatever_his_token(make_client, learner):
    client = make_client(write="1 per hour")
    write(client, learner)
    token = login(client, learner.email, PASSWORD).json["auth_token"]
    answer = client.patch("/scores", json={}, headers={"Authorization": f"Bearer {token}"})
    assert is_refused(answer)


def test_anonymous_calls_count_against_no_learners_limit(make_client, learner):
    client = make_client(write="1 per hour")
    assert statuses(client.patch("/scores", json={}) for _ in range(3)) == [403] * 3
    assert write(client, learner).status_code == 201


def test_addresses_are_counted_apart(make_client, learner):
    client = make_client(login="1 per hour")
    here, there = ({"REMOTE_ADDR": address} for address in ("192.0.2.1", "2001:db8::1"))
    answers = (login(client, learner.email, environ_overrides=address) for address in (here, there, here, there))
    assert statuses(answers) == [404, 404, 429, 429]


@pytest.mark.parametrize(("proxies", "expected"), [(0, [404, 429]), (1, [404, 404])])
def test_the_address_that_a_proxy_names_counts_if_there_is_one(make_client, learner, proxies, expected):
    client = make_client(login="1 per hour", TRUSTED_PROXIES=proxies)
    headers = ({"X-Forwarded-For": address} for address in ("192.0.2.1", "192.0.2.2"))
    assert statuses(login(client, learner.email, headers=forwarded) for forwarded in headers) == expected


def test_an_address_forged_by_the_client_is_not_used(make_client, learner):
    client = make_client(login="1 per hour", TRUSTED_PROXIES=1)
    headers = ({"X-Forwarded-For": f"{claim}, 192.0.2.1"} for claim in ("192.0.2.8", "192.0.2.9"))
    assert statuses(login(client, learner.email, headers=forwarded) for forwarded in headers) == [404, 429]


def test_each_limit_has_its_own_count(make_client, learner):
    client = make_client(login="1 per hour", register="1 per hour")
    assert statuses([login(client, learner.email), login(client, learner.email)]) == [404, 429]
    assert statuses([register(client, "a"), register(client, "b")]) == [201, 429]
    assert write(client, learner).status_code == 201


def test_of_several_limits_each_holds(make_client, learner):
    client = make_client(write="100 per minute; 2 per hour")
    assert statuses(write(client, learner) for _ in range(3)) == [201, 200, 429]


def test_workers_share_their_counts(make_client, learner):
    first, second = (make_client(login="2 per hour", write="2 per hour") for _ in range(2))
    assert statuses(login(client, learner.email) for client in (first, second, first, second)) == [404, 404, 429, 429]
    assert statuses(write(client, learner) for client in (first, second, first, second)) == [201, 200, 429, 429]


def test_a_worker_of_a_single_thread_can_count(make_client, learner):
    client = make_client(WEB_THREADS=1)
    assert write(client, learner).status_code == 201
    assert login(client, learner.email).status_code == 404


def test_when_the_window_is_over_counting_starts_anew(make_client, learner, end_windows):
    client = make_client(login="1 per hour", write="1 per hour")
    for _ in range(2):
        assert statuses([login(client, learner.email), login(client, learner.email)]) == [404, 429]
        assert statuses([write(client, learner), write(client, learner)])[1] == 429
        end_windows()


def test_refused_calls_do_not_prolong_the_window(make_client, learner, rows):
    client = make_client(write="1 per hour")
    write(client, learner)
    before = rows("SELECT ends_at FROM rate_limits")
    assert write(client, learner).status_code == 429
    assert rows("SELECT ends_at FROM rate_limits") == before


def test_windows_that_are_over_are_cleared_away(app, make_client, learner, end_windows, rows):
    login(make_client(), learner.email)
    end_windows()
    old, new = "SELECT key FROM rate_limits WHERE ends_at < now()", "SELECT key FROM rate_limits WHERE ends_at > now()"
    assert len(rows(old)) == 3  # by account and address, by address, by account
    # One call in CLEANING deletes them.
    with app.app_context():
        storage = DatabaseStorage()
        for _ in range(30 * CLEANING // 100):  # that none of these calls deletes them has a probability of 1e-13
            for _ in range(100):
                storage.incr("another", HOUR)
            if not rows(old):
                break
    assert rows(old) == []
    assert rows(new) == [{"key": "another"}]


def test_nothing_is_counted_when_limits_are_off(make_app, learner, rows):
    client = make_app(RATELIMIT_ENABLED=False, RATE_LIMIT_LOGIN="1 per hour").test_client()
    assert statuses(login(client, learner.email) for _ in range(3)) == [404] * 3
    assert rows("SELECT key FROM rate_limits") == []


UNREADABLE = ["", "often", "5", "-3 per hour", "5 per fortnight", "3 per hour; often"]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        *(("RATE_LIMIT_LOGIN", text) for text in UNREADABLE),
        ("RATE_LIMIT_LOGIN_ADDRESS", "often"),
        ("RATE_LIMIT_LOGIN_ACCOUNT", "often"),
        ("RATE_LIMIT_REGISTER", "often"),
        ("RATE_LIMIT_WRITE", "often"),
    ],
)
def test_a_limit_that_cannot_be_read_stops_the_start(setting, text):
    with pytest.raises(SystemExit) as stop:
        create_app(**{setting: text})
    assert str(stop.value).startswith(f"error: {setting} is {text!r}: ")
    assert "\n" not in str(stop.value)
