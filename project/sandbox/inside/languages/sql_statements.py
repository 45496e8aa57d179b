"""Splits a script in SQL into statements, and finds the place in a statement that an error of SQLite is about."""

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

# Semicolons do not end a statement in texts, quoted names and comments. SQLite reads an unfinished comment to the end.
_TOKEN = re.compile(
    r"""'[^']*(?:'|\Z)|"[^"]*(?:"|\Z)|`[^`]*(?:`|\Z)|\[[^\]]*(?:\]|\Z)"""
    r"""|(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z)|\s+)|[^'"`\[;\-/\s]+|.""",
    re.DOTALL,
)
_WRONG_TOKEN = re.compile(r'near "(.+)": syntax error|unrecognized token: "(.+)"', re.DOTALL)
_WRONG_NAME = re.compile(r"^[\w ]+: (?:\w+\.)*(\w+)(?:\(\))?$")
INCOMPLETE = "incomplete input"
MAX_TRIED = 50  # occurrences of a wrong token
MAX_SHOWN = 120  # characters of a line


class Statement(NamedTuple):
    """A statement, which begins at an offset in its script: after spaces and comments."""

    text: str
    offset: int


def statements(script: str) -> Iterator[Statement]:
    """Yield the statements of a script. Those of a trigger belong to the statement that creates it."""
    begin: int | None = None
    for token in _TOKEN.finditer(script):
        is_semicolon = token[0] == ";"
        if begin is None and not token["comment"] and not is_semicolon:
            begin = token.start()
        elif begin is not None and is_semicolon and sqlite3.complete_statement(script[begin : token.end()]):
            yield Statement(script[begin : token.end()], begin)
            begin = None
    if begin is not None:
        yield Statement(script[begin:], begin)


def is_about_syntax(message: str) -> bool:
    """Whether an error of SQLite is about the syntax."""
    return message == INCOMPLETE or _WRONG_TOKEN.fullmatch(message) is not None


def located(message: str, script: str, statement: Statement, connection: sqlite3.Connection) -> str:
    """Return the message of an error with the number and the text of its line."""
    place = _place(message, statement.text, connection)
    offset = statement.offset + (place or 0)
    number = script.count("\n", 0, offset) + 1
    begin = script.rfind("\n", 0, offset) + 1
    line = script[begin:].partition("\n")[0].rstrip()
    indented = len(line) - len(line.lstrip())
    lines = [f"Line {number}: {message}", f"    {line.strip()[:MAX_SHOWN]}"]
    column = offset - begin - indented
    if place is not None and column < MAX_SHOWN:
        lines.append(f"    {' ' * column}^")
    return "\n".join(lines)


def _place(message: str, statement: str, connection: sqlite3.Connection) -> int | None:
    """Return the offset in a statement that an error is about; None if it is not known."""
    if message == INCOMPLETE:
        return len(statement.rstrip("; \t\r\n")) or None
    if found := _WRONG_TOKEN.fullmatch(message):
        return _place_of_token(message, found[1] or found[2], statement, connection)
    if found := _WRONG_NAME.match(message):
        places = [match.start() for match in re.finditer(rf"\b{found[1]}\b", statement, re.IGNORECASE)]
        return places[0] if len(places) == 1 else None
    return None


def _place_of_token(message: str, token: str, statement: str, connection: sqlite3.Connection) -> int | None:
    """Return where the token is at which SQLite's parser stops: it stops there also if the statement ends with it."""
    for number, match in enumerate(re.finditer(re.escape(token), statement)):
        if number == MAX_TRIED:
            return None
        try:
            connection.execute(f"EXPLAIN {statement[: match.end()]}").close()  # which parses it, and does not run it
        except sqlite3.Error as error:
            if str(error) == message:
                return match.start()
    return None
