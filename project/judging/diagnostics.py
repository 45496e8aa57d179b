"""Diagnostics: what a compiler or interpreter reports about places in an answer, as fields.

A language has one pattern, which finds a message in what its compiler prints. Patterns are those of RE2, whose time is
linear in the length of the text: a compiler prints what an answer makes it print.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from project.judging.output import visible
from project.judging.patterns import compiled

MAX_DIAGNOSTICS = 50
MAX_MATCHES = 1000  # messages that are read, to find the errors among many warnings
MAX_MESSAGE = 500  # characters
MAX_FILE_NAME = 255
MAX_DIGITS = 9  # of the number of a line or column, which is a 32-bit integer in some clients
REQUIRED_GROUPS = frozenset({"line", "message"})
GROUPS = REQUIRED_GROUPS | {"file", "column", "severity", "excerpt", "caret"}


class Severity(StrEnum):
    """How serious a diagnostic is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# The words of compilers; all others mean an error.
_SEVERITIES = {
    "warning": Severity.WARNING,
    **dict.fromkeys(("note", "hint", "help", "info", ""), Severity.NOTE),
}
_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message about a place. Its texts are safe to store and to show."""

    file: str  # its name, without directories that the learner does not know
    line: int  # from 1
    column: int | None  # from 1, in characters; None if the compiler names only the line
    severity: Severity
    message: str

    def as_json(self) -> dict[str, Any]:
        """Return the diagnostic with its fields by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticPattern:
    """How to find diagnostics in what a compiler prints; docs/languages.md describes the groups of the pattern.

    Raises ValueError if the pattern is not valid.
    """

    pattern: str  # ^ and $ match at the ends of lines
    file: str = ""  # that the messages are about, if the pattern has no group with its name
    columns_are_bytes: bool = False  # whether the compiler counts columns in bytes of UTF-8

    def __post_init__(self) -> None:
        """Check the names of the groups."""
        names = set(self._compiled().groupindex)
        if unknown := names - GROUPS:
            raise ValueError(f"the pattern for diagnostics has an unknown group {', '.join(sorted(unknown))}")
        if missing := REQUIRED_GROUPS - names:
            raise ValueError(f"the pattern for diagnostics has no group {', '.join(sorted(missing))}")

    def diagnostics(self, printed: str, sources: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
        """Return the diagnostics in a text, in its order; of many, the most serious ones.

        `sources` are the files that were compiled, by name: columns are counted in their lines.
        """
        lines = {name: source.split("\n") for name, source in sources.items() if isinstance(source, str)}
        text = printed.encode(errors="replace").decode()
        found = list(islice(self._found(text, lines), MAX_MATCHES))
        if len(found) > MAX_DIAGNOSTICS:
            ranked = sorted(range(len(found)), key=lambda place: _ORDER.index(found[place].severity))
            found = [found[place] for place in sorted(ranked[:MAX_DIAGNOSTICS])]
        return tuple(found)

    def _compiled(self) -> Any:
        return compiled(f"(?m){self.pattern}")

    def _found(self, text: str, lines: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
        for match in self._compiled().finditer(text):
            groups = {name: value for name, value in match.groupdict().items() if value}
            line = _number(groups.get("line", ""))
            if line is None:
                continue
            file = _file_name(groups.get("file", self.file), lines)
            code = lines[file][line - 1] if file in lines and line <= len(lines[file]) else None
            yield Diagnostic(
                file=visible(file)[:MAX_FILE_NAME],
                line=line,
                column=self._column(groups, code),
                severity=_SEVERITIES.get(groups.get("severity", "error").strip().lower(), Severity.ERROR),
                message=visible(groups.get("message", "").strip())[:MAX_MESSAGE],
            )

    def _column(self, groups: Mapping[str, str], code: str | None) -> int | None:
        """Return the column of a message about a line, which is `code` if it is known."""
        if "column" in groups:
            column = _number(groups["column"])
            if column is not None and self.columns_are_bytes and code is not None:
                return len(code.encode()[: column - 1].decode(errors="ignore")) + 1
            return column
        if "caret" in groups:
            excerpt = groups.get("excerpt")
            if code is None or excerpt is None:
                return len(groups["caret"])
            # The line of code may have another indentation in the message.
            return max(len(groups["caret"]) - _indentation(excerpt) + _indentation(code), 1)
        return None


def _file_name(path: str, known: Mapping[str, object]) -> str:
    """Return the name of a file of the answer, or else the last part of the path."""
    path = posixpath.normpath(path)
    return path if path in known else posixpath.basename(path)


def _number(text: str) -> int | None:
    """Return the number of a line or column; None if it is none, or 0, which compilers write for an unknown one."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) or None if is_number else None


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
