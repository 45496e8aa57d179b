"""Test cases as an admin writes them: one schema for each kind, without unknown keys.

An unknown key is refused rather than ignored: `hiden: true` would show a case that should be hidden.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, WrapValidator, model_validator
from pydantic_core import InitErrorDetails

from project.api.exercises.call_cases import AnyCallCase, CallCase, ClassCase, RaisingCase, call_model
from project.api.exercises.case_fields import (
    CaseFields,
    CaseText,
    ComparingCase,
    Digest,
    Identifier,
    InputText,
    is_none,
    named_by,
)
from project.api.exercises.case_files import DESCRIBED_NAME, MAX_FILES, Files, Module
from project.api.exercises.exact import did_you_mean, sentence
from project.api.exercises.sql_cases import SqlCase
from project.api.schemas import Integer, read_integer
from project.judging.problems import Checker, Kind

MAX_TESTS = 200  # with points of their own
TestName = Annotated[str, Field(min_length=1, max_length=200)]
Points = Annotated[int, Field(ge=0, le=1000), BeforeValidator(read_integer)]


class PrintingCase(ComparingCase):
    """What a case has that judges what is printed."""

    checker: Checker = Field(Checker.TRIMMED, strict=False, description="When an output is the expected one.")
    expected: CaseText = Field(examples=["5"])


class StdoutCase(PrintingCase):
    """Code that runs after the answer, and what it must print."""

    kind: Literal["stdout"]
    code: CaseText = Field(examples=["print(add(2, 3))"])


class StdinCase(PrintingCase):
    """An input for the answer, which is a program, and what it must print."""

    kind: Literal["stdin"]
    input: InputText = Field(
        examples=["2 3\n"], description="With `input_digest`, the beginning of the stored input, as it was read."
    )
    input_digest: Digest | None = Field(
        None, exclude_if=is_none, description="SHA-256 of a large input that is stored already, in place of its text."
    )
    input_bytes: Integer | None = Field(
        None, exclude=True, description="Passed over.", json_schema_extra={"readOnly": True}
    )


class UnittestCase(CaseFields):
    """A test module. It runs in a process of its own and imports the answer under the name `module`."""

    kind: Literal["unittest"]
    code: Module = Field(description="The test module.")
    module: Identifier = "answer"
    files: Files = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description="Modules and data files for the test module, by name. Answers cannot read them.",
        json_schema_extra=named_by(DESCRIBED_NAME),
    )
    answer_files: Files = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description="Modules and data files that the answer can import or open; the test module too.",
        json_schema_extra=named_by(DESCRIBED_NAME),
    )
    test_points: (
        Annotated[dict[TestName, Points], Field(min_length=1, max_length=MAX_TESTS)] | Literal["even"] | None
    ) = Field(
        None,
        exclude_if=is_none,
        description="Points for single tests where not all pass: by name, whose sum is `points`, or `even`.",
    )

    @model_validator(mode="before")
    @classmethod
    def _sum_of_tests(cls, values: Any) -> Any:
        """Add up the points of the tests where the case has no points of its own."""
        given = values.get("test_points") if isinstance(values, dict) else None
        if isinstance(given, dict) and "points" not in values and all(type(worth) is int for worth in given.values()):
            return {**values, "points": sum(given.values())}
        return values


KINDS: dict[Any, type[CaseFields]] = {
    Kind.STDOUT: StdoutCase,
    Kind.STDIN: StdinCase,
    Kind.CALL: AnyCallCase,
    Kind.UNITTEST: UnittestCase,
    Kind.SQL: SqlCase,
}


def _of_its_kind(value: Any, _: Callable[[Any], CaseFields]) -> CaseFields:
    """Validate a case by the schema of its kind.

    Pydantic's own union puts the kind into the names of the fields: `cases.3.call.expected`.
    """
    if not isinstance(value, dict):
        return CaseFields.model_validate(value)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        # Without a kind, there is no schema for the other fields.
        raise ValidationError.from_exception_data("case", [_wrong_kind(value)])
    return (call_model(value) if kind == Kind.CALL else KINDS[kind]).model_validate(value)


def _wrong_kind(case: dict[Any, Any]) -> InitErrorDetails:
    if "kind" not in case:
        return InitErrorDetails(type="missing", loc=("kind",), input=case)
    question = did_you_mean(case["kind"], KINDS) if isinstance(case["kind"], str) else ""
    wrong = sentence(f"Must be one of {', '.join(KINDS)}.{question}")
    return InitErrorDetails(type=wrong, loc=("kind",), input=case["kind"])


# A union without a discriminator, since three schemas have the kind `call`.
AnyCase = Annotated[
    StdoutCase | StdinCase | CallCase | RaisingCase | ClassCase | UnittestCase | SqlCase,
    WrapValidator(_of_its_kind),
]
