"""The configurations that APP_SETTINGS selects."""

import pytest

from project import config
from project.settings.declarations import postgresql_url

SPELLINGS = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2")


@pytest.mark.parametrize(
    ("name", "debug", "testing"),
    [
        ("DevelopmentConfig", True, False),
        ("TestingConfig", True, True),
        ("StagingConfig", False, False),
        ("ProductionConfig", False, False),
    ],
)
def test_each_configuration_has_the_settings_of_its_name(shared_app, name, debug, testing):
    configured = type(shared_app.config)(shared_app.root_path)
    configured.from_object(f"project.config.{name}")
    assert configured["DEBUG"] is debug
    assert configured["TESTING"] is testing
    assert configured["PRESERVE_CONTEXT_ON_EXCEPTION"] is False
    assert configured["SQLALCHEMY_DATABASE_URI"].startswith("postgresql+psycopg://")


@pytest.mark.parametrize("scheme", SPELLINGS)
def test_every_spelling_of_a_postgresql_url_works(scheme):
    assert postgresql_url(f"{scheme}://u:p@h:5/d") == "postgresql+psycopg://u:p@h:5/d"


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "sqlite:///x", "postgres", "postgresql:secret", "postgres://u:secret@h:port/d"]
)
def test_another_database_is_rejected_without_printing_its_password(url):
    with pytest.raises(ValueError, match="must read like postgres://") as refusal:
        postgresql_url(url)
    assert "secret" not in str(refusal.value)


def test_each_configuration_has_an_embedded_database_of_its_own():
    names = {config.embedded_url(name).partition("?")[0].rpartition("/")[2] for name in ("eval_dev", "eval_test")}
    assert names == {"eval_dev", "eval_test"}
