"""Access to the server's database, by psql and by the commands of `manage.py`."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.grading.service import Service
from project.config import ROOT
from project.postgres.embedded import PROGRAMS, WHEEL

STAGE = "CREATE TEMPORARY TABLE incoming (user_id bigint, exercise_id bigint, correct boolean)"
# The usual way with psql, and that of the API: one upsert from a temporary table.
UPSERT = """
    INSERT INTO scores (user_id, exercise_id, correct, source)
    SELECT user_id, exercise_id, correct, 'override' FROM incoming
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
        correct = excluded.correct, source = excluded.source, change_id = excluded.change_id
"""
COUNT = """
    SELECT count(*) FROM scores AS s JOIN score_changes AS c ON c.id = s.change_id AND c.correct = s.correct
    WHERE s.user_id BETWEEN {first} AND {last} AND s.correct = {correct}
"""


class Database:
    """The database of a running server."""

    def __init__(self, service: Service) -> None:
        self._service = service
        directory = Path(service.environment["DATA_DIR"], "postgres", "data")
        socket = (directory / "postmaster.pid").read_text().splitlines()[4]
        wheel = find_spec(WHEEL)
        home = Path(wheel.submodule_search_locations[0]) if wheel and wheel.submodule_search_locations else Path()
        self._psql = [str(home / PROGRAMS / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "eval"]

    def admin_token(self) -> str:
        """Add an admin; return their token."""
        self._manage("add_user", "bench", "bench@example.org", "--role", "admin")
        return self._manage("token", "bench@example.org").strip()

    def copy(self, file: Path) -> None:
        """Load a CSV file with psql."""
        self.run(STAGE, f"\\copy incoming FROM '{file}' WITH (FORMAT csv, HEADER)", UPSERT)

    def count(self, first: int, last: int, *, correct: bool) -> int:
        """Return the number of scores of these users with this value, in the ledger too."""
        return int(self.run(COUNT.format(first=first, last=last, correct=correct)))

    def vacuum(self) -> None:
        """Remove dead rows, so that a measurement does not depend on the one before."""
        self.run("VACUUM scores", "VACUUM score_changes")

    def run(self, *commands: str) -> str:
        """Run commands of psql; return their output."""
        options = [word for command in commands for word in ("-c", command)]
        return self._output([*self._psql, "-d", "eval_prod", *options])

    def _manage(self, *arguments: str) -> str:
        return self._output([sys.executable, "manage.py", *arguments])

    def _output(self, command: Sequence[str]) -> str:
        environment = self._service.environment
        return subprocess.run(  # noqa: S603 - our own commands
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
