"""Answers in SQL: results are compared outside of the sandbox, and statements reach nothing but tables."""

import pytest

from project.judging.problems import Case
from project.sandbox.inside.sizes import MAX_ROWS_BYTES
from project.sandbox.limits import Limits
from project.tests.judging.cases import single

SETUP = """
CREATE TABLE people (name TEXT PRIMARY KEY, age INTEGER, height REAL, photo BLOB);
INSERT INTO people VALUES ('Ada; the first', 36, 1.65, x'00ff');
INSERT INTO people VALUES ('Alan', 41, 1.8, NULL), ('Grace', 85, NULL, NULL);
"""
ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)"

TRIGGER = """
CREATE TRIGGER t AFTER INSERT ON people BEGIN SELECT 1; UPDATE people SET age = 7 WHERE name = NEW.name; END;
INSERT INTO people (name) VALUES ('Kurt');
SELECT age FROM people WHERE name = 'Kurt';
"""


@pytest.fixture
def result(judge):
    """Return a function that judges an answer by one case."""

    def judged(answer, *rows, columns=None, limits=None, **case):
        case = {"name": "c", "kind": "sql", "setup": SETUP, **case}
        expected = {"rows": list(rows)} | ({"columns": columns} if columns else {})
        stored = Case.from_json({**case, "expected": expected})
        return single(judge, answer, stored, language="sql", limits=limits or Limits())

    return judged


@pytest.fixture
def verdict(result):
    return lambda *arguments, **case: result(*arguments, **case).verdict.value


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ("SELECT name, age FROM people WHERE age > 40 ORDER BY age", [["Alan", 41], ["Grace", 85]]),
        ("SELECT photo FROM people ORDER BY age", [[{"$blob": "00ff"}], [None], [None]]),
        ("SELECT 5.0, 5, '5', '', 9e999, -9e999", [[5, 5.0, "5", "", {"$float": "inf"}, {"$float": "-inf"}]]),
        ("SELECT 9223372036854775807, 1 / 0, 'a' || char(0) || 'b'", [[2**63 - 1, None, "a\0b"]]),
        ("SELECT CAST(x'ff41' AS TEXT)", [["\ufffdA"]]),
        ("SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT NULL", [[1], [1], [None]]),
        ("\ufeffselect 1;\r\n-- the end; of it\r\n", [[1]]),
        ("/* ' ; */ SELECT ';', \";\" FROM (SELECT 2 AS [;]);;", [[";", 2]]),
        ("SELECT 1; SELECT 2; UPDATE people SET age = 1", [[2]]),
        ("CREATE TEMP VIEW old AS SELECT name FROM people WHERE age > 80; SELECT * FROM old", [["Grace"]]),
        ("BEGIN; DELETE FROM people; ROLLBACK; SELECT count(*) FROM people", [[3]]),
        ("PRAGMA foreign_keys = ON; PRAGMA foreign_keys", [[1]]),
        ("INSERT INTO people (name) VALUES ('Kurt') RETURNING name, age", [["Kurt", None]]),
        ("SELECT name FROM people WHERE 0", []),
        (TRIGGER, [[7]]),
        (f"{ENDLESS} SELECT n FROM t LIMIT 3", [[1], [2], [3]]),
    ],
)
def test_a_correct_result_is_accepted(result, answer, rows):
    found = result(answer, *rows)
    assert found.verdict == "accepted", found
    assert (found.error, found.hint) == ("", "")


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ("SELECT 5", [["5"]]),
        ("SELECT '5'", [[5]]),
        ("SELECT NULL", [[""]]),
        ("SELECT x'61'", [["a"]]),
        ("SELECT 'A'", [["a"]]),
        ("SELECT 0.1 + 0.2", [[0.3]]),
        ("SELECT 1 UNION ALL SELECT 1", [[1]]),
        ("SELECT 1, 2", [[1]]),
        ("SELECT name FROM people WHERE 0", [[None]]),
    ],
)
def test_a_different_result_is_wrong(verdict, answer, rows):
    assert verdict(answer, *rows) == "wrong_answer"
    assert verdict(answer, *rows, ordered=False) == "wrong_answer"


def test_the_order_of_rows_matters_unless_the_case_ignores_it(result):
    rows = [["Grace"], ["Alan"], ["Ada; the first"]]
    answer = "SELECT name FROM people ORDER BY name"
    ordered = result(answer, *rows)
    assert ordered.verdict == "wrong_answer"
    assert ordered.hint == "The rows are right, but in another order. Check ORDER BY."
    assert result(answer, *rows, ordered=False).verdict == "accepted"


