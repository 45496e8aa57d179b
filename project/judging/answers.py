"""Answers: the source, and other files that learners hand in with it. Which names those may have."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from project.judging.languages import Language
from project.judging.problems import Case, Content, Problem
from project.sandbox.inside.languages.python import ANSWER_FILE
from project.sandbox.native import OUT

RESERVED_NAME = "Another file has this name: that of the answer itself, or one of the compiler's."


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in a language of the interpreter, or before it is compiled."""

    source: str
    files: Mapping[str, str]  # the others, by name

    def files_in(self, problem: Problem, case: Case) -> dict[str, Content]:
        """Return the files that the answer can open or import in a case.

        Where several have the same name, that of the case is used; then that of the exercise.
        """
        return {**self.files, **problem.support_files, **case.answer_files}


def reserved_names(language: Language, source: str) -> set[str]:
    """Return the names that no file beside an answer with this source may have."""
    if language.native is not None:
        return {*language.native.files(source), OUT}
    return {ANSWER_FILE} if language.name == "python" else set()


def refused_names(
    language: Language, source: str, names: Collection[str], support_files: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names of an answer's files that it may not have, each with a sentence that says why."""
    reserved = reserved_names(language, source)
    for name in names:
        if not language.has_files:
            yield name, f"Answers in {language.title} have no other files."
        elif name in reserved:
            yield name, RESERVED_NAME
        elif name in support_files:
            yield name, "The exercise gives a file with this name."
