"""Runs of an answer with an input, or a call, of the learner's own: no case of the exercise takes part in them."""

from typing import Any

from project.api.exercises.case_values import value_errors
from project.api.submissions.schemas import EvaluationPayload
from project.judging.languages import Language
from project.judging.problems import Case, Kind
from project.judging.results import Judgement
from project.judging.verdicts import Verdict
from project.web.errors import InvalidPayload

NAME = "own"  # of the case, which no response shows
# Nothing is expected, so that the comparison has no meaning.
COMPLETED = (Verdict.ACCEPTED, Verdict.WRONG_ANSWER)


def own_case(payload: EvaluationPayload, language: Language) -> Case | None:
    """Return the case of an own run; None if the cases of the exercise are to be judged.

    Raises:
        InvalidPayload: the language has no such cases, or not these values.

    """
    if payload.input is not None:
        if Kind.STDIN not in language.kinds:
            raise InvalidPayload(errors={"input": [f"Answers in {language.title} read no input."]})
        return Case(name=NAME, kind=Kind.STDIN, input=payload.input, expected="")
    if payload.call is None:
        return None
    if Kind.CALL not in language.kinds:
        raise InvalidPayload(errors={"call": [f"Functions in {language.title} cannot be called here."]})
    call = payload.call.model_dump()
    errors: dict[str, list[str]] = {}
    for field, sentence in value_errors({"kind": Kind.CALL.value, **call}, language.name):
        errors.setdefault(f"call.{field}", []).append(sentence)
    if errors:
        raise InvalidPayload(errors=errors)
    return Case(name=NAME, kind=Kind.CALL, **call)


def as_own_run(judgement: Judgement) -> dict[str, Any]:
    """Return the judgement of an own run as responses have it: without cases, points, or a comparison."""
    (result,) = judgement.cases
    verdict = None if result.verdict in COMPLETED else result.verdict.value
    is_call = result.call is not None
    return judgement.as_json() | {
        "verdict": verdict,
        "points": None,
        "max_points": None,
        "cases": [],
        "run": {
            "call": result.call,
            "value": result.actual if is_call and verdict is None else None,
            "output": result.output if is_call else result.actual or "",
            "error": result.error,
            "memory_bytes": result.memory_bytes,
        },
    }
