"""Our own format: a folder with exercise.toml, instructions.md, a reference solution, and a starter if there is one.

The table is a payload of POST /exercises. Texts may be in files beside it: `code_file = "test_add.py"` means `code`,
and the same holds for `input` and `expected`. TOML has no null: `expected_json = "null"` stands for `expected`, and the
same holds for `arguments` and `keywords`.
"""

import tomllib
from typing import Any

from project.api.exercises.case_fields import MAX_INPUT_BYTES
from project.api.exercises.exact import did_you_mean
from project.api.exercises.importing.folders import MAX_FILE_BYTES, Folder, Unusable
from project.api.payload import parse_json
from project.judging.languages import LANGUAGES

TABLE = "exercise.toml"
KEYS = {"slug", "title", "language", "grading", "policy", "limits", "shared_sandbox", "stop_after_time_limits", "cases"}


def read(folder: Folder, language: str) -> dict[str, Any]:
    """Return an exercise as a payload of POST /exercises; `language` is used if it has none of its own.

    Raises:
        Unusable: a file is missing or cannot be read.

    """
    table = _table(folder)
    language = table.setdefault("language", language)
    if language not in LANGUAGES:
        raise Unusable(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    suffix = LANGUAGES[language].suffix
    starter = f"starter{suffix}"
    return {
        "slug": folder.name,
        **table,
        "exercise_body": folder.read("instructions.md"),
        "cases": [_case(folder, case) for case in _cases(table)],
        "reference_solution": folder.read(f"reference{suffix}"),
        "starter": folder.read(starter) if folder.has(starter) else None,
    }


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


def _case(folder: Folder, case: Any) -> Any:
    """Return a case, or a call of a method in a case, with the contents of its files in place of their names."""
    if not isinstance(case, dict):
        return case
    whole: dict[str, Any] = {}
    for name, value in case.items():
        if name in {"files", "answer_files"} and isinstance(value, list):
            whole[name] = {file: folder.read_content(file) for file in map(str, value)}
        elif name == "calls" and isinstance(value, list):
            whole[name] = [_case(folder, call) for call in value]
        elif name.endswith("_file") and isinstance(value, str):
            most = MAX_INPUT_BYTES if name == "input_file" else MAX_FILE_BYTES
            whole[name.removesuffix("_file")] = folder.read(value, most)
        elif name.endswith("_json") and isinstance(value, str):
            whole[name.removesuffix("_json")] = _json(name, value)
        else:
            whole[name] = value
    return whole


def _json(name: str, text: str) -> Any:
    try:
        return parse_json(text.encode())
    except ValueError as error:
        raise Unusable(f"{name}: {error}") from None
