"""Test cases as an admin writes them: one schema for each kind, strict to the last key.

A key that no case has is refused rather than passed over: `hiden: true` would show what was to be hidden.
"""

import math
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, WrapValidator
from pydantic_core import InitErrorDetails

from project.api.exercises.exact import ExactPayload, did_you_mean, sentence
from project.api.schemas import Integer, Text
from project.judging.problems import Checker, Kind

MAX_TEXT_BYTES = 64 * 1024  # of each text of a case, and as much as an answer may have
MAX_MODULE_BYTES = 256 * 1024  # of a test module, or one beside it: real tracks have tables of 90 KiB
STORABLE = TypeAdapter(Text)
MAX_NAME = 100  # characters
MAX_FILES = 20  # of a test module
MAX_DEPTH = 64  # of JSON within JSON: far below what any of our parsers gives up at
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]*$"
TOLERANCE = 1e-6
FILE_NAME = r"^[A-Za-z_][A-Za-z0-9_]*\.py$"


def _shorter_than(limit: int) -> Callable[[str], str]:
    """Refuse a text that is too long in UTF-8."""

    def check(text: str) -> str:
        if len(text.encode(errors="surrogatepass")) > limit:
            raise ValueError(f"Must have at most {limit} bytes")
        return text

    return check


CaseText = Annotated[Text, AfterValidator(_shorter_than(MAX_TEXT_BYTES)), Field(max_length=MAX_TEXT_BYTES)]
Module = Annotated[Text, AfterValidator(_shorter_than(MAX_MODULE_BYTES)), Field(max_length=MAX_MODULE_BYTES)]
Identifier = Annotated[str, Field(pattern=IDENTIFIER, max_length=MAX_NAME)]
Tolerance = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
FileName = Annotated[str, Field(pattern=FILE_NAME, max_length=MAX_NAME)]


def _check_value(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Refuse what is no JSON value, as can come from TOML, or one that we cannot keep; return the value."""
    if not depth:
        raise ValueError(f"Must be nested less than {MAX_DEPTH} deep")
    if isinstance(value, str):
        STORABLE.validate_python(value)
    elif isinstance(value, list | dict):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            _check_value(part, depth - 1)
    elif not isinstance(value, int | float | None) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("Must be a JSON value")
    return value


def _named_by(pattern: str) -> Callable[[dict[str, Any]], None]:
    """Say in a schema what the keys of an object look like; pydantic's own says it in a way that allows others."""

    def say(schema: dict[str, Any]) -> None:
        (values,) = schema.pop("patternProperties").values()
        schema |= {"additionalProperties": values, "propertyNames": {"pattern": pattern, "maxLength": MAX_NAME}}

    return say


Value = Annotated[Any, BeforeValidator(_check_value)]


def _is_none(value: object) -> bool:
    return value is None


class CaseFields(ExactPayload):
    """What all cases have."""

    what: ClassVar[str] = "of a case of this kind"

    name: Text = Field(min_length=1, max_length=MAX_NAME, description="Unique in the exercise. Learners see it.")
    kind: Literal["stdout", "stdin", "call", "unittest"]
    points: Integer = Field(1, ge=0, le=1000)
    hidden: bool = Field(False, description="Learners see name, points and verdict only.")  # noqa: FBT003


class ComparingCase(CaseFields):
    """What a case has that compares numbers, by the checker `tolerance`."""

    tolerance: Tolerance = Field(
        TOLERANCE, description="Absolute, and below 1 relative too. Counts where neither of the next two is given."
    )
    absolute_tolerance: Tolerance | None = Field(
        None, exclude_if=_is_none, description="How far a number may be from the expected one."
    )
    relative_tolerance: Tolerance | None = Field(
        None, exclude_if=_is_none, description="The same, in parts of the expected number: 0.01 is one per cent."
    )


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
    input: CaseText = Field(examples=["2 3\n"])


class CallCase(ComparingCase):
    """A call of a function of the answer, and the JSON value that it must return."""

    kind: Literal["call"]
    function: Identifier = Field(examples=["add"])
    arguments: list[Value] = Field(default_factory=list, max_length=100, examples=[[2, 3]])
    keywords: dict[Identifier, Value] = Field(
        default_factory=dict, max_length=100, json_schema_extra=_named_by(IDENTIFIER)
    )
    checker: Literal["exact", "trimmed", "tolerance", "unordered"] = "trimmed"
    expected: Value = Field(description="Any JSON value; it must be given, also when it is null.", examples=[5])


class UnittestCase(CaseFields):
    """A test module. It runs in a process of its own and imports the answer under the name `module`."""

    kind: Literal["unittest"]
    code: Module = Field(description="The test module.")
    module: Identifier = "answer"
    files: dict[FileName, Module] = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description="More modules beside the test module, by file name. Answers cannot read them.",
        json_schema_extra=_named_by(FILE_NAME),
    )
    answer_files: dict[FileName, Module] = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        description="Modules that the answer may import; the test module too.",
        json_schema_extra=_named_by(FILE_NAME),
    )


KINDS: dict[Any, type[CaseFields]] = {
    Kind.STDOUT: StdoutCase,
    Kind.STDIN: StdinCase,
    Kind.CALL: CallCase,
    Kind.UNITTEST: UnittestCase,
}


def _of_its_kind(value: Any, _: Callable[[Any], CaseFields]) -> CaseFields:
    """Validate a case by the schema of its kind.

    Pydantic's own union puts the kind into the names of the fields: `cases.3.call.expected`.
    """
    if not isinstance(value, dict):
        return CaseFields.model_validate(value)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        # By no other field can be said what is wrong with it.
        raise ValidationError.from_exception_data("case", [_wrong_kind(value)])
    return KINDS[kind].model_validate(value)


def _wrong_kind(case: dict[Any, Any]) -> InitErrorDetails:
    if "kind" not in case:
        return InitErrorDetails(type="missing", loc=("kind",), input=case)
    question = did_you_mean(case["kind"], KINDS) if isinstance(case["kind"], str) else ""
    wrong = sentence(f"Must be one of {', '.join(KINDS)}.{question}")
    return InitErrorDetails(type=wrong, loc=("kind",), input=case["kind"])


AnyCase = Annotated[
    Annotated[StdoutCase | StdinCase | CallCase | UnittestCase, Field(discriminator="kind")],
    WrapValidator(_of_its_kind),
]
