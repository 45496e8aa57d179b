"""Warnings for authors: mostly of exercises whose solution is where a learner's process can read it.

Learners' code runs in one process with the test code, which it can find and print. It never finds the expected output
itself, but sometimes an equivalent: docs/grading.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from project.api.exercises.exact import did_you_mean
from project.api.exercises.problems import problem
from project.judging.languages import LANGUAGES
from project.judging.loose_tolerances import loose_tolerance
from project.judging.problems import Case, Kind, Problem
from project.sandbox.inside.forms import FORMS

GUESSES = {"true", "false", "1", "0", "yes", "no", "ok"}
PRINTED = ("print({})", "console.log({})")


def warnings(row: Mapping[str, Any]) -> list[str]:
    """Return the warnings about an exercise as it is stored."""
    task = problem(row)
    found = [f'Case "{case.name}": {sentence}' for case in task.cases for sentence in _warnings_of_case(case)]
    if row["cases"] and row["test_code"]:
        found.append("test_code is not judged, since there are cases.")
    found += _warnings_of_languages(row, task)
    if len(task.cases) > 1 and all(_is_shown(case) for case in task.cases):
        found.append("No case is hidden: an answer that knows all cases by heart is accepted.")
    if not task.max_points:
        found.append("No case has points.")
    return found


def _warnings_of_languages(row: Mapping[str, Any], task: Problem) -> Iterator[str]:
    if row["languages"]:
        for case in task.cases:
            if case.code:
                yield f'Case "{case.name}": its code is in one language, and learners may choose another one.'
    for name in row["languages"]:
        if name not in row["reference_solutions"]:
            yield f"There is no reference solution in {LANGUAGES[name].title}: its limits were not tried."


def _is_shown(case: Case) -> bool:
    """Whether learners see both the input and the expected result of a case."""
    return case.kind in (Kind.CALL, Kind.STDIN, Kind.SQL) and not case.hidden


def _warnings_of_case(case: Case) -> Iterator[str]:
    if sentence := loose_tolerance(case):
        yield sentence
    if case.kind is Kind.SQL:
        if not case.expected["rows"]:
            yield "no row is expected, which an answer that finds nothing returns too."
        return
    for key in _nearly_forms([case.arguments, case.keywords, case.expected, case.calls]):
        yield f"an object whose only key is {key} is taken as it is.{did_you_mean(key, FORMS)}"
    if case.kind not in (Kind.STDOUT, Kind.STDIN):
        return
    lines = [line.strip() for line in case.expected.splitlines() if line.strip()]
    if not lines:
        yield "nothing is expected, which an answer that does nothing prints too."
    elif case.kind is Kind.STDOUT and all(_contains_line(line, case.code) for line in lines):
        yield "what is expected stands in the test code, where an answer can read it."
    elif case.kind is Kind.STDOUT and all(line.lower() in GUESSES for line in lines):
        yield "what is expected can be guessed; print the value rather than whether it is right."


def _contains_line(line: str, code: str) -> bool:
    """Whether the test code contains a line of the expected output, as a string or an argument of print."""
    literals = (f'"{line}"', f"'{line}'", f"`{line}`", *(call.format(line) for call in PRINTED))
    return any(literal in code for literal in literals)


def _nearly_forms(value: Any) -> Iterator[str]:
    """Yield keys that resemble the name of a form, but are none."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    if isinstance(value, dict) and len(value) == 1:
        (key,) = value
        if key.startswith("$") and key not in FORMS and did_you_mean(key, FORMS):
            yield key
    for item in items:
        yield from _nearly_forms(item)
