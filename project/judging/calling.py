"""Cases that call: of which orders they are made, whether what came is what they expect, and how both are shown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from project.judging import checkers, source_text
from project.judging.problems import Case
from project.judging.verdicts import Verdict
from project.sandbox.nesting import is_nested_too_deeply
from project.sandbox.order import Order, Reply

Step = Mapping[str, Any]  # with `expected` or `raises`, or with neither where the value does not matter


def orders(case: Case) -> list[Order]:
    """Return the orders of a call, or of a class: first its object is made, then its methods are called."""
    content = {"function": case.function, "arguments": list(case.arguments), "keywords": dict(case.keywords)}
    if not case.calls:
        return [Order("call", content, may_raise=case.raises is not None)]
    return [Order("construct", content), *(_method(step) for step in case.calls)]


def _method(step: Step) -> Order:
    content = {"method": step["method"], "arguments": step.get("arguments", []), "keywords": step.get("keywords", {})}
    return Order("method", content, may_raise="raises" in step)


def verdict(case: Case, ending: Verdict, replies: Sequence[Reply]) -> Verdict:
    """Return the verdict of a run that ended so, by the first reply that is not what the case expects."""
    steps = _steps(case)
    relevant = replies[1:] if case.calls else replies
    for step, reply in zip(steps, relevant, strict=False):
        found = _step_verdict(case, step, reply)
        if found is not Verdict.ACCEPTED:
            return found if ending in (Verdict.ACCEPTED, Verdict.RUNTIME_ERROR) or case.calls else ending
    if len(relevant) < len(steps):
        return Verdict.RUNTIME_ERROR if ending is Verdict.ACCEPTED else ending
    # After an exception that was expected there was nothing more to do, and the process ended with it.
    ended_so = ending is Verdict.RUNTIME_ERROR and relevant[-1].is_exception
    return Verdict.ACCEPTED if ended_so else ending


def _steps(case: Case) -> Sequence[Step]:
    if case.calls:
        return case.calls
    return [{"raises": case.raises} if case.raises is not None else {"expected": case.expected}]


def _step_verdict(case: Case, step: Step, reply: Reply) -> Verdict:
    try:
        value = _read(reply)
        if "raises" in step:
            matches = reply.is_exception and _is_raised(case, step["raises"], value)
        elif reply.is_exception:
            return Verdict.RUNTIME_ERROR
        else:
            matches = "expected" not in step or checkers.value_matches(case, value, step["expected"])
    except (ValueError, TypeError, KeyError):  # not what the runner writes
        return Verdict.RUNTIME_ERROR
    return Verdict.ACCEPTED if matches else Verdict.WRONG_ANSWER


def _read(reply: Reply) -> Any:
    text = reply.value or ""
    if is_nested_too_deeply(text.encode(errors="replace")):
        raise ValueError("nested too deeply")
    return json.loads(text)


def _is_raised(case: Case, wanted: Mapping[str, Any], raised: Mapping[str, Any]) -> bool:
    """Whether an exception is of the class that is wanted, or of one that is derived from it, with the message."""
    if wanted["type"] not in raised["types"]:
        return False
    message = wanted.get("message")
    return message is None or checkers.message_matches(case, message, raised["message"])


def call_text(case: Case, language: str) -> str:
    """Return the call as the learner would write it; of a class, the statements."""
    if not case.calls:
        return source_text.call(case.function, case.arguments, case.keywords, language)
    return "\n".join(line for line, _ in _lines(case, language))


def expected_text(case: Case, language: str) -> str:
    """Return what a case expects; of a class, beside each statement."""
    shown = [_expected(step, language) for step in _steps(case)]
    return _beside(case, shown, language) if case.calls else shown[0]


def actual_text(case: Case, replies: Sequence[Reply], language: str) -> str | None:
    """Return what came, in the same form; None if nothing did."""
    shown = [_came(reply, language) for reply in replies]
    if not case.calls:
        return shown[0] if shown else None
    return _beside(case, shown[1:], language) if shown else None


def _lines(case: Case, language: str) -> Iterator[tuple[str, Step]]:
    yield source_text.construction(case.function, case.arguments, case.keywords, language), {}
    name = source_text.object_name(case.function)
    for step in case.calls:
        call = source_text.call(step["method"], step.get("arguments", []), step.get("keywords", {}), language)
        yield f"{name}.{call}", step


def _beside(case: Case, shown: Sequence[str], language: str) -> str:
    """Return the statements of a class that were reached, each with what is shown of it as a comment."""
    mark = "//" if language == source_text.JAVASCRIPT else "#"
    statements = [line for line, _ in _lines(case, language)]
    texts = [f"{line}  {mark} {text}" if text else line for line, text in zip(statements[1:], shown, strict=False)]
    return "\n".join([statements[0], *texts])


def _expected(step: Step, language: str) -> str:
    if "raises" in step:
        return source_text.exception(step["raises"]["type"], step["raises"].get("message"))
    return source_text.value(step["expected"], language) if "expected" in step else ""


def _came(reply: Reply, language: str) -> str:
    try:
        value = _read(reply)
        if reply.is_exception:
            return source_text.exception(str(value["types"][0]), str(value["message"]))
        return source_text.value(value, language)
    except (ValueError, TypeError, KeyError, IndexError):
        return reply.value or ""