def test_rows_in_any_order_are_counted(verdict):
    answer = "VALUES (1, 'a'), (1, 'a'), (2, NULL)"
    assert verdict(answer, [2, None], [1, "a"], [1.0, "a"], ordered=False) == "accepted"
    assert verdict(answer, [2, None], [1, "a"], [2, None], ordered=False) == "wrong_answer"
    assert verdict(answer, [2, None], [1, "a"], ordered=False) == "wrong_answer"


def test_numbers_may_differ_with_the_checker_tolerance_in_any_order_too(verdict):
    tolerant = {"checker": "tolerance", "tolerance": 0.01}
    assert verdict("SELECT 0.1 + 0.2", [0.3], **tolerant) == "accepted"
    assert verdict("SELECT 0.4", [0.3], **tolerant) == "wrong_answer"
    assert verdict("SELECT '0.3'", [0.3], **tolerant) == "wrong_answer"
    # In the order of their first numbers, the rows of both would be in different orders.
    answer = "VALUES (1.001, 5, 'x'), (1.0, 3, 'x'), (NULL, 2, 'x')"
    assert verdict(answer, [1.0, 5, "x"], [None, 2, "x"], [1.001, 3, "x"], ordered=False, **tolerant) == "accepted"
    assert verdict(answer, [1.0, 5, "x"], [None, 2, "x"], [1.001, 5, "x"], ordered=False, **tolerant) == "wrong_answer"


def test_the_case_of_texts_may_differ(verdict):
    assert verdict("SELECT 'ADA'", ["ada"], checker="case_insensitive") == "accepted"


def test_the_names_of_columns_matter_only_if_the_case_compares_them(result):
    assert result("SELECT 1 AS a, 2 AS a", [1, 2], columns=["x", "y"]).verdict == "accepted"
    assert result('SELECT 1 AS A, 2 AS "b"', [1, 2], columns=["a", "B"], column_names=True).verdict == "accepted"
    other = result("SELECT 1 AS a, 2", [1, 2], columns=["a", "b"], column_names=True)
    assert other.verdict == "wrong_answer"
    assert other.hint == "The rows are right, but columns have other names. Use AS to name a column."


def test_a_query_of_the_case_judges_what_the_answer_has_changed(result):
    query = "SELECT name FROM people WHERE age IS NULL"
    found = result("INSERT INTO people (name) VALUES ('Kurt'); SELECT 5", ["Kurt"], query=query)
    assert found.verdict == "accepted"
    assert found.call == query
    assert result("SELECT 'Kurt'", ["Kurt"], query=query).verdict == "wrong_answer"
    missing = result("SELECT 1", [1], query="SELECT * FROM adults")
    assert missing.verdict == "runtime_error"
    assert "after your answer had run. Line 1: no such table: adults" in missing.error


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("DELETE FROM people", "No statement of your answer has a result. Is a SELECT missing?"),
        ("-- nothing", "No statement of your answer has a result. Is a SELECT missing?"),
        ("SELECT 1, 2", "The result has 2 columns instead of 1."),
        ("VALUES (1), (1)", "The rows are right, but some are there too often, or not often enough."),
        (f"{ENDLESS} SELECT n FROM t", "The result is so large that only its beginning was read."),
        ("SELECT 2", ""),
    ],
)
def test_a_wrong_answer_has_a_hint(result, answer, hint):
    found = result(answer, [1])
    assert found.verdict == "wrong_answer"
    assert found.hint.startswith(hint)
    assert bool(found.hint) == bool(hint)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("SELECT name\n  FORM people", 'Line 2: near "people": syntax error\n    FORM people\n         ^\n'),
        (
            "SELECT 1;\n\n  SELECT (a FROM a, a b",
            'Line 3: near "FROM": syntax error\n    SELECT (a FROM a, a b\n              ^\n',
        ),
        ("SELECT *\nFROM\n", "Line 2: incomplete input\n    FROM\n        ^\n"),
        ("SELECT 'a", "Line 1: unrecognized token: \"'a\"\n    SELECT 'a\n           ^\n"),
        (".tables", 'Line 1: near ".": syntax error\n    .tables\n    ^\nCommands that begin with a dot '),
        ("SELECT 1\0", "There is a NUL"),
    ],
)
def test_a_syntax_error_has_its_line(result, answer, error):
    found = result(answer, [1])
    assert found.verdict == "syntax_error"
    assert found.error.startswith(error)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("SELECT name,\n  agge\nFROM people", "Line 2: no such column: agge\n    agge\n    ^\n"),
        (
            "-- all\nSELECT * FROM persons",
            "Line 2: no such table: persons\n    SELECT * FROM persons\n                  ^\n",
        ),
        ("SELECT a.x, b.x\nFROM people a, people b", "Line 1: no such column: a.x\n"),
        ("INSERT INTO people (name) VALUES ('Alan')", "Line 1: UNIQUE constraint failed: people.name\n"),
        ("SELECT ?", "Line 1: Incorrect number of bindings supplied."),
        ("SELECT json('{')", "Line 1: malformed JSON\n"),
    ],
)
def test_another_error_has_the_message_of_sqlite(result, answer, error):
    found = result(answer, [1])
    assert found.verdict == "runtime_error"
    assert found.error.startswith(error)


