"""Forms of statements that PostgreSQL takes, and that Citus was seen to refuse or to answer wrongly."""

import re

from project.config import ROOT

# The first landed migrations stay as they are; 0010 replaced their functions.
SOURCES = [
    path
    for folder, pattern in (("project", "*.py"), ("migrations", "001*.py"), ("migrations", "001*.sql"))
    for path in (ROOT / folder).rglob(pattern)
    if "tests" not in path.parts
]


def places(pattern):
    """Return where a pattern is found in the text of the product."""
    return [
        f"{path.relative_to(ROOT)}:{path.read_text().count(chr(10), 0, found.start()) + 1}"
        for path in SOURCES
        for found in re.finditer(pattern, path.read_text())
    ]


def test_every_subquery_has_a_column():
    assert len(SOURCES) > 100
    assert places(r"EXISTS\s*\(\s*SELECT 1 FROM")
    assert places(r"SELECT\s+FROM") == []


def test_only_the_trigger_numbers_the_changes_of_scores():
    trigger = {line.split(":")[0] for line in places(r"nextval\('score_change_ids'\)")}
    # The migration that last changed the trigger holds its copy.
    assert trigger == {"project/api/scores/triggers.py", "migrations/versions/0013_unlisted_reports.sql"}


def test_an_export_is_ordered_by_its_outermost_query():
    text = (ROOT / "project/api/scores/bulk/exporting.py").read_text()
    assert re.search(r"AS s ORDER BY s\.id\) TO STDOUT", text)
