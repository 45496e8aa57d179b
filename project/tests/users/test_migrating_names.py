"""Upgrading a database whose users have names that are one name now."""

import flask_migrate
import pytest
import sqlalchemy as sa

from project import db
from project.tests.servers import own_database

NAMES = ["ada", "\N{FULLWIDTH LATIN SMALL LETTER A}da", "ad\N{FEMININE ORDINAL INDICATOR}", "bob", "\ufdfa" * 128]


@pytest.fixture
def old(app, make_app):
    """An application on a database of the revision before the rule, with users."""
    with own_database(app) as url:
        own = make_app(SQLALCHEMY_DATABASE_URI=url)
        with own.app_context():
            flask_migrate.upgrade(revision=BEFORE)
            for number, name in enumerate(NAMES):
                add(name, f"{number}@example.org")
            yield own
            db.session.remove()


BEFORE = "0010"
ADD = sa.text("INSERT INTO users (username, email, password_hash) VALUES (:name, :email, '')")


def add(name, email):
    db.session.execute(ADD, {"name": name, "email": email})
    db.session.commit()


def test_no_account_is_renamed_and_no_new_one_looks_like_an_old_one(old):
    flask_migrate.upgrade()
    found = db.session.execute(sa.text("SELECT username, shares_name FROM users ORDER BY id")).all()
    assert found == [(name, shares) for name, shares in zip(NAMES, [False, True, True, False, False], strict=True)]
    for number, name in enumerate(["ADA", "B\N{FULLWIDTH LATIN SMALL LETTER O}b"]):
        with pytest.raises(sa.exc.IntegrityError, match="uq_users_username"):
            add(name, f"new{number}@example.org")
        db.session.rollback()


def test_going_back_works_with_such_names(old):
    flask_migrate.upgrade()
    db.session.rollback()
    flask_migrate.downgrade(revision=BEFORE)
    assert db.session.scalar(sa.text("SELECT count(*) FROM users")) == len(NAMES)
