"""Our own format: a folder with exercise.toml, instructions.md, a reference solution, and a starter if there is one.

The table is a payload of POST /exercises. Texts may be in files beside it: `code_file = "test_add.py"` means `code`,
and the same holds for `input` and `expected`; lists of files have their names. TOML has no null:
`expected_json = "null"` stands for `expected`, and the same holds for `arguments` and `keywords`. A further language
has its solutions in files of its own suffix.
"""

import tomllib
from typing import Any

from project.api.exercises.case_fields import MAX_INPUT_BYTES
from project.api.exercises.exact import did_you_mean
from project.api.exercises.importing.folders import MAX_FILE_BYTES, Folder, Unusable
from project.api.payload import parse_json
from project.judging.languages import LANGUAGES
from project.judging.problems import Content

TABLE = "exercise.toml"
SOLUTIONS = {"reference_solution": "reference", "starter": "starter"}  # fields, and the files that they are in
KEYS = {
    *("slug", "title", "language", "languages", "grading", "policy", "limits", "shared_sandbox"),
    *("stop_after_time_limits", "support_files", "cases"),
}
LISTS_OF_FILES = {"files", "answer_files"}  # of a case


def read(folder: Folder, language: str) -> dict[str, Any]:
    """Return an exercise as a payload of POST /exercises; `language` is used if it has none of its own.

    Raises:
        Unusable: a file is missing or cannot be read.

    """
    table = _table(folder)
    language = table.setdefault("language", language)
    if isinstance(table.get("support_files"), list):
        table["support_files"] = _files(folder, table["support_files"])
    suffix = _suffix(language)
    languages = table.get("languages", {})
    if isinstance(languages, dict):
        languages = {name: _in_language(folder, name, given) for name, given in languages.items()}
    return {
        "slug": folder.name,
        **table,
        "exercise_body": folder.read("instructions.md"),
        "cases": [_with_texts(folder, case) for case in _cases(table)],
        "reference_solution": folder.read(f"reference{suffix}"),
        "starter": _read_if_there(folder, f"starter{suffix}"),
        "languages": languages,
    }


def _suffix(language: Any) -> str:
    if not isinstance(language, str) or language not in LANGUAGES:
        raise Unusable(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    return LANGUAGES[language].suffix


def _in_language(folder: Folder, language: str, given: Any) -> Any:
    """Return a further language with its reference solution and its starter, which are optional."""
    if not isinstance(given, dict):
        return given
    suffix = _suffix(language)
    files = {name: _read_if_there(folder, f"{file}{suffix}") for name, file in SOLUTIONS.items()}
    return files | _with_texts(folder, given)


def _read_if_there(folder: Folder, name: str) -> str | None:
    return folder.read(name) if folder.has(name) else None


def _table(folder: Folder) -> dict[str, Any]:
    try:
        table = tomllib.loads(folder.read(TABLE))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unusable(f"{TABLE} is no TOML: {error}") from None
    if unknown := sorted(table.keys() - KEYS):
        questions = "".join(did_you_mean(name, KEYS) for name in unknown)
        raise Unusable(f"{TABLE} has keys that are not known: {', '.join(unknown)}.{questions}")
    return table


def _cases(table: dict[str, Any]) -> list[Any]:
    cases = table.get("cases")
    if not isinstance(cases, list) or not cases:
        raise Unusable(f"{TABLE} has no [[cases]]")
    return cases


def _with_texts(folder: Folder, table: Any) -> Any:
    """Return a case, or another part of the table, with the contents of its files in place of their names."""
    if not isinstance(table, dict):
        return table
    whole: dict[str, Any] = {}
    for name, value in table.items():
        if name in LISTS_OF_FILES and isinstance(value, list):
            whole[name] = _files(folder, value)
        elif name == "calls" and isinstance(value, list):
            whole[name] = [_with_texts(folder, call) for call in value]
        elif name.endswith("_file") and isinstance(value, str):
            most = MAX_INPUT_BYTES if name == "input_file" else MAX_FILE_BYTES
            whole[name.removesuffix("_file")] = folder.read(value, most)
        elif name.endswith("_json") and isinstance(value, str):
            whole[name.removesuffix("_json")] = _json(name, value)
        else:
            whole[name] = value
    return whole


def _files(folder: Folder, names: list[Any]) -> dict[str, Content]:
    return {name: folder.read_content(name) for name in map(str, names)}


def _json(name: str, text: str) -> Any:
    try:
        return parse_json(text.encode())
    except ValueError as error:
        raise Unusable(f"{name}: {error}") from None
