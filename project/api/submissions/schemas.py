"""Requests and responses of the submissions."""

import json
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo

from project.api.case_results import (
    OF_COMPILATION,
    OF_DIAGNOSTICS,
    CaseResultData,
    CompilationData,
    DiagnosticData,
)
from project.api.exercises.call_cases import Arguments, Keywords
from project.api.exercises.case_fields import MAX_TEXT_BYTES, CaseText, Identifier, named_by
from project.api.exercises.case_files import DESCRIBED_NAME, MAX_FILES, FileName
from project.api.exercises.exact import ExactPayload
from project.api.schemas import (
    Int64,
    ListQuery,
    Message,
    Page,
    Payload,
    QueryInt64,
    Success,
    Text,
    Timestamp,
    query_integer,
)
from project.api.submissions.states import State
from project.judging.verdicts import Verdict
from project.sandbox.limits import MAX_ANSWER_BYTES

DEFAULT_WAIT, MAX_WAIT = 5, 30  # seconds
MAX_TOTAL_BYTES = 256 * 1024  # of an answer with all its files
OF_NO_HIDDEN_CASE = "Null for learners if the exercise has a hidden case."


def _check_length(answer: str) -> str:
    if len(answer.encode()) > MAX_ANSWER_BYTES:
        raise ValueError(f"Must have at most {MAX_ANSWER_BYTES} bytes in UTF-8")
    return answer


def _check_total(files: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    total = sum(len(text.encode()) for text in [info.data.get("answer", ""), *files.values()])
    if total > MAX_TOTAL_BYTES:
        raise ValueError(f"Must have at most {MAX_TOTAL_BYTES} bytes in UTF-8 together with the answer")
    return files


Answer = Annotated[Text, AfterValidator(_check_length), Field(json_schema_extra={"maxLength": MAX_ANSWER_BYTES})]
AnswerFiles = Annotated[
    dict[FileName, Text],
    AfterValidator(_check_total),
    Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description=f"Other files by name: modules, headers, data. With the answer at most {MAX_TOTAL_BYTES} bytes.",
        examples=[{"stack.py": "class Stack: ...\n"}],
        json_schema_extra=named_by(DESCRIBED_NAME),
    ),
]


class SubmissionPayload(Payload):
    """An answer to judge."""

    exercise_id: Int64 = Field(examples=[1])
    answer: Answer = Field(
        description=f"Source code: at most {MAX_ANSWER_BYTES} bytes in UTF-8.",
        examples=["def add(a, b):\n    return a + b\n"],
    )
    files: AnswerFiles
    language: Text | None = Field(None, description="One of the exercise's languages; by default, its `language`.")


class OwnCall(ExactPayload):
    """A call of a function of the answer."""

    what: ClassVar[str] = "of a call"

    function: Identifier = Field(examples=["add"])
    arguments: Arguments
    keywords: Keywords


def _check_alone(call: OwnCall | None, info: ValidationInfo) -> OwnCall | None:
    if call is not None and info.data.get("input") is not None:
        raise ValueError("Must not be given with an input")
    if call is not None and len(json.dumps(call.model_dump(), ensure_ascii=False).encode()) > MAX_TEXT_BYTES:
        raise ValueError(f"Must have at most {MAX_TEXT_BYTES} bytes as JSON")
    return call


class EvaluationPayload(SubmissionPayload):
    """An answer to try: with the cases of the exercise, or only with an input, or a call, of the learner's own."""

    input: CaseText | None = Field(
        None, description="Run the answer once, as a program that reads this, and judge nothing.", examples=[None]
    )
    call: Annotated[OwnCall | None, AfterValidator(_check_alone)] = Field(
        None, description="Call this function once, and judge nothing. Values may be as in cases of kind `call`."
    )


class WaitQuery(Payload):
    """How long to wait."""

    wait: Annotated[int, Field(ge=0, le=MAX_WAIT), BeforeValidator(query_integer)] = Field(
        DEFAULT_WAIT, description="Seconds after which the answer comes without a verdict."
    )


class SubmissionQuery(ListQuery):
    """Which submissions to list."""

    exercise_id: QueryInt64 | None = None
    user_id: QueryInt64 | None = Field(None, description="Learners see their own only.")
    verdict: Verdict | None = Field(None, strict=False)
    state: State | None = Field(None, strict=False)


class JudgedData(BaseModel):
    """What was judged, and how it ended; null where it has not ended."""

    exercise_id: int
    exercise_version: int
    language: str
    verdict: Verdict | None
    points: int | None
    max_points: int | None
    isolation_level: int | None = Field(description="3 is the strongest.")
    limits: dict[str, int] | None = Field(description="In force for each case.")
    cpu_ms: float | None = Field(description=OF_NO_HIDDEN_CASE)
    wall_ms: float | None = Field(description=OF_NO_HIDDEN_CASE)


class OwnRunData(BaseModel):
    """What an answer did with an input or a call of the learner's own."""

    call: str | None = Field(description="The call, as source text of the learner's language.")
    value: str | None = Field(description="What it returned, as source text. Null without a call, or if it failed.")
    output: str = Field(description="What was printed: its beginning and its end.")
    error: str = Field(description="What was written to standard error, and why the program failed.")
    memory_bytes: int = Field(description="The most that was in use at once.")


class EvaluationData(JudgedData):
    """How an answer that is not recorded was judged, or what it did with `input` or `call`.

    Then there are no cases and no points, and `verdict` is null if the answer ran to its end.
    """

    cases: list[CaseResultData]
    diagnostics: list[DiagnosticData] = Field(description=OF_DIAGNOSTICS)
    compilation: CompilationData | None = Field(description=OF_COMPILATION)
    run: OwnRunData | None = Field(description="Null unless `input` or `call` was given.")


class ListedSubmission(JudgedData):
    """A submission in a list."""

    id: int
    user_id: int
    state: State
    created_at: Timestamp
    started_at: Timestamp | None = Field(description=OF_NO_HIDDEN_CASE)
    finished_at: Timestamp | None = Field(description=OF_NO_HIDDEN_CASE)


class SubmissionData(ListedSubmission):
    """A submission."""

    answer: str
    files: dict[str, str] = Field(description="The other files of the answer, by name.")
    cases: list[CaseResultData] | None
    diagnostics: list[DiagnosticData] | None = Field(description=OF_DIAGNOSTICS)
    compilation: CompilationData | None = Field(description=OF_COMPILATION)


class SubmissionAnswer(Success):
    """One submission."""

    data: SubmissionData


class SubmissionGraded(Message):
    """The submission with its verdict."""

    data: SubmissionData


class SubmissionPending(Message):
    """The submission so far: read it again at the address in `Location`."""

    data: SubmissionData


class EvaluationAnswer(Message):
    """How the answer was judged."""

    data: EvaluationData


class Submissions(BaseModel):
    """The submissions of a page."""

    submissions: list[ListedSubmission]


class SubmissionsAnswer(Page):
    """A page of submissions, newest first."""

    data: Submissions
