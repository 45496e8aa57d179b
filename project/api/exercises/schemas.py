"""Requests and responses of the exercises."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from project.api.case_results import (
    OF_COMPILATION,
    OF_DIAGNOSTICS,
    CaseResultData,
    CompilationData,
    DiagnosticData,
)
from project.api.exercises.case_fields import CaseText, named_by
from project.api.exercises.case_files import DESCRIBED_NAME, MAX_FILES, Base64File, Files
from project.api.exercises.cases import AnyCase
from project.api.exercises.exact import ExactPayload
from project.api.exercises.grading import Grading, Policy
from project.api.exercises.language_fields import Language, Languages, OfferedLanguage
from project.api.schemas import Integer, ListQuery, Message, Page, Success, Text, Timestamp
from project.judging.problems import MAX_CASES, STOP_AFTER_TIME_LIMITS, Kind
from project.judging.verdicts import Verdict
from project.sandbox.limits import MIB, Limits

# What no setting can change. The settings' own ceilings are in `project.api.exercises.rules`.
MIN_MILLISECONDS = 100
MIN_MEMORY_BYTES = 16 * MIB
MAX_CPU_MS = 600_000
MAX_MEMORY_BYTES = 65_536 * MIB
MAX_OUTPUT_BYTES = MIB
DEFAULTS = Limits()


Slug = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]


class GivenLimits(ExactPayload):
    """What an answer may use in each test case. What is not given is as by default."""

    what: ClassVar[str] = "of the limits"

    cpu_ms: Integer = Field(DEFAULTS.cpu_ms, ge=MIN_MILLISECONDS, le=MAX_CPU_MS)
    wall_ms: Integer = Field(
        DEFAULTS.wall_ms, ge=MIN_MILLISECONDS, le=3 * MAX_CPU_MS, description="By default three times `cpu_ms`."
    )
    memory_bytes: Integer = Field(DEFAULTS.memory_bytes, ge=MIN_MEMORY_BYTES, le=MAX_MEMORY_BYTES)
    output_bytes: Integer = Field(DEFAULTS.output_bytes, ge=1, le=MAX_OUTPUT_BYTES, description="Of each stream.")


# Fields that the service sets. Payloads may contain them, so that what was read can be sent back.
READ_ONLY = ("id", "created_at", "version", "max_points", "updated_at")


def _described(schema: dict[str, Any]) -> None:
    """Describe in the schema that cases can replace test code and solution, and which fields are ignored."""
    schema["properties"] |= {name: {"readOnly": True, "description": "Passed over."} for name in READ_ONLY}
    schema["required"] = ["exercise_body"]
    schema["anyOf"] = [
        {"required": ["test_code", "test_code_solution"]},
        {"required": ["cases"], "properties": {"cases": {"minItems": 1}}},
    ]


class ExercisePayload(ExactPayload):
    """An exercise to add, or to replace another one."""

    model_config = ConfigDict(json_schema_extra=_described)
    what: ClassVar[str] = "of an exercise"

    exercise_body: Text = Field(min_length=1, description="What the learner reads.", examples=["Write `add(a, b)`."])
    test_code: Text = Field(
        description="The call that is judged. Not needed where there are `cases`.", examples=["print(add(2, 3))"]
    )
    test_code_solution: Text = Field(description="What it must print.", examples=["5"])
    grading: Grading = Field(
        Grading.SELF,
        strict=False,
        description="`self`: learners report their scores. `server`: the service decides; the default with `cases`.",
    )
    slug: Slug | None = Field(None, description="A name for addresses and imports; unique.")
    title: Annotated[Text, Field(min_length=1, max_length=200)] | None = None
    language: Language = Field("python", description="The default, if there are several `languages`.")
    languages: Languages = Field(default_factory=dict, description="The others that learners may choose, by name.")
    cases: list[AnyCase] = Field(
        default_factory=list, max_length=MAX_CASES, description="What is judged, instead of `test_code`."
    )
    limits: GivenLimits = Field(default_factory=lambda: GivenLimits.model_validate({}))
    shared_sandbox: bool = Field(
        False,  # noqa: FBT003 - a default, named by its place
        description="All cases in one sandbox: quicker, but an answer can carry things from one to the next.",
    )
    stop_after_time_limits: Integer = Field(
        STOP_AFTER_TIME_LIMITS,
        ge=1,
        le=MAX_CASES,
        description="After so many cases that ran into a time limit, the others are not run.",
    )
    policy: Policy = Field(Policy.BEST, strict=False, description="Which of several answers the score follows.")
    starter: CaseText | None = Field(None, description="What the learner begins with. Must not be accepted as it is.")
    reference_solution: CaseText | None = Field(None, description="Must be accepted. For admins only.")
    support_files: Files = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description="Headers, modules and data that every answer can use, by name. Learners see them.",
        json_schema_extra=named_by(DESCRIBED_NAME),
    )

    @model_validator(mode="before")
    @classmethod
    def _judged_by_cases(cls, values: Any) -> Any:
        """Where there are cases, there need be no pair of test code and solution, and the service decides."""
        if not isinstance(values, dict):
            return values
        defaults = {"test_code": "", "test_code_solution": "", "grading": Grading.SERVER} if values.get("cases") else {}
        return defaults | {name: value for name, value in values.items() if name not in READ_ONLY}


class ExerciseQuery(ListQuery):
    """Which exercises to list."""

    language: Language | None = Field(None, description="The default, or another one that learners may choose.")
    slug: Slug | None = None


class CaseData(BaseModel):
    """A test case. Learners see what it asks and expects, unless it is hidden; admins see all of it."""

    model_config = ConfigDict(extra="allow")

    name: str
    kind: Kind
    points: int
    hidden: bool
    input: str | None = Field(None, description="Of a large one, the beginning.")
    input_bytes: int | None = Field(None, description="How long a large input is as a whole.")
    input_digest: str | None = Field(None, description="SHA-256 of a large input. For admins.")
    function: str | None = None
    arguments: list[Any] | None = None
    keywords: dict[str, Any] | None = None
    expected: Any = None
    raises: dict[str, Any] | None = None
    calls: list[dict[str, Any]] | None = None
    setup: str | None = Field(None, description="Of SQL, as are the next three: makes the database.")
    query: str | None = Field(None, description="Runs after the answer, and its result is compared.")
    ordered: bool | None = Field(None, description="Whether the order of the rows matters.")
    column_names: bool | None = Field(None, description="Whether the names of the columns matter.")


SupportFiles = Annotated[
    dict[str, str | Base64File],
    Field(description="Files that every answer can use, by name: each a text, or base64 if it is no text."),
]


class ExerciseData(BaseModel):
    """An exercise; what only admins see is absent for everybody else."""

    id: int
    exercise_body: str
    grading: Grading
    created_at: Timestamp
    slug: str | None
    title: str | None
    language: str = Field(description="The default, if there are several `languages`.")
    languages: dict[str, OfferedLanguage] = Field(description="The others that learners may choose, by name.")
    cases: list[CaseData]
    limits: GivenLimits
    policy: Policy
    starter: str | None
    version: int = Field(description="Grows by one with each change that learners can notice.")
    max_points: int
    updated_at: Timestamp
    support_files: SupportFiles
    test_code: str | None = Field(None, description="For admins.")
    test_code_solution: str | None = Field(None, description="For admins.")
    shared_sandbox: bool | None = Field(None, description="For admins.")
    stop_after_time_limits: int | None = Field(None, description="For admins.")
    reference_solution: str | None = Field(None, description="For admins.")


class ExerciseAnswer(Success):
    """One exercise."""

    data: ExerciseData


class ExerciseWritten(Message):
    """The exercise as it was written."""

    data: ExerciseData
    warnings: list[str] = Field(description="What a learner could make use of, and other things to look at again.")


class TrialData(BaseModel):
    """How a solution was judged."""

    verdict: Verdict
    points: int
    max_points: int
    isolation_level: int
    limits: dict[str, int]
    cpu_ms: float
    wall_ms: float
    cases: list[CaseResultData]
    diagnostics: list[DiagnosticData] = Field(description=OF_DIAGNOSTICS)
    compilation: CompilationData | None = Field(description=OF_COMPILATION)


class LanguageCheckData(BaseModel):
    """How the solutions in one language fared; null for one that it does not have."""

    reference_solution: TrialData | None
    starter: TrialData | None


class CheckData(BaseModel):
    """How the solutions of an exercise fared; null for one that it does not have."""

    savable: bool = Field(description="Whether they do what they must, so that the exercise can be saved.")
    errors: dict[str, list[str]] = Field(description="What saving it would answer.")
    reference_solution: TrialData | None
    starter: TrialData | None
    languages: dict[str, LanguageCheckData] = Field(description="The same of each of `languages`, by name.")


class CheckAnswer(Message):
    """What was found out about an exercise that is not saved."""

    data: CheckData
    warnings: list[str] = Field(description="As when it is saved.")


class Exercises(BaseModel):
    """The exercises of a page."""

    exercises: list[ExerciseData]


class ExercisesAnswer(Page):
    """A page of exercises."""

    data: Exercises


class VersionData(BaseModel):
    """An exercise as it was."""

    id: int = Field(description="The version again.")
    exercise_id: int
    version: int
    exercise_body: str
    title: str | None
    starter: str | None
    language: str
    languages: dict[str, OfferedLanguage] = Field(description="Without the reference solutions.")
    test_code: str
    test_code_solution: str
    cases: list[CaseData]
    limits: GivenLimits
    shared_sandbox: bool
    stop_after_time_limits: int
    policy: Policy
    max_points: int
    created_at: Timestamp
    support_files: SupportFiles


class VersionAnswer(Success):
    """One version of an exercise."""

    data: VersionData


class Versions(BaseModel):
    """The versions of a page."""

    versions: list[VersionData]


class VersionsAnswer(Page):
    """A page of the versions of an exercise, newest first."""

    data: Versions
