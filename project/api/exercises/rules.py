"""The rules that a schema cannot express: whether the parts of an exercise are consistent, and the settings' limits."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from project.api.exercises.case_values import value_errors
from project.api.exercises.cases import UnittestCase
from project.api.exercises.further_languages import columns, limits_in
from project.api.exercises.pytest_rules import unsupported
from project.api.exercises.schemas import MIN_MEMORY_BYTES, MIN_MILLISECONDS, ExercisePayload
from project.api.exercises.sql_cases import result_errors
from project.api.exercises.stored_inputs import separate
from project.grading.local_judge import local_judge
from project.judging.answers import RESERVED_NAME, reserved_names
from project.judging.languages import LANGUAGES, Language
from project.judging.problems import Case, Kind
from project.judging.smallest_output import smallest_output
from project.sandbox.inside.files import modules
from project.sandbox.inside.sizes import MAX_ROWS_BYTES, MAX_VALUE_BYTES
from project.sandbox.limits import MIB, WALL_PER_CPU, Limits

MAX_CASES_BYTES = 512 * 1024  # of all cases of an exercise together, as JSON
# The limits that the factors of a language change, and which of the two does.
FACTORS = {"cpu_ms": "cpu_factor", "wall_ms": "cpu_factor", "memory_bytes": "memory_factor"}
MAX_LANGUAGES_BYTES = 512 * 1024  # the same of its languages
LARGEST_VALUES = {Kind.CALL: MAX_VALUE_BYTES, Kind.SQL: MAX_ROWS_BYTES}
MAX_SUPPORT_BYTES = 512 * 1024  # of all files of an exercise together, as JSON: lists and versions have them too


def broken_rules(payload: ExercisePayload, settings: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong, by field, as in `{"cases.3.name": ["…"]}`. `settings` has the upper limits."""
    errors: dict[str, list[str]] = {}
    rules = (_languages, _names, _size, _support_files, _outputs, _values, _points, _test_modules)
    found = chain.from_iterable(rule(payload) for rule in rules)
    for field, sentence in (*found, *_limits(payload, settings)):
        errors.setdefault(field, []).append(sentence)
    return errors


def most_time(settings: Mapping[str, Any]) -> dict[str, int]:
    """Return the longest that an exercise may allow one case, as limits."""
    cpu_ms = settings["GRADING_MAX_CPU_MS"]
    # An answer that only waits may do so for as long as a submission takes.
    return {"cpu_ms": cpu_ms, "wall_ms": max(cpu_ms * WALL_PER_CPU, settings["GRADING_SUBMISSION_SECONDS"] * 1000)}


