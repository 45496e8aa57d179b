"""The parts of the schemas of all kinds of cases."""

import math
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, PlainValidator
from typing_extensions import TypeAliasType

from project.api.exercises.case_files import DESCRIBED_NAME, MAX_FILES, MAX_NAME, STORABLE, Files, shorter_than
from project.api.exercises.exact import ExactPayload
from project.api.schemas import NO_NUL, Integer, Text
from project.sandbox.inside.forms import FORMS, form_of

MAX_TEXT_BYTES = 64 * 1024  # of each text of a case, and as much as an answer may have
MAX_INPUT_BYTES = 16 * 1024 * 1024  # of an input; one over MAX_TEXT_BYTES is stored apart from its case
MAX_DEPTH = 64  # of JSON within JSON: far below the limits of all parsers in use
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]*$"
TOLERANCE = 1e-6


CaseText = Annotated[Text, AfterValidator(shorter_than(MAX_TEXT_BYTES)), Field(max_length=MAX_TEXT_BYTES)]
InputText = Annotated[Text, AfterValidator(shorter_than(MAX_INPUT_BYTES)), Field(max_length=MAX_INPUT_BYTES)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Identifier = Annotated[str, Field(pattern=IDENTIFIER, max_length=MAX_NAME)]
Tolerance = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


def _check_value(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a value. Refuse what is not JSON, such as dates of TOML, and what cannot be stored."""
    if not depth:
        raise ValueError(f"Must be nested less than {MAX_DEPTH} deep")
    if isinstance(value, str):
        STORABLE.validate_python(value)
    elif isinstance(value, list | dict):
        _check_form(value)
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            _check_value(part, depth - 1)
    elif not isinstance(value, int | float | None) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("Must be a JSON value")
    return value


def _check_form(value: Any) -> None:
    """Refuse an object whose only key is the name of a form, but whose content is not what the form requires."""
    if isinstance(value, dict) and len(value) == 1 and (name := next(iter(value))) in FORMS and not form_of(value):
        raise ValueError(
            f'Is no {name}: docs/grading.md says what it holds; the object itself is {{"$dict": [["{name}", ...]]}}'
        )


def named_by(pattern: str, max_length: int | None = MAX_NAME) -> Callable[[dict[str, Any]], None]:
    """Describe the keys of an object in its schema. The schema of pydantic would allow other keys, too."""

    def describe(schema: dict[str, Any]) -> None:
        patterns = schema.pop("patternProperties", None)  # absent where a validator follows the pattern
        (values,) = patterns.values() if patterns else [schema["additionalProperties"]]
        names = {"pattern": pattern} | ({"maxLength": max_length} if max_length else {})
        schema |= {"additionalProperties": values, "propertyNames": names}

    return describe


# The published schema of a value; `_check_value` validates it.
_Object = Annotated["dict[Text, JSON]", Field(json_schema_extra=named_by(NO_NUL, max_length=None))]
JSON = TypeAliasType("JSON", "bool | float | Text | list[JSON] | _Object | None")
Value = Annotated[Any, PlainValidator(_check_value, json_schema_input_type=JSON)]


def is_empty(value: object) -> bool:
    """Whether an optional field has nothing in it."""
    return not value


def is_none(value: object) -> bool:
    """Whether an optional field was not given."""
    return value is None


class CaseFields(ExactPayload):
    """What all cases have."""

    what: ClassVar[str] = "of a case of this kind"

    name: Text = Field(min_length=1, max_length=MAX_NAME, description="Unique in the exercise. Learners see it.")
    kind: Literal["stdout", "stdin", "call", "unittest", "sql"]
    points: Integer = Field(1, ge=0, le=1000)
    hidden: bool = Field(False, description="Learners see name, points and verdict only.")  # noqa: FBT003


class ToleratingCase(CaseFields):
    """What a case has that compares numbers."""

    tolerance: Tolerance = Field(
        TOLERANCE, description="Absolute, and below 1 relative too. Counts where neither of the next two is given."
    )
    absolute_tolerance: Tolerance | None = Field(
        None, exclude_if=is_none, description="How far a number may be from the expected one."
    )
    relative_tolerance: Tolerance | None = Field(
        None, exclude_if=is_none, description="The same, in parts of the expected number: 0.01 is one per cent."
    )


class ComparingCase(ToleratingCase):
    """What a case has that compares what the answer prints or returns: files for the answer, too."""

    answer_files: Files = Field(
        default_factory=dict,
        max_length=MAX_FILES,
        exclude_if=is_empty,
        description="Modules and data files that the answer can import or open, by name.",
        json_schema_extra=named_by(DESCRIBED_NAME),
    )
