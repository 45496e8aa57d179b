"""Answers in JavaScript, run by QuickJS inside the same process."""

import contextlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..definitions import MAX_NAMES, missing
from ..failures import NO_SYNTAX, OUT_OF_MEMORY, RAISED, Failure
from .javascript_absent import advice
from .javascript_forms import BUILD, DESCRIBE, NOTED, THROWN, has_forms

ENGINE = "_quickjs"  # loaded by the zygote if the wheel is installed; otherwise judging does not offer the language
STACK_BYTES = 2**20
MAX_TEXT = 8192
OFFERED = ("print", "readline", "readAll")  # functions that every answer finds
RETURNED = 'globalThis[Symbol.for("returned")]'  # of the function that was called last
OBJECT = "__object"  # where `construct` keeps what it made
# The engine cannot pass texts with a NUL, a lone surrogate or unresolved concatenations. So all are passed as JSON.
PRELUDE = """
(() => {
    const { stringify } = JSON;
    const wellFormed = Function.prototype.call.bind(String.prototype.toWellFormed);
    const show = value => typeof value === "string" ? value
        : typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    const printer = write => (...values) => write(stringify(wellFormed(values.map(show).join(" ") + "\\n")));
    globalThis.print = printer(__write);
    globalThis.console = {
        log: print, info: print, debug: print, error: printer(__complain), warn: printer(__complain),
    };
    globalThis.readline = __readline;
    globalThis.readAll = __read_all;
    for (const name of ["__write", "__complain", "__readline", "__read_all"]) delete globalThis[name];
})();
"""


class JavaScriptRuntime:
    """Runs an answer in a context of its own, which has `console`, `print`, `readline()` and `readAll()`."""

    def __init__(self) -> None:
        if ENGINE not in sys.modules:
            raise Failure(RAISED, "JavaScript is not installed.\n")
        self.engine = sys.modules[ENGINE]
        self.context = self.engine.Context()
        self.context.set_max_stack_size(STACK_BYTES)
        self.context.add_callable("__write", lambda text: sys.stdout.write(json.loads(text)) and None)
        self.context.add_callable("__complain", lambda text: sys.stderr.write(json.loads(text)) and None)
        self.context.add_callable("__readline", _readline)
        self.context.add_callable("__read_all", sys.stdin.read)
        self.context.eval(PRELUDE)
        self._helpers: set[str] = set()

    def load(self, answer: str, name: str) -> None:
        del name  # scripts have none
        self._evaluate(answer, of_answer=True)

    def program(self, answer: str) -> None:
        self._evaluate(answer, of_answer=True)

    def run(self, code: str) -> None:
        self._evaluate(code)

    def call(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        with self._explaining(function):
            return self._result(f"{function}({self._written(arguments, keywords)})", function)

    def construct(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> None:
        with self._explaining(function):
            self._noting(f"globalThis.{OBJECT} = new {function}({self._written(arguments, keywords)}); 0")

    def method(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        return self._result(f"globalThis.{OBJECT}.{name}({self._written(arguments, keywords)}) ?? null", name)

    def _written(self, arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Return the source text of the arguments of a call."""
        if keywords:
            raise Failure(RAISED, "JavaScript has no keyword arguments.\n")
        # Parsed from JSON: in a literal, the key `__proto__` would set the prototype.
        values = [f"JSON.parse({json.dumps(json.dumps(value))})" for value in arguments]
        if has_forms(arguments):
            self._define(BUILD)
            values = [f"__build({value})" for value in values]
        return ", ".join(values)

    def _define(self, helper: str) -> None:
        if helper not in self._helpers:
            self.context.eval(helper)
            self._helpers.add(helper)

    @contextlib.contextmanager
    def _explaining(self, function: str) -> Iterator[None]:
        """Replace the error of a call by a sentence if the answer does not declare the function."""
        try:
            yield
        except Failure as failure:
            if failure.status == RAISED and self._evaluate(f"typeof {function}") == "undefined":
                raise Failure(RAISED, f"{missing(function, self._functions())}\n") from None
            raise

    def _functions(self) -> list[str]:
        """Return the names of the functions that the answer declares."""
        names = self._evaluate(
            'JSON.stringify(Object.keys(globalThis).filter(n => typeof globalThis[n] == "function"))'
        )
        found = json.loads(names) if isinstance(names, str) else []
        return [name for name in found if name not in OFFERED][:MAX_NAMES]

    def _result(self, call: str, function: str) -> str:
        """Return the value of a call as JSON."""
        text = self._noting(f"{RETURNED} = {call}; Object({RETURNED}) === {RETURNED} ? 0 : JSON.stringify({RETURNED})")
        if text == 0:
            self._define(DESCRIBE)
            text = self._noting(f"JSON.stringify({RETURNED}, __describe)")
        if isinstance(text, str):
            return text
        kind = self._evaluate(f"typeof {RETURNED}")
        what = kind if kind == "undefined" else f"a {kind}, which is no JSON value"
        raise Failure(RAISED, f"{function} returned {what}.\n")

    def _noting(self, source: str) -> Any:
        """Run a part of a call; an exception is kept for a case that expects it."""
        try:
            return self._evaluate(f"try {{ {source} }} catch (thrown) {{ {THROWN} = [thrown]; throw thrown }}")
        except Failure as failure:
            if failure.status == RAISED:
                failure.raised = self._noted()
            raise

    def _noted(self) -> dict[str, Any] | None:
        """Return the types and the message of the last exception."""
        with contextlib.suppress(Failure, ValueError, TypeError):
            noted = json.loads(self._evaluate(NOTED))
            return noted if isinstance(noted, dict) else None
        return None

    def module(self) -> ModuleType:
        raise Failure(RAISED, "Tests in Python need an answer in Python.\n")

    def _evaluate(self, source: str, *, of_answer: bool = False) -> Any:
        try:
            value = self._value(source)
            while self.context.execute_pending_job():  # promises
                pass
        except MemoryError:
            raise Failure(OUT_OF_MEMORY, "") from None
        except self.engine.JSException as error:
            text = str(error)[:MAX_TEXT]
            if "out of memory" in text.partition("\n")[0]:
                raise Failure(OUT_OF_MEMORY, "") from None
            is_syntax = of_answer and text.startswith("SyntaxError")
            text = "\n".join(filter(None, [text.rstrip(), advice(text, source)]))
            raise Failure(NO_SYNTAX if is_syntax else RAISED, f"{text}\n") from None
        return value

    def _value(self, source: str) -> Any:
        """Run a script and return its value; None if it cannot be converted to Python."""
        if "\0" in source:
            raise Failure(NO_SYNTAX, "SyntaxError: there is a NUL in the program.\n")
        try:
            return self.context.eval(source)
        except UnicodeEncodeError:
            raise Failure(NO_SYNTAX, "SyntaxError: the program is no Unicode text.\n") from None
        except (TypeError, ValueError):
            return None


def _readline() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
