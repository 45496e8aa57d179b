"""How many nodes each hot statement of a distributed database would ask: said by docs/scaling.md, and held here."""

import re

import pytest

from project.api.leaderboard import queries as leaderboard
from project.api.progress import queries as progress
from project.api.scores import queries as scores
from project.api.scores import record_statement
from project.api.submissions import hand_in_statement
from project.api.submissions import queries as submissions
from project.api.users import queries as users
from project.config import ROOT
from project.postgres.citus.plan import PLAN, TableKind
from project.web import rate_limits
from project.web.idempotency import keys

ONE_NODE, COORDINATOR, ANY_NODE, BY_REPORT = "one node", "the coordinator", "any node", "a node a report"
FAN_OUT, TOP_N = "all nodes, a row", "all nodes, a page"

HOT = {
    "scores.queries.page_of_scores('holder')": (scores.page_of_scores("holder").text, ONE_NODE),
    "scores.queries.OWN_SCORE": (scores.OWN_SCORE.text, ONE_NODE),
    "scores.queries.ADD": (scores.ADD.text, ONE_NODE),
    "scores.queries.UPDATE": (scores.UPDATE.text, ONE_NODE),
    "scores.queries.MAY_UPDATE": (scores.MAY_UPDATE.text, ONE_NODE),
    "scores.record_statement.RECORD": (record_statement.RECORD.text, BY_REPORT),
    "scores.queries.SCORE": (scores.SCORE.text, FAN_OUT),
    "scores.queries.page_of_scores()": (scores.page_of_scores("cursor").text, TOP_N),
    "progress.queries.PROGRESS": (progress.PROGRESS, ONE_NODE),
    "submissions.hand_in_statement.HAND_IN": (hand_in_statement.HAND_IN.text, BY_REPORT),
    "submissions.queries.CLAIM": (submissions.CLAIM, FAN_OUT),
    "submissions.queries.FINISH": (submissions.FINISH.text, FAN_OUT),
    "idempotency.keys._CLAIM": (keys._CLAIM, ONE_NODE),  # noqa: SLF001 - its text is what this is about
    "rate_limits._COUNT": (rate_limits._COUNT.text, ONE_NODE),  # noqa: SLF001 - the same
    "users.queries.ROLE_OF_HOLDER": (users.ROLE_OF_HOLDER, ANY_NODE),
    "leaderboard.queries.PAGE": (leaderboard.PAGE.text, COORDINATOR),
    "leaderboard.queries.ME": (leaderboard.ME.text, COORDINATOR),
}
# A learner that the caller names, or a row that has one.
NAMES_LEARNER = re.compile(r"\buser_id = :(owner|holder|user_id|me)\b")
INSERTS = re.compile(r"INSERT INTO (\w+)(?: AS \w+)? \(\s*([\w, \n]+)\)")
READS = re.compile(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)")


def distributed_tables(text):
    """Return the distributed tables that a statement reads, beside those that it inserts into."""
    return {name for name in READS.findall(text) if name in PLAN and PLAN[name].kind is TableKind.DISTRIBUTED}


@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_queries_as_many_nodes_as_documented(name):
    statement, nodes = HOT[name]
    text = str(statement)
    inserted = INSERTS.findall(text)
    if nodes in {ONE_NODE, BY_REPORT}:
        assert inserted or NAMES_LEARNER.search(text)
        for table, columns in inserted:
            assert PLAN[table].column in re.split(r",\s*", columns.strip())
        if distributed_tables(text) and not inserted:
            # As often as a distributed table is read, its learner is named.
            assert len(NAMES_LEARNER.findall(text)) >= len(distributed_tables(text))
    elif nodes in {FAN_OUT, TOP_N}:
        assert not NAMES_LEARNER.search(text)
        assert "id = :id" in text if nodes == FAN_OUT else re.search(r"ORDER BY id LIMIT :rows\b", text)
    elif nodes == ANY_NODE:
        assert distributed_tables(text) == set()
    else:
        # Pending changes of all learners; and, where a latest solve was taken away, the scores of that one.
        assert distributed_tables(text) == {"pending_changes", "scores"}
        assert ":limit" in text or ":neighbours" in text


def test_the_docs_list_the_distribution():
    page = (ROOT / "docs" / "scaling.md").read_text()
    rows = dict(re.findall(r"^\| [^|]+ \| `([^`]+)` \| ([^|]+?) \|", page, re.MULTILINE))
    assert rows == {name: nodes for name, (_, nodes) in HOT.items()}
