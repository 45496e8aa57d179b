"""Hints for the learner about common mistakes. They never change a verdict."""

from project.judging.problems import Case, Kind
from project.judging.results import CaseResult
from project.judging.source_text import JAVASCRIPTS
from project.judging.verdicts import Verdict

PRINTS = "The function printed something and returned nothing. Use return to hand back its result."
RETURNS_NOTHING = "The function returned nothing. Is a return statement missing?"
PRINTS_ITSELF = "The function prints its result itself, so {nothing}, which it returned, was printed too. Use return."
_NOTHING = {"python": "None"} | dict.fromkeys(JAVASCRIPTS, "undefined")
# Parts of messages of failed tests after a call that returned nothing: of assertEqual and the like, and bare asserts.
_SIGNS = ("None != ", "None is not ", "None not found in ", "returned None;", "returned None,")


def hint(case: Case, result: CaseResult, language: str) -> str:
    """Return a hint about a case that was not accepted; "" if the mistake is not a common one."""
    if case.kind is Kind.SQL:
        return result.hint
    nothing = _NOTHING.get(language)
    if nothing is None or result.verdict not in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR):
        return ""
    if case.kind is Kind.STDOUT:
        is_printed_too = _without_lines(result.actual or "", nothing) == (result.expected or "").split()
        return PRINTS_ITSELF.format(nothing=nothing) if is_printed_too else ""
    if case.kind is Kind.CALL and case.expected is None:
        return ""
    if _returned_nothing(case, result, nothing):
        return PRINTS if result.output else RETURNS_NOTHING
    return ""


def _returned_nothing(case: Case, result: CaseResult, nothing: str) -> bool:
    """Whether a call returned nothing, according to the result."""
    if case.kind is Kind.CALL:
        is_none = nothing == "None" and result.actual in ("null", "None")
        return is_none or result.error.startswith(f"{case.function} returned {nothing}")
    failed = (test["message"] for test in result.tests if test["outcome"] == "failed")
    return any(sign in message for message in failed for sign in _SIGNS)


def _without_lines(text: str, line: str) -> list[str] | None:
    """Return the words of a text without the lines that equal `line`; None if there is no such line."""
    lines = text.splitlines()
    return " ".join(each for each in lines if each != line).split() if line in lines else None
