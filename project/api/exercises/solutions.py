"""Trying an exercise before learners solve it: its reference solution must be accepted, its starter must not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from project.api.exercises.problems import problem
from project.grading.local_judge import local_judge
from project.judging.points_of_tests import unknown_tests
from project.judging.problems import Problem
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.sandbox.errors import SandboxUnavailable
from project.web.errors import ServiceUnavailable

NO_SANDBOX = {"sandbox": ["Solutions cannot be tried at the moment."]}
MAX_DETAIL = 300  # characters of what an answer printed or raised, in a sentence


@dataclass(frozen=True, slots=True)
class Trial:
    """The judgements of the solutions of an exercise; None for one that it does not have."""

    reference_solution: Judgement | None
    starter: Judgement | None
    unknown_tests: Mapping[str, list[str]] = field(
        default_factory=dict
    )  # by field: tests that have points but do not exist
    languages: Mapping[str, "Trial"] = field(default_factory=dict)  # the solutions in each further language, by name

    @property
    def is_late(self) -> bool:
        """Whether the reference solution took longer than its limits allow."""
        return self.reference_solution is not None and self.reference_solution.verdict is Verdict.TIME_LIMIT

    def as_json(self) -> dict[str, Any]:
        """Return both judgements by name."""
        judged = {"reference_solution": self.reference_solution, "starter": self.starter}
        return {name: judgement.as_json() if judgement else None for name, judgement in judged.items()}

    def errors(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        errors = dict(self.unknown_tests)
        if self.reference_solution and not self.reference_solution.accepted:
            errors["reference_solution"] = [f"Is not accepted: {_first_failure(self.reference_solution)}"]
        if self.starter and self.starter.accepted:
            errors["starter"] = ["Is accepted as it is: nothing is left to do."]
        for language, trial in self.languages.items():
            errors |= {f"languages.{language}.{field}": sentences for field, sentences in trial.errors().items()}
        return errors


def try_solutions(values: Mapping[str, Any]) -> Trial:
    """Judge the reference solution and the starter of an exercise in each of its languages, if it has them.

    No transaction should be open.

    Raises:
        ServiceUnavailable: there is no sandbox, or it failed.

    """
    task = problem(values)
    reference = _judge(task, values["reference_solution"])
    starter = _judge(task, values["starter"])
    languages = {name: _try_in_language(values, name) for name in values["languages"]}
    return Trial(reference, starter, _unknown_tests(task, reference), languages)


def _try_in_language(values: Mapping[str, Any], language: str) -> Trial:
    task = problem(values, language)
    reference = _judge(task, values["reference_solutions"].get(language))
    return Trial(reference, _judge(task, values["languages"][language]["starter"]))


def _unknown_tests(task: Problem, reference: Judgement | None) -> dict[str, list[str]]:
    """Return, by field, the tests that have points but are not in the test module."""
    if reference is None or not reference.accepted:
        return {}
    found = (unknown_tests(case, result.tests) for case, result in zip(task.cases, reference.cases, strict=True))
    return {
        f"cases.{place}.test_points": [f"There is no test {n}." for n in names]
        for place, names in enumerate(found)
        if names
    }


def _judge(task: Problem, answer: str | None) -> Judgement | None:
    if answer is None:
        return None
    judge = local_judge()
    try:
        with judge.wait_for_slot() as slot:
            judgement = judge.judge(task, answer, slot)
    except SandboxUnavailable:
        raise ServiceUnavailable(NO_SANDBOX) from None
    if judgement.verdict is Verdict.SANDBOX_ERROR:
        raise ServiceUnavailable(NO_SANDBOX)
    return judgement


def _first_failure(judgement: Judgement) -> str:
    """Return a sentence about the first case that was not accepted."""
    case = next(case for case in judgement.cases if case.verdict is not Verdict.ACCEPTED)
    failed = [test for test in case.tests if test["outcome"] not in ("passed", "skipped")]
    if failed:
        detail = f"{failed[0]['name']}: {_last_line(failed[0]['message'])}"
    elif case.verdict is Verdict.WRONG_ANSWER and case.actual is not None:
        detail = f"got {case.actual if case.call else repr(case.actual.strip())}"
    else:
        detail = _last_line(case.error)
    return f'case "{case.name}": {case.verdict}' + (f" ({detail[:MAX_DETAIL]})." if detail else ".")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