def _languages(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    if payload.language in payload.languages:
        yield f"languages.{payload.language}", "Is the default language already."
    for name, language in _all_languages(payload).items():
        if missing := _missing(language):
            field = "language" if name == payload.language else f"languages.{name}"
            available = ", ".join(known for known in local_judge().languages.gradable() if known != name)
            sentence = f"{language.title} cannot be run by this installation: {missing}"
            yield field, f"{sentence} Available are {available}."
        if Kind.STDOUT not in language.kinds and not payload.cases:  # test_code is a case of that kind
            yield "cases", f"Exercises in {language.title} need cases."
        for number, case in enumerate(payload.cases):
            if Kind(case.kind) not in language.kinds:
                yield f"cases.{number}.kind", f"There are no cases of this kind in {language.title}."
            if case.model_dump().get("answer_files") and not language.has_files:
                yield f"cases.{number}.answer_files", f"Answers in {language.title} cannot open files."
    if len(json.dumps(columns(payload.languages), ensure_ascii=False).encode()) > MAX_LANGUAGES_BYTES:
        yield "languages", f"Must have at most {MAX_LANGUAGES_BYTES} bytes together."


def _all_languages(payload: ExercisePayload) -> dict[str, Language]:
    """Return the default language and the others, by name."""
    return {name: LANGUAGES[name] for name in (payload.language, *payload.languages)}


def _missing(language: Language) -> str | None:
    """Return why this installation cannot run a language, as a sentence."""
    if language.native is not None:
        return local_judge().languages.of(language).missing
    return None if language.available else f"The Python package for {language.title} is not installed."


def _names(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    names: set[str] = set()
    for number, case in enumerate(payload.cases):
        if case.name in names:
            yield f"cases.{number}.name", "Another case has this name."
        names.add(case.name)


def _test_modules(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    for number, case in enumerate(payload.cases):
        if isinstance(case, UnittestCase):
            beside = case.model_dump(include={"files", "answer_files"})
            files = payload.model_dump()["support_files"] | beside["answer_files"] | beside["files"]
            for sentence in unsupported(case.code, modules(files)):
                yield f"cases.{number}.code", sentence


def _size(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    cases, _ = separate([case.model_dump() for case in payload.cases])
    if len(json.dumps(cases, ensure_ascii=False).encode()) > MAX_CASES_BYTES:
        yield "cases", f"Must have at most {MAX_CASES_BYTES} bytes together."


def _support_files(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    files = payload.model_dump()["support_files"]
    if len(json.dumps(files, ensure_ascii=False).encode()) > MAX_SUPPORT_BYTES:
        yield "support_files", f"Must have at most {MAX_SUPPORT_BYTES} bytes together."
    reserved: set[str] = set()
    for name, language in _all_languages(payload).items():
        if files and not language.has_files:
            yield "support_files", f"Answers in {language.title} cannot open files."
        solutions = payload if name == payload.language else payload.languages[name]
        for answer in {solutions.reference_solution, solutions.starter} - {None} or {""}:
            reserved |= reserved_names(language, answer or "")
    for name in sorted(reserved & files.keys()):
        yield f"support_files.{name}", RESERVED_NAME


def _outputs(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    """Refuse expected outputs that are longer than any output may be."""
    for number, given in enumerate(payload.cases):
        case = Case.from_json(given.model_dump())
        most = LARGEST_VALUES.get(case.kind, payload.limits.output_bytes)
        if (least := smallest_output(case)) > most:
            yield f"cases.{number}.expected", f"No answer can give {least} bytes: at most {most} are allowed."


def _values(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    """Refuse forms that the language lacks, invalid patterns, and results that SQL cannot return."""
    for number, given in enumerate(payload.cases):
        case = given.model_dump()
        of_languages = (value_errors(case, language) for language in _all_languages(payload))
        found = chain(chain.from_iterable(of_languages), result_errors(case))
        for field, sentence in dict.fromkeys(found):
            yield f"cases.{number}.{field}", sentence


def _points(payload: ExercisePayload) -> Iterator[tuple[str, str]]:
    for number, given in enumerate(payload.cases):
        points = getattr(given, "test_points", None)
        if isinstance(points, dict) and sum(points.values()) != given.points:
            yield f"cases.{number}.points", f"Must be {sum(points.values())}, the sum of test_points."


def _limits(payload: ExercisePayload, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    wanted = Limits.from_json(payload.limits.model_dump(exclude_unset=True))
    ceilings = most_time(settings) | {"memory_bytes": settings["GRADING_MAX_MEMORY_MIB"] * MIB}
    for name, ceiling in ceilings.items():
        if name in payload.limits.model_fields_set and getattr(wanted, name) > ceiling:
            yield f"limits.{name}", f"Must be at most {ceiling}."
    floors = {"cpu_ms": MIN_MILLISECONDS, "wall_ms": MIN_MILLISECONDS, "memory_bytes": MIN_MEMORY_BYTES}
    for language, stored in columns(payload.languages)["languages"].items():
        limits = limits_in(wanted, stored)
        for name, factor in FACTORS.items():
            value, least = getattr(limits, name), floors[name]
            most = max(ceilings[name], getattr(wanted, name))  # the limit itself has its own error
            if not least <= value <= most:
                yield (
                    f"languages.{language}.{factor}",
                    f"Makes {name} {value}, which must be at least {least} and at most {most}.",
                )
