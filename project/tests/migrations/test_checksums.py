"""A migration that has landed is never edited: databases that it has made already would stay as they are."""

import hashlib

from project.config import ROOT

MIGRATIONS = ROOT / "migrations"
WHAT_TO_DO = """
If this migration is on the main branch, restore it (`git checkout main -- migrations/versions/{name}`) and write a new
one: databases that have run it will not run it again. If it is new, write its checksum anew, in migrations/versions:
    sed -i '/  {name}$/d' ../checksums.txt && sha256sum {name} >> ../checksums.txt
"""


def kept():
    """Return the checksum of each file, as `sha256sum` wrote it."""
    lines = (MIGRATIONS / "checksums.txt").read_text().splitlines()
    assert len(lines) == len({line.split()[1] for line in lines}), "a file is listed twice in migrations/checksums.txt"
    return {name: checksum for checksum, name in (line.split() for line in lines)}


def found():
    files = [path for path in (MIGRATIONS / "versions").iterdir() if path.suffix in {".py", ".sql"}]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_landed_migration_is_as_it_landed():
    now, then = found(), kept()
    assert len(now) > 10
    for name in sorted(now.keys() | then.keys()):
        assert now.get(name) == then.get(name), WHAT_TO_DO.format(name=name)
