"""A PostgreSQL that nobody else uses, for what is put in front of it or beside it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from project.postgres.embedded import EmbeddedPostgres
from project.tests.servers import private_data_dir, reachable


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """An embedded PostgreSQL of the module's own."""
    with private_data_dir(tmp_path_factory.mktemp("scaling")) as data_dir, TemporaryDirectory() as short:
        own = EmbeddedPostgres(data_dir / "postgres", reachable(Path(short)) / "socket")
        own.start()
        yield own
        own.stop()
