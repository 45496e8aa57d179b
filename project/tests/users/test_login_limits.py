"""The three limits on failed log-ins, also of those that come at once."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from project.tests.conftest import PASSWORD

WRONG = "not the password"
AT_ONCE = 16
MANY = "1000 per hour"


@pytest.fixture
def make_client(make_app):
    """Make a client of an application that counts: `make_client(account="3 per hour")`."""

    def make(*, pair=MANY, address=MANY, account=MANY, **settings):
        limits = {
            "RATE_LIMIT_LOGIN": pair,
            "RATE_LIMIT_LOGIN_ADDRESS": address,
            "RATE_LIMIT_LOGIN_ACCOUNT": account,
        }
        threads = {"WEB_THREADS": 2 * AT_ONCE, "PASSWORD_HASHES_AT_ONCE": AT_ONCE}
        return make_app(RATELIMIT_ENABLED=True, **limits, **threads, **settings).test_client()

    return make


def login(client, email, password=WRONG, address="192.0.2.1"):
    body = {"email": email, "password": password}
    return client.post("/auth/login", json=body, environ_overrides={"REMOTE_ADDR": address}).status_code


def at_once(client, requests):
    """Send log-ins at the same time, each from a client of its own; return their statuses, sorted."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(lambda one: login(client.application.test_client(), *one), requests))


def test_of_many_wrong_log_ins_at_once_no_more_than_the_limit_are_tried(make_client, learner):
    client = make_client(pair="3 per hour")
    requests = [(learner.email, f"{WRONG} {number}") for number in range(AT_ONCE)]
    assert at_once(client, requests) == [404] * 3 + [429] * (AT_ONCE - 3)


def test_of_many_wrong_log_ins_at_once_from_everywhere_no_more_than_the_accounts_limit_are_tried(make_client, learner):
    client = make_client(account="3 per hour")
    requests = [(learner.email, WRONG, f"192.0.2.{number}") for number in range(AT_ONCE)]
    assert at_once(client, requests) == [404] * 3 + [429] * (AT_ONCE - 3)


def test_of_many_wrong_log_ins_at_once_to_many_accounts_no_more_than_the_addresss_limit_are_tried(make_client):
    client = make_client(address="3 per hour")
    requests = [(f"nobody-{number}@example.org",) for number in range(AT_ONCE)]
    assert at_once(client, requests) == [404] * 3 + [429] * (AT_ONCE - 3)


def test_right_log_ins_at_once_use_up_no_limit(make_client, learner):
    client = make_client(pair=f"{AT_ONCE} per hour", address=f"{AT_ONCE} per hour", account=f"{AT_ONCE} per hour")
    for _ in range(2):
        assert at_once(client, [(learner.email, PASSWORD)] * AT_ONCE) == [200] * AT_ONCE


def test_guessing_does_not_lock_other_accounts_at_the_same_address(make_client, learner, other):
    client = make_client(pair="2 per hour", address="5 per hour")
    assert [login(client, learner.email) for _ in range(20)] == [404] * 2 + [429] * 18
    assert login(client, other.email, PASSWORD) == 200
    assert login(client, other.email) == 404


def test_guessing_does_not_lock_the_account_at_other_addresses(make_client, learner):
    client = make_client(pair="2 per hour", account="5 per hour")
    assert [login(client, learner.email) for _ in range(20)] == [404] * 2 + [429] * 18
    assert login(client, learner.email, PASSWORD, "192.0.2.2") == 200


def test_refused_attempts_use_up_no_limit(make_client, learner, rows):
    client = make_client(pair="2 per hour", account="3 per hour")
    addresses = itertools.cycle([f"192.0.2.{number}" for number in range(8)])
    assert sorted(login(client, learner.email, address=next(addresses)) for _ in range(40)) == [404] * 3 + [429] * 37
    assert max(row["hits"] for row in rows("SELECT hits FROM rate_limits")) == 3
    assert login(client, "nobody@example.org", address="192.0.2.1") == 404


def test_an_account_is_counted_as_one_however_its_address_is_spelt(make_client, change, learner):
    change("UPDATE users SET email = 'kim@example.org' WHERE id = :id", id=learner.id)
    client = make_client(pair="2 per hour")
    # PostgreSQL folds the capital I with a dot to "i"; Python makes two letters of it.
    spellings = ["kim@example.org", "KIM@example.org", "K\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}M@example.org"]
    assert [login(client, spelling) for spelling in spellings] == [404, 404, 429]


def test_an_unknown_account_is_limited_like_a_known_one(make_client, learner):
    client = make_client(pair="2 per hour")
    for email in (learner.email, "nobody@example.org"):
        assert [login(client, email) for _ in range(3)] == [404, 404, 429]


def test_addresses_of_one_ipv6_network_are_one(make_client, learner):
    client = make_client(pair="2 per hour", address="3 per hour")
    assert [login(client, learner.email, address=f"2001:db8::{number}") for number in range(4)] == [404, 404, 429, 429]
    assert login(client, learner.email, address="2001:db8:0:1::1") == 404


def test_the_table_of_limits_holds_no_account(make_client, learner, rows):
    login(make_client(), learner.email)
    keys = [row["key"] for row in rows("SELECT key FROM rate_limits")]
    assert len(keys) == 3
    assert not any("learner" in key for key in keys)


def test_a_limit_of_none_lets_no_log_in_through(make_client, learner):
    assert login(make_client(pair="0 per hour"), learner.email, PASSWORD) == 429
