"""Tolerances of cases: kept, refused, and found by `manage.py check` where saving did not warn of them yet."""

import pytest

from project.cli.check import check
from project.tests.exercises.conftest import CALL, STDIN, WITH_CASES


@pytest.fixture
def checked(app):
    """Run the command: returns its exit status and its lines."""

    def run():
        result = app.test_cli_runner().invoke(check, [])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output.splitlines()

    return run


def test_tolerances_that_were_given_are_kept(add_exercise):
    given = CALL | {"checker": "tolerance", "absolute_tolerance": 0.5, "relative_tolerance": 0}
    (kept,) = add_exercise(WITH_CASES, cases=[given])["cases"]
    assert kept.items() >= given.items()


@pytest.mark.parametrize("case", [CALL, STDIN], ids=lambda case: case["kind"])
def test_a_tolerance_that_is_none_is_refused(refused, case):
    for name in ("absolute_tolerance", "relative_tolerance"):
        for wrong in (-1, 1e10, "1", True):
            refused(WITH_CASES | {"cases": [case | {name: wrong}]}, f"cases.0.{name}")


def test_a_stored_tolerance_that_accepts_nearly_anything_is_listed(add_exercise, change, checked):
    good = CALL | {"checker": "tolerance", "tolerance": 0.5}
    found = add_exercise(WITH_CASES, slug="sum", cases=[good, STDIN])["id"]
    assert checked() == (0, ["0 differences"])
    change("UPDATE exercises SET cases = replace(cases::text, '\"tolerance\": 0.5', '\"absolute_tolerance\": 5')::json")
    status, (line, _) = checked()
    assert status == 0
    assert line.startswith(f'exercise {found} (sum): case "calls": the tolerance is so large')
    change("UPDATE exercises SET deleted_at = now()")
    assert checked() == (0, ["0 differences"])


def test_a_case_that_cannot_be_judged_is_listed_and_ends_nothing(add_exercise, change, checked):
    found = add_exercise(WITH_CASES)["id"]
    change("""UPDATE exercises SET cases = '[{"name": "a", "kind": "poem"}]' WHERE id = :id""", id=found)
    assert checked() == (0, [f"exercise {found}: case 1 is no case that can be judged.", "0 differences"])
