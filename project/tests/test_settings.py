"""How settings are read, and how a start with a wrong one is refused."""

import runpy
import sys

import pytest

from project import config, create_app
from project.settings import declarations as settings
from project.settings import grading as grading_settings
from project.settings import limits as limit_settings
from project.tests.servers import run_python

PRODUCTION = "project.config.ProductionConfig"
SECRET_KEY = "0123456789abcdef" * 2


@pytest.fixture
def read_settings(monkeypatch):
    """Read the configuration anew, from this environment alone."""
    declared = list(settings.SETTINGS)
    for setting in declared:
        monkeypatch.delenv(setting.name, raising=False)

    def read(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for module in (grading_settings, limit_settings):  # are read anew with the rest
            monkeypatch.delitem(sys.modules, module.__name__)
        return runpy.run_path(config.__file__)

    yield read
    settings.SETTINGS[:] = declared  # reading declares them once more


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_WORKERS", "x"),
        ("WEB_WORKERS", "0"),
        ("WEB_THREADS", "1.5"),
        ("SANDBOX_MIN_LEVEL", "0"),
        ("GRADING_LEASE_SECONDS", "soon"),
        ("DATABASE_TIMEOUT_SECONDS", "nan"),
        ("USERS_SERVICE_READ_TIMEOUT", "nan"),
        ("SCORES_PUBLIC", "maybe"),
        ("SELF_REPORTED_SCORES", "some"),
        ("REGISTRATION", "Closed"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("PASSWORD_MIN_LENGTH", "-1"),
        ("USERS_SERVICE_URL", "ftp://x"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("DATABASE_TEST_URL", "sqlite:///secret"),
        ("DATABASE_URL", "u:secret@h/d"),
        ("PASSWORD_HASH_MEMORY_KIB", "8"),  # argon2 needs 8 for each of its 4 lanes
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(read_settings, name, value):
    with pytest.raises(SystemExit) as refusal:
        read_settings(**{name: value})
    sentence = str(refusal.value)
    assert name in sentence
    assert "\n" not in sentence
    assert "secret" not in sentence.replace("SECRET", "")


def test_settings_that_are_empty_are_not_set(read_settings):
    assert read_settings(WEB_WORKERS="", SCORES_PUBLIC=" ")["BaseConfig"].SCORES_PUBLIC is True


def test_a_secret_key_may_stand_in_a_file(read_settings, tmp_path):
    (tmp_path / "key").write_text(f"{SECRET_KEY}\n")
    assert read_settings(SECRET_KEY_FILE=str(tmp_path / "key"))["BaseConfig"].SECRET_KEY == SECRET_KEY


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_url_may_be_spelled_in_each_usual_way(read_settings, scheme):
    read = read_settings(DATABASE_URL=f"{scheme}://u:p@h:5433/d?sslmode=require")
    assert read["ProductionConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://u:p@h:5433/d?sslmode=require"


def test_the_tests_have_a_database_url_of_their_own(read_settings):
    read = read_settings(DATABASE_URL="postgres://h/production", DATABASE_TEST_URL="postgres://h/tests")
    assert read["TestingConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://h/tests"
    assert read["DevelopmentConfig"].SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://h/production"


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_production_needs_a_long_secret_key(monkeypatch, key):
    monkeypatch.setenv("APP_SETTINGS", PRODUCTION)
    with pytest.raises(SystemExit, match="SECRET_KEY must be set"):
        create_app(SECRET_KEY=key)


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["manage.py", "db", "current"], {"APP_SETTINGS": ""}, "project.config.DevelopmentConfig"),
        (["-c", "from project import create_app; create_app()"], {"APP_SETTINGS": "Nonsense"}, "Nonsense"),
        (["manage.py", "db", "current"], {"DATA_DIR": "/proc/nothing"}, "DATA_DIR"),
        (["manage.py", "db", "current"], {"WEB_WORKERS": "x"}, "WEB_WORKERS"),
        (["manage.py", "db", "current"], {"DATABASE_TEST_URL": "postgres://u:secret@h:port/d"}, "DATABASE_TEST_URL"),
    ],
    ids=["APP_SETTINGS not set", "APP_SETTINGS wrong", "DATA_DIR", "WEB_WORKERS", "DATABASE_TEST_URL"],
)
def test_a_start_with_a_wrong_setting_ends_with_one_sentence_and_status_1(tmp_path, arguments, environment, word):
    result = run_python(tmp_path, *arguments, **environment)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
    assert result.stderr.startswith("error: ")
    assert word in result.stderr
    assert "secret" not in result.stderr
