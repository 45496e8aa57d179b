"""How functions of an answer in a native language are called: by a harness, which is part of the program.

A harness is a source file in `project/judging/toolchains/call`. The program that it is part of reads the call from its
standard input, as JSON in ASCII, calls the function, and writes one reply to the descriptor 3:

    {"function": "add", "arguments": [2, 3]}              the call
    {"value": 5}                                          what the function returned
    {"raised": {"types": ["Error"], "message": "bad"}}    the exception that it raised: its class and those above it
    {"failed": "There is no function add."}               why it could not be called, or its value not be sent

The program ends with status 0 after a value, otherwise with 1, having printed the exception to its standard error.

The harness shares the process with the answer, which can reply in its place. So a reply is as untrusted as any output:
the judge compares the value with the expected one, which the program never gets.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from project.judging.problems import Case
from project.sandbox.inside.sizes import MAX_VALUE_BYTES
from project.sandbox.nesting import is_nested_too_deeply

CHANGES = ("compile", "sources", "run")
FUNCTIONS = "FUNCTIONS"  # the line of a harness in whose place its functions are listed
MAX_REPLY_BYTES = MAX_VALUE_BYTES + 1024  # a value, and what surrounds it


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHarness:
    """The harness of a language, and how programs with it are compiled and executed: the table `call` of its file."""

    file: str  # the path of the harness, from the directory of the language's file
    function: str = ""  # the line for each function, for languages that cannot find one by its name
    changes: Mapping[str, Any]  # of the language: another `compile`, `sources` or `run`
    forms: frozenset[str] = frozenset()  # the forms of `sandbox.inside.forms` that arguments and values may have
    text: str

    @classmethod
    def from_table(cls, table: Mapping[str, Any], directory: Path) -> "CallHarness":
        """Read a harness. Raises OSError, TypeError or ValueError if it is invalid."""
        values = dict(table)
        changes: dict[str, Any] = {name: values.pop(name) for name in CHANGES if name in values}
        forms = frozenset(values.pop("forms", ()))
        return cls(changes=changes, forms=forms, text=(directory / values["file"]).read_text(), **values)

    @property
    def depends_on_answer(self) -> bool:
        """Whether it is compiled together with the answer: otherwise once for all."""
        return bool(self.function)

    def files(self, functions: Iterable[str]) -> dict[str, str]:
        """Return the source file that calls these functions, by its name."""
        lines = [self.function.replace("{name}", name) for name in sorted(set(functions))]
        return {Path(self.file).name: self.text.replace(f"{FUNCTIONS}\n", "".join(f"{line}\n" for line in lines))}


class HarnessReply(NamedTuple):
    """The reply of a harness: exactly one of them."""

    value: str | None = None  # as JSON
    raised: str | None = None  # as JSON
    failed: str | None = None


def call_input(case: Case) -> bytes:
    """Return what the program reads."""
    return json.dumps({"function": case.function, "arguments": list(case.arguments)}).encode()


def read_reply(data: bytes) -> HarnessReply:
    """Return the reply in the output of a program. Raises ValueError if that is not one."""
    if is_nested_too_deeply(data):
        raise ValueError("the reply is nested too deeply")
    reply = json.loads(data.decode())
    if not isinstance(reply, dict) or len(reply) != 1:
        raise ValueError("the reply is no object with one member")
    ((name, content),) = reply.items()
    if name == "value":
        return HarnessReply(value=json.dumps(content))
    if name == "raised" and _is_exception(content):
        return HarnessReply(raised=json.dumps(content))
    if name == "failed" and isinstance(content, str):
        return HarnessReply(failed=content)
    raise ValueError("the reply is none of those that a harness writes")


def _is_exception(content: object) -> bool:
    if not isinstance(content, dict) or content.keys() != {"types", "message"}:
        return False
    types = content["types"]
    has_types = isinstance(types, list) and bool(types) and all(isinstance(name, str) for name in types)
    return has_types and isinstance(content["message"], str)
