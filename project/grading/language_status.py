"""Which languages this host can judge: each one's smoke program is judged, as a learner's answer would be."""

import logging
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version as version_of

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES, Language
from project.judging.native_languages import NativeLanguage
from project.judging.problems import Case, Kind, Problem
from project.sandbox.errors import SandboxError
from project.sandbox.pool import NATIVE_LEVEL, Sandboxes

log = logging.getLogger(__name__)

RETRY_SECONDS = 60.0  # after which a language that did not work is tried again
INTERPRETER_VERSIONS: Mapping[str, Callable[[], str]] = {
    "python": platform.python_version,
    "javascript": lambda: f"QuickJS ({version_of('quickjs-ng')})",
}


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """A language on this host: its version, or what is missing."""

    language: Language
    version: str | None = None
    level: int | None = None  # the isolation level of its answers
    missing: str | None = None  # a sentence; None if the language works


class LanguageStatuses:
    """Tries languages when their status is first needed. Thread-safe."""

    def __init__(
        self, sandboxes: Sandboxes, judge: Judge, compiler: Compiler, slot: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self._sandboxes = sandboxes
        self._judge = judge
        self._compiler = compiler
        self._slot = slot
        self._lock = threading.Lock()
        self._found: dict[str, tuple[float, LanguageStatus]] = {}

    def all(self) -> Iterator[LanguageStatus]:
        """Return the status of each language."""
        return map(self.of, LANGUAGES.values())

    def of(self, language: Language) -> LanguageStatus:
        """Return the status of a language. The first time, this takes as long as its compiler and smoke program."""
        with self._lock:
            tried_at, status = self._found.get(language.name, (0.0, None))
            if status is None or (status.missing and time.monotonic() - tried_at > RETRY_SECONDS):
                status = self._try(language)
                self._found[language.name] = time.monotonic(), status
            return status

    def _try(self, language: Language) -> LanguageStatus:
        try:
            self._sandboxes.start()
            if language.native is not None:
                return self._try_native(language, language.native)
        except (SandboxError, OSError) as error:
            return LanguageStatus(language, missing=f"{error}.")
        if not language.available:
            return LanguageStatus(language, missing=f"The Python package for {language.title} is not installed.")
        return LanguageStatus(language, INTERPRETER_VERSIONS[language.name](), self._sandboxes.level)

    def _try_native(self, language: Language, native: NativeLanguage) -> LanguageStatus:
        tool = native.missing_tool()
        if tool is not None:
            return LanguageStatus(language, missing=f"{tool} is not installed.")
        level = self._sandboxes.level
        if level < NATIVE_LEVEL:
            sentence = f"Native programs need isolation level {NATIVE_LEVEL}, and this host offers {level}."
            return LanguageStatus(language, missing=sentence)
        smoke = Case(name="smoke", kind=Kind.STDIN, input=native.smoke.input, expected=native.smoke.output)
        with self._slot():
            version = self._compiler.version(native)
            judgement = self._judge.judge(Problem(cases=(smoke,), language=language.name), native.smoke.source)
        if not judgement.accepted:
            log.warning("the smoke program of %s: %s", language.title, judgement.cases[0].error or judgement.verdict)
            return LanguageStatus(language, missing=f"Its smoke program ended with {judgement.verdict}.")
        return LanguageStatus(language, version.strip().splitlines()[0], level)