@pytest.mark.parametrize(
    "answer",
    [
        "ATTACH 'other.db' AS other",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO 'copy.db'",
        "VACUUM",
        "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode = WAL",
        "PRAGMA temp_store_directory = '/'",
        "SELECT * FROM pragma_database_list",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
        "SELECT load_extension('/lib/x86_64-linux-gnu/libc.so.6')",
        "SELECT fts3_tokenizer('simple')",
    ],
)
def test_what_leads_out_of_the_tables_is_refused(result, answer):
    found = result(answer, [1])
    assert found.verdict == "runtime_error"
    assert "not authorized" in found.error or "authorization denied" in found.error
    assert "are not available here." in found.error


@pytest.mark.parametrize("answer", ["SELECT readfile('/etc/passwd')", "SELECT edit('x')", "SELECT writefile('x', 1)"])
def test_functions_of_the_shell_do_not_exist(result, answer):
    assert "no such function" in result(answer, [1]).error


def test_an_endless_query_ends_at_the_time_limit(result):
    found = result(f"{ENDLESS} SELECT count(*) FROM t", [1], limits=Limits(cpu_ms=200, wall_ms=2000))
    assert found.verdict == "time_limit"
    assert "Does a recursive query never end" in found.error


@pytest.mark.parametrize(
    "answer",
    ["SELECT randomblob(900000000)", f"CREATE TABLE big AS {ENDLESS} SELECT zeroblob(5000000) FROM t LIMIT 100"],
)
def test_a_query_that_needs_too_much_memory_ends_at_the_memory_limit(result, answer):
    assert result(answer, [1]).verdict == "memory_limit"


def test_a_result_is_read_only_in_part_if_it_is_too_large(result):
    rows = result(f"{ENDLESS} SELECT n FROM t", [1])
    assert "(more than " in rows.actual
    one = result("SELECT hex(zeroblob(100000))", [1])
    assert one.actual.endswith("(more than 0 rows)")
    names = ", ".join(f"1 AS a{'x' * 1000}{number}" for number in range(20))
    assert result(f"SELECT {names}", [1]).error == "The names of the columns are too long.\n"


def test_the_largest_result_that_can_be_expected_is_accepted(verdict):
    text = '"' * (MAX_ROWS_BYTES // 2 - 10)  # a quotation mark has two bytes as JSON
    assert verdict(f"SELECT '{text}' AS a", [text]) == "accepted"


def test_results_are_shown_as_tables_in_which_equal_rows_are_equal_lines(result):
    wanted = [["Ada; the first", 36], ["Kurt", None]]
    found = result("SELECT name, age FROM people ORDER BY name LIMIT 2", *wanted, columns=["name", "age"])
    assert found.expected == (
        "name           | age\n---------------+-----\nAda; the first | 36\nKurt           | NULL\n(2 rows)"
    )
    assert found.actual == (
        "name           | age\n---------------+-----\nAda; the first | 36\nAlan           | 41\n(2 rows)"
    )


def test_rows_in_any_order_are_shown_in_the_order_of_the_expected_ones(result):
    found = result("VALUES (3), (2), (1), (2)", [1], [2], [4], ordered=False)
    assert found.expected == "column1\n-------\n1\n2\n4\n(3 rows)"
    assert found.actual == "column1\n-------\n1\n2\n3\n2\n(4 rows)"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("NULL", "NULL"),
        ("'NULL'", "'NULL'"),
        ("''", "''"),
        ("'5'", "'5'"),
        ("' a'", "' a'"),
        ("x'0aff'", "X'0AFF'"),
        ("9e999", "inf"),
        ("'a' || char(10) || 'b'", "a\\nb"),
        ("replace(hex(zeroblob(50)), '0', 'x')", f"{'x' * 59}…"),
    ],
)
def test_a_value_is_shown_so_that_it_differs_from_others(result, cell, shown):
    assert result(f"SELECT {cell} AS a", ["?"]).actual.splitlines()[2] == shown


def test_a_setup_that_fails_is_named(result):
    found = result("SELECT 1", [1], setup="CREATE TABLE a (b);\nCREATE TABLE a (b)")
    assert found.verdict == "runtime_error"
    assert found.error.startswith("The setup of this test case failed. Line 2: table a already exists")


def test_each_case_has_a_database_of_its_own(verdict):
    answer = "INSERT INTO people (name) VALUES ('Kurt') RETURNING 1"
    assert [verdict(answer, [1]) for _ in range(2)] == ["accepted", "accepted"]
