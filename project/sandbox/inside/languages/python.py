"""Answers in Python."""

import atexit
import contextlib
import errno
import gc
import json
import linecache
import sys
import threading
import traceback
import types
from collections.abc import Callable
from typing import Any

from .. import forms
from ..bare_asserts import MESSAGE, compile_explained, message
from ..definitions import defined, missing
from ..failures import EXITED, NO_SYNTAX, OUT_OF_MEMORY, RAISED, Failure
from ..sizes import MAX_VALUE_BYTES
from ..tracebacks import describe, shortened

ANSWER_FILE, TEST_FILE = "answer.py", "test.py"
BYTE_ORDER_MARK = "\ufeff"
MAX_KINDS, MAX_NAME, MAX_MESSAGE = 20, 100, 8192  # of an exception, of which a case can expect type and message


class PythonRuntime:
    """Runs an answer as a module."""

    def __init__(self) -> None:
        self.answer = types.ModuleType("__main__")
        self.object: Any = None  # made by `construct`

    def load(self, answer: str, name: str) -> None:
        self._execute(self._prepare(answer, name), ANSWER_FILE)

    def program(self, answer: str) -> None:
        self._execute(self._prepare(answer, "__main__"), ANSWER_FILE, may_exit=True)
        # As the interpreter does when it exits: wait for threads, call `atexit` functions, and flush open files.
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
        atexit._run_exitfuncs()  # noqa: SLF001
        self.answer.__dict__.clear()
        gc.collect()

    def run(self, code: str) -> None:
        self.answer.__dict__[MESSAGE] = message
        self._execute(code, TEST_FILE)

    def call(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        return self._value(self._find(function), arguments, keywords)

    def construct(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> None:
        found = self._find(function)
        self.object = _guarded(lambda: found(*self._built(arguments), **self._built(keywords)))

    def method(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> str:
        found = _guarded(lambda: getattr(self.object, name, None))
        if not callable(found):
            raise Failure(RAISED, f"There is no method {name}.\n")
        return self._value(found, arguments, keywords)

    def _find(self, name: str) -> Callable[..., Any]:
        found: Any = getattr(self.answer, name, None)
        if found is None:
            raise Failure(RAISED, f"{missing(name, defined(self.answer))}\n")
        if not callable(found):
            raise Failure(RAISED, f"`{name}` is no function in your answer, but of type {type(found).__name__}.\n")
        return found  # type: ignore[no-any-return] # the answer's

    def _built(self, value: Any) -> Any:
        return forms.build(value, self._find)

    def _value(self, found: Callable[..., Any], arguments: list[Any], keywords: dict[str, Any]) -> str:
        """Call a function and return its value as JSON: with forms unless they are too long."""
        value = _guarded(lambda: found(*self._built(arguments), **self._built(keywords)))
        with contextlib.suppress(forms.TooDeep):
            text = _as_json(_guarded(lambda: forms.describe(value)))
            if len(text.encode()) <= MAX_VALUE_BYTES:
                return text
        return _as_json(value)

    def module(self) -> types.ModuleType:
        return self.answer

    def _prepare(self, answer: str, name: str) -> str:
        """Create the module and return its source."""
        answer = answer.removeprefix(BYTE_ORDER_MARK)  # as reading it from a file would
        self.answer.__name__ = name
        self.answer.__file__ = ANSWER_FILE
        self.answer.__dict__["__builtins__"] = __builtins__
        sys.modules[name] = self.answer
        sys.argv[:] = sys.orig_argv[:] = [ANSWER_FILE]
        # For the lines in tracebacks.
        linecache.cache[ANSWER_FILE] = (len(answer), None, answer.splitlines(keepends=True), ANSWER_FILE)
        return answer

    def _execute(self, source: str, filename: str, *, may_exit: bool = False) -> None:
        try:
            code = _compile(source, filename)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            if filename != ANSWER_FILE:  # the message would show the test's source
                raise Failure(RAISED, "The test code is no Python.\n") from None
            raise Failure(NO_SYNTAX, shortened("".join(traceback.format_exception_only(error)))) from None
        _guarded(lambda: exec(code, self.answer.__dict__), may_exit=may_exit)  # noqa: S102 - what all this is for


def _compile(source: str, filename: str) -> types.CodeType:
    if filename == TEST_FILE:
        return compile_explained(source, filename)
    return compile(source, filename, "exec", dont_inherit=True)


def _guarded(action: Callable[[], Any], *, may_exit: bool = False) -> Any:
    """Run code of the learner; every exception is turned into a Failure."""
    try:
        return action()
    except (Failure, forms.TooDeep):
        raise
    except SystemExit as error:
        if may_exit and error.code in (None, 0):
            return None
        text = f"{error.code}\n" if isinstance(error.code, str) else ""
        raise Failure(EXITED, text) from None
    except MemoryError as error:
        error.__traceback__ = None  # releases the objects that filled the memory
        raise Failure(OUT_OF_MEMORY, "") from None
    except BaseException as error:  # noqa: BLE001 - a learner may raise anything
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            raise Failure(OUT_OF_MEMORY, "") from None
        raise Failure(RAISED, describe(error), _exception(error)) from None


def _exception(error: BaseException) -> dict[str, Any]:
    """Return the properties of an exception that a case can expect."""
    try:
        message = str(error)[:MAX_MESSAGE]
    except BaseException:  # noqa: BLE001 - its `__str__` may raise anything
        message = ""
    kinds = [kind for kind in type(error).__mro__ if issubclass(kind, BaseException)]
    return {"types": [kind.__name__[:MAX_NAME] for kind in kinds[:MAX_KINDS]], "message": message}


def _as_json(value: Any) -> str:
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        return text if _is_storable(text) else json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Failure(RAISED, f"The value is no JSON value: {error}\n") from None


def _is_storable(text: str) -> bool:
    """Whether a text has no lone surrogate, which UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
