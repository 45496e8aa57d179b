"""Cases that call the answer: their commands, whether the replies are those expected, and how both are shown."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from project.judging import checkers, source_text
from project.judging.problems import Case
from project.judging.verdicts import Verdict
from project.sandbox.command import Command, Reply
from project.sandbox.nesting import is_nested_too_deeply

Step = Mapping[str, Any]  # has `expected`, or `raises`, or neither where any value is accepted


def commands(case: Case) -> list[Command]:
    """Return the commands of a call; of a class, those that make an object and call its methods."""
    content = {"function": case.function, "arguments": list(case.arguments), "keywords": dict(case.keywords)}
    if not case.calls:
        return [Command("call", content, may_raise=case.raises is not None)]
    return [Command("construct", content), *(_method(step) for step in case.calls)]


def _method(step: Step) -> Command:
    content = {"method": step["method"], "arguments": step.get("arguments", []), "keywords": step.get("keywords", {})}
    return Command("method", content, may_raise="raises" in step)


def verdict(case: Case, process_verdict: Verdict, replies: Sequence[Reply]) -> Verdict:
    """Return the verdict of a case, by the first reply that is not the expected one.

    `process_verdict`: how the process ended.
    """
    steps = _steps(case)
    relevant = replies[1:] if case.calls else replies
    for step, reply in zip(steps, relevant, strict=False):
        found = _step_verdict(case, step, reply)
        if found is not Verdict.ACCEPTED:
            return (
                found if process_verdict in (Verdict.ACCEPTED, Verdict.RUNTIME_ERROR) or case.calls else process_verdict
            )
    if len(relevant) < len(steps):
        return Verdict.RUNTIME_ERROR if process_verdict is Verdict.ACCEPTED else process_verdict
    # When the last command raises the expected exception, the process ends with that.
    has_ended_with_it = process_verdict is Verdict.RUNTIME_ERROR and relevant[-1].is_exception
    return Verdict.ACCEPTED if has_ended_with_it else process_verdict


def _steps(case: Case) -> Sequence[Step]:
    if case.calls:
        return case.calls
    return [{"raises": case.raises} if case.raises is not None else {"expected": case.expected}]


def _step_verdict(case: Case, step: Step, reply: Reply) -> Verdict:
    try:
        value = _parsed(reply)
        if "raises" in step:
            matches = reply.is_exception and _is_raised(case, step["raises"], value)
        elif reply.is_exception:
            return Verdict.RUNTIME_ERROR
        else:
            matches = "expected" not in step or checkers.value_matches(case, value, step["expected"])
    except (ValueError, TypeError, KeyError):  # the runner does not write such replies
        return Verdict.RUNTIME_ERROR
    return Verdict.ACCEPTED if matches else Verdict.WRONG_ANSWER


def _parsed(reply: Reply) -> Any:
    text = reply.value or ""
    if is_nested_too_deeply(text.encode(errors="replace")):
        raise ValueError("nested too deeply")
    return json.loads(text)


def _is_raised(case: Case, wanted: Mapping[str, Any], raised: Mapping[str, Any]) -> bool:
    """Whether an exception is of the expected class or a subclass of it, and has the expected message."""
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
    """Return the expected value of a case; of a class, the statements with the expected value of each."""
    shown = [_expected(step, language) for step in _steps(case)]
    return _statements(case, shown, language) if case.calls else shown[0]


def actual_text(case: Case, replies: Sequence[Reply], language: str) -> str | None:
    """Return the actual value, in the same form; None if there was no reply."""
    shown = [_actual(reply, language) for reply in replies]
    if not case.calls:
        return shown[0] if shown else None
    return _statements(case, shown[1:], language) if shown else None


def _lines(case: Case, language: str) -> Iterator[tuple[str, Step]]:
    yield source_text.construction(case.function, case.arguments, case.keywords, language), {}
    name = source_text.object_name(case.function)
    for step in case.calls:
        call = source_text.call(step["method"], step.get("arguments", []), step.get("keywords", {}), language)
        yield f"{name}.{call}", step


def _statements(case: Case, shown: Sequence[str], language: str) -> str:
    """Return the statements of a class that were reached, each with a value as a comment."""
    mark = "//" if language in source_text.JAVASCRIPTS else "#"
    statements = [line for line, _ in _lines(case, language)]
    texts = [f"{line}  {mark} {text}" if text else line for line, text in zip(statements[1:], shown, strict=False)]
    return "\n".join([statements[0], *texts])


def _expected(step: Step, language: str) -> str:
    if "raises" in step:
        return source_text.exception(step["raises"]["type"], step["raises"].get("message"))
    return source_text.value(step["expected"], language) if "expected" in step else ""


def _actual(reply: Reply, language: str) -> str:
    try:
        value = _parsed(reply)
        if reply.is_exception:
            return source_text.exception(str(value["types"][0]), str(value["message"]))
        return source_text.value(value, language)
    except (ValueError, TypeError, KeyError, IndexError):
        return reply.value or ""
