"""Which languages this host can judge: each one's smoke program is judged, as a learner's answer would be."""

import json
import logging
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version as version_of

from project.grading.status_store import StatusStore, StoredStatus
from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.languages import LANGUAGES, Language
from project.judging.native_languages import NativeLanguage
from project.judging.problems import Case, Kind, Problem
from project.sandbox.errors import SandboxError
from project.sandbox.pool import Sandboxes

log = logging.getLogger(__name__)

READ_SECONDS = 60.0  # after which this process reads a status again, and looks tools up again
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
        self,
        sandboxes: Sandboxes,
        judge: Judge,
        compiler: Compiler,
        slot: Callable[[], AbstractContextManager[object]],
        store: StatusStore,
    ) -> None:
        self._sandboxes = sandboxes
        self._judge = judge
        self._compiler = compiler
        self._slot = slot
        self._store = store
        self._lock = threading.Lock()
        self._found: dict[str, tuple[float, str | None, LanguageStatus]] = {}
        self._gradable: Sequence[str] = ()
        self._next_lookup = 0.0

    def all(self) -> Iterator[LanguageStatus]:
        """Return the status of each language."""
        return map(self.of, LANGUAGES.values())

    def of(self, language: Language) -> LanguageStatus:
        """Return the status of a language.

        If no process of this host has tried it, this takes as long as its compiler and smoke program.
        """
        with self._lock:
            tree = self._sandboxes.tools.tree()
            read_at, tree_then, status = self._found.get(language.name, (0.0, None, None))
            if status is None or tree != tree_then or time.monotonic() - read_at > READ_SECONDS:
                status = self._stored(language)
                self._found[language.name] = time.monotonic(), tree, status
            return status

    def check(self, language: Language) -> LanguageStatus:
        """Try a language, also if its status is known."""
        with self._lock:
            status = self._try_and_store(language, self._key(language))
            self._found[language.name] = time.monotonic(), self._sandboxes.tools.tree(), status
            return status

    def _stored(self, language: Language) -> LanguageStatus:
        """Return the status that a process of this host has found, or try the language."""
        if language.native is None or language.native.missing_tool(self._sandboxes.tools):
            return self._try(language)  # which is quick
        key = self._key(language)
        found = self._store.get(language.name, key)
        if found is None:
            with self._store.locked(language.name):
                found = self._store.get(language.name, key)  # another process may have tried it in the meantime
                if found is None:
                    return self._try_and_store(language, key)
        return LanguageStatus(language, found.version, None if found.missing else self._sandboxes.level, found.missing)

    def _try_and_store(self, language: Language, key: str) -> LanguageStatus:
        status = self._try(language)
        if language.native is not None:
            self._store.put(language.name, StoredStatus(key, time.time(), status.version, status.missing))
        return status

    def _key(self, language: Language) -> str:
        """Return a digest of what the status of a language depends on, as far as that is quickly found."""
        with suppress(SandboxError, OSError):
            self._sandboxes.start()  # determines the level
        native, tools = language.native, self._sandboxes.tools
        parts = [platform.node(), platform.release(), self._sandboxes.level, self._sandboxes.native_minimum]
        if native is not None:
            parts += [native.digest, *native.tool_identities(tools)]
        return sha256(json.dumps(parts).encode()).hexdigest()

    def gradable(self) -> Sequence[str]:
        """Return the names of the languages for which nothing is missing, without trying them.

        The sandboxes have been started. What is installed is looked up once a minute.
        """
        now = time.monotonic()
        if now >= self._next_lookup:
            self._gradable = [language.name for language in LANGUAGES.values() if self._missing(language) is None]
            self._next_lookup = now + READ_SECONDS if self._sandboxes.level else 0.0
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
