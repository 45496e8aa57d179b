"""The layout of an Exercism track for Python, as https://exercism.org/docs/building/tracks describes it.

`.meta/config.json` lists the files by their purpose. Older exercises lack it, and are read by the names of their files.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from project.api.exercises.importing.folders import Folder, Unusable
from project.judging.problems import Kind

TEXTS = ("introduction.md", "instructions.md", "instructions.append.md")
REFERENCES = (".meta/example.py", ".meta/exemplar.py", "example.py")
TEST = "_test.py"
SUFFIX = ".py"
IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)


def is_exercise(folder: Folder) -> bool:
    """Whether a folder looks like an exercise of a track."""
    return folder.has(".meta") or folder.has(".docs") or bool(folder.files(TEST))


def read(folder: Folder, language: str) -> dict[str, Any]:
    """Return an exercise as a payload of POST /exercises: with one case, its test module.

    Raises:
        Unusable: its language is not Python, or a file is missing or cannot be read.

    """
    if language != "python":
        raise Unusable("only Python's tracks can be taken")
    known = _known_files(folder)
    test = _test(folder, known)
    stub = _stub(known, test)
    reference = _reference(folder, known)
    given = {test, stub, reference}
    others = {name for name in [*folder.files(SUFFIX), *known["editor"], *known["test"]] if name.endswith(SUFFIX)}
    files = {name: folder.read(name) for name in sorted(others - given)}
    solutions = [folder.read(name) for name in (stub, reference) if folder.has(name)]
    for_answers = _imported(solutions, files)
    case = {
        "name": "tests",
        "kind": Kind.UNITTEST.value,
        "code": folder.read(test),
        "module": stub.removesuffix(SUFFIX),
        "files": {name: text for name, text in files.items() if name not in for_answers},
        "answer_files": {name: files[name] for name in sorted(for_answers)},
    }
    return {
        "slug": folder.name,
        "title": folder.name.replace("-", " ").title(),
        "language": "python",
        "exercise_body": _instructions(folder),
        "cases": [case],
        "reference_solution": folder.read(reference),
        "starter": folder.read(stub) if folder.has(stub) else None,
    }


def _imported(sources: list[str], files: Mapping[str, str]) -> set[str]:
    """Return the files that the sources import, directly or indirectly. Answers cannot read other files."""
    found: set[str] = set()
    for source in sources:
        modules = set(IMPORT.findall(source))
        new = {name for name in files if name.removesuffix(SUFFIX) in modules} - found
        found |= new | _imported(
            [files[name] for name in new], {name: files[name] for name in files if name not in new}
        )
    return found


def _known_files(folder: Folder) -> dict[str, list[str]]:
    """Return the lists of files in .meta/config.json; empty lists if it is missing or invalid."""
    files: Any = {}
    if folder.has(".meta/config.json"):
        try:
            files = json.loads(folder.read(".meta/config.json"))["files"]
        except (ValueError, RecursionError, KeyError, TypeError):
            files = {}
    listed = {}
    for key in ("solution", "test", "example", "exemplar", "editor"):
        names = files.get(key) if isinstance(files, dict) else None
        listed[key] = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return listed


def _test(folder: Folder, known: dict[str, list[str]]) -> str:
    by_name = f"{folder.name.replace('-', '_')}{TEST}"
    tests = [name for name in known["test"] if name.endswith(TEST)] or folder.files(TEST)
    if by_name in tests:
        return by_name
    if len(tests) != 1:
        found = f"several test modules: {', '.join(tests)}" if tests else f"no test module *{TEST}"
        raise Unusable(f"has {found}")
    return tests[0]


def _stub(known: dict[str, list[str]], test: str) -> str:
    """Return the name of the file that the learner completes; it need not exist."""
    solutions = [name for name in known["solution"] if name.endswith(SUFFIX)]
    if len(solutions) > 1:
        raise Unusable(f"asks for several files: {', '.join(solutions)}")
    return solutions[0] if solutions else f"{test.removesuffix(TEST)}{SUFFIX}"


def _reference(folder: Folder, known: dict[str, list[str]]) -> str:
    candidates = [name for name in (*known["example"], *known["exemplar"], *REFERENCES) if name.endswith(SUFFIX)]
    for name in candidates:
        if folder.has(name):
            return name
    raise Unusable("there is no reference solution, such as .meta/example.py")


def _instructions(folder: Folder) -> str:
    if not folder.has(".docs/instructions.md"):
        raise Unusable("there is no .docs/instructions.md")
    texts = [folder.read(f".docs/{name}") for name in TEXTS if folder.has(f".docs/{name}")]
    return "\n\n".join(text.strip() for text in texts) + "\n"
