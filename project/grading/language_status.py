"""Which languages this host can judge: each one's smoke program is judged, as a learner's answer would be."""

import logging
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version as version_of

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES, Language
from project.judging.native_languages import NativeLanguage
from project.judging.problems import Case, Kind, Problem
from project.sandbox.errors import SandboxError
from project.sandbox.pool import Sandboxes

log = logging.getLogger(__name__)

RETRY_SECONDS = 60.0  # after which a language that did not work is tried again, and tools are looked up again
INTERPRETER_VERSIONS: Mapping[str, Callable[[], str]] = {
    "python": platform.python_version,
    "javascript": lambda: f"QuickJS ({version_of('quickjs-ng')})",
    "sql": lambda: f"SQLite {import_module('sqlite3').sqlite_version}",
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
        self._found: dict[str, tuple[float, str | None, LanguageStatus]] = {}
        self._gradable: Sequence[str] = ()
        self._next_lookup = 0.0

    def all(self) -> Iterator[LanguageStatus]:
        """Return the status of each language."""
        return map(self.of, LANGUAGES.values())

    def of(self, language: Language) -> LanguageStatus:
        """Return the status of a language. The first time, this takes as long as its compiler and smoke program."""
        with self._lock:
            tree = self._sandboxes.tools.tree()
            tried_at, tree_then, status = self._found.get(language.name, (0.0, None, None))
            is_late = time.monotonic() - tried_at > RETRY_SECONDS
            if status is None or tree != tree_then or (status.missing and is_late):
                status = self._try(language)
                self._found[language.name] = time.monotonic(), tree, status
            return status

    def gradable(self) -> Sequence[str]:
        """Return the names of the languages for which nothing is missing, without trying them.

        The sandboxes have been started. What is installed is looked up once a minute.
        """
        now = time.monotonic()
        if now >= self._next_lookup:
            self._gradable = [language.name for language in LANGUAGES.values() if self._missing(language) is None]
            self._next_lookup = now + RETRY_SECONDS if self._sandboxes.level else 0.0
        return self._gradable

    def _missing(self, language: Language) -> str | None:
        """Return what this host lacks, as a sentence."""
        native = language.native
        if native is None:
            return None if language.available else f"The Python package for {language.title} is not installed."
        if tool := native.missing_tool(self._sandboxes.tools):
            return f"{tool} is not installed."
        level, minimum = self._sandboxes.level, self._sandboxes.native_minimum
        if level < minimum:
            return f"Native programs need isolation level {minimum}, and this host offers {level}."
        return None

    def _try(self, language: Language) -> LanguageStatus:
        try:
            self._sandboxes.start()
            if missing := self._missing(language):
                return LanguageStatus(language, missing=missing)
            if language.native is not None:
                return self._try_native(language, language.native)
        except (SandboxError, OSError) as error:
            return LanguageStatus(language, missing=f"{error}.")
        return LanguageStatus(language, INTERPRETER_VERSIONS[language.name](), self._sandboxes.level)

    def _try_native(self, language: Language, native: NativeLanguage) -> LanguageStatus:
        smoke = Case(name="smoke", kind=Kind.STDIN, input=native.smoke.input, expected=native.smoke.output)
        with self._slot():
            version = self._compiler.version(native)
            judgement = self._judge.judge(Problem(cases=(smoke,), language=language.name), native.smoke.source)
        if not judgement.accepted:
            log.warning("the smoke program of %s: %s", language.title, judgement.cases[0].error or judgement.verdict)
            return LanguageStatus(language, missing=f"Its smoke program ended with {judgement.verdict}.")
        return LanguageStatus(language, version.strip().splitlines()[0], self._sandboxes.level)
