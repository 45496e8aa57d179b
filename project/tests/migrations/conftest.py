"""Databases of one's own, and the migrations as they were when they landed."""

import shutil
from pathlib import Path

import flask_migrate
import pytest

from project.config import ROOT
from project.tests.servers import own_database

LANDED = Path(__file__).parent / "landed"


@pytest.fixture
def empty(app, make_app):
    """The application, on an empty database of its own."""
    with own_database(app) as url:
        own = make_app(SQLALCHEMY_DATABASE_URI=url)
        with own.app_context():
            yield own


@pytest.fixture
def upgrade_as_landed(tmp_path):
    """Migrate with these files as they first landed: `upgrade_as_landed("0010", "0009_rank_blocks.py", ...)`."""

    def upgrade(revision, *names):
        directory = tmp_path / "migrations"
        shutil.copytree(ROOT / "migrations", directory, ignore=shutil.ignore_patterns("__pycache__"))
        for name in names:
            (directory / "versions" / name).write_text((LANDED / f"{name}.txt").read_text())
        flask_migrate.upgrade(directory=str(directory), revision=revision)

    return upgrade
