"""The languages of answers.

Those of the interpreter have an entry here, and a runtime in `project/sandbox/inside/languages`. Those of native
programs have a file in `project/judging/toolchains`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from project.judging.diagnostics import DiagnosticPattern
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage
from project.judging.problems import Kind

PYTHON_DIAGNOSTICS = DiagnosticPattern(
    pattern=(
        r'^  File "answer\.py", line (?P<line>\d+)\n'
        r"(?:(?P<excerpt>    .*)\n(?:(?P<caret> +\^)\^*\n)?)?"
        r"(?P<message>\w+: .*)$"
    ),
    file="answer.py",
)
JAVASCRIPT_DIAGNOSTICS = DiagnosticPattern(
    pattern=r"^(?P<message>SyntaxError: .*)\n +at .*?:(?P<line>\d+):(?P<column>\d+)$", file="answer.js"
)


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and the kinds of cases that it supports."""

    name: str
    title: str
    suffix: str
    kinds: frozenset[Kind]
    has_files: bool = True  # whether answers can open files
    extension: str | None = None  # the compiled module that its runtime needs in addition to the standard library
    native: NativeLanguage | None = None
    diagnostics: DiagnosticPattern | None = None  # how to find places in the text of a syntax error

    @property
    def cpu_factor(self) -> float:
        """The usual factor of the CPU and wall time in an exercise with several languages."""
        return self.native.cpu_factor if self.native else 1.0

    @property
    def memory_factor(self) -> float:
        """The usual factor of the memory in an exercise with several languages."""
        return self.native.memory_factor if self.native else 1.0

    @property
    def available(self) -> bool:
        """Whether this installation has the extension that it needs."""
        return self.extension is None or _is_installed(self.extension)


@cache
def _is_installed(extension: str) -> bool:
    return find_spec(extension) is not None


LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for language in (
        Language("python", "Python", ".py", frozenset(Kind) - {Kind.SQL}, diagnostics=PYTHON_DIAGNOSTICS),
        Language(
            "javascript",
            "JavaScript",
            ".js",
            frozenset({Kind.STDOUT, Kind.STDIN, Kind.CALL}),
            has_files=False,
            extension="_quickjs",
            diagnostics=JAVASCRIPT_DIAGNOSTICS,
        ),
        Language("sql", "SQL (SQLite)", ".sql", frozenset({Kind.SQL}), has_files=False, extension="_sqlite3"),
        *(
            Language(native.name, native.title, native.suffix, native.kinds, native=native)
            for native in NATIVE_LANGUAGES.values()
        ),
    )
}
