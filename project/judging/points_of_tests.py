"""Points for single tests of a test module: by the names of tests, or an even split."""

from collections.abc import Mapping, Sequence

from project.judging.problems import Case
from project.judging.verdicts import Verdict

PASSED = "passed"
# With these, the results of the tests are unreliable, or do not depend on the answer.
WORTH_NOTHING = {Verdict.PROTOCOL_VIOLATION, Verdict.FORBIDDEN_CALL, Verdict.SANDBOX_ERROR, Verdict.SYNTAX_ERROR}

Tests = Sequence[Mapping[str, str]]


def points(case: Case, verdict: Verdict, tests: Tests) -> int:
    """Return the points of a case with these results of its tests: at most those of the case."""
    if verdict is Verdict.ACCEPTED:
        return case.points
    if case.test_points is None or verdict in WORTH_NOTHING:
        return 0
    if isinstance(case.test_points, str):  # evenly
        return case.points * sum(test["outcome"] == PASSED for test in tests) // max(1, len(tests))
    earned = sum(worth for name, worth in case.test_points.items() if _has_passed(name, tests))
    return min(earned, case.points)


def unknown_tests(case: Case, tests: Tests) -> list[str]:
    """Return the names with points that no test has."""
    names = case.test_points if isinstance(case.test_points, Mapping) else {}
    return [name for name in names if not _named(name, tests)]


def _has_passed(name: str, tests: Tests) -> bool:
    found = _named(name, tests)
    return bool(found) and all(test["outcome"] == PASSED for test in found)


def _named(name: str, tests: Tests) -> list[Mapping[str, str]]:
    """Return the tests with a name, `Class.method` or `function`: one for each parameter set, if it has some."""
    return [test for test in tests if test["name"] == name or test["name"].startswith(f"{name}[")]
