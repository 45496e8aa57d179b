"""Cases that call a function, or make an object of a class and call its methods."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from project.api.exercises.case_fields import (
    IDENTIFIER,
    CaseText,
    ComparingCase,
    Identifier,
    Value,
    is_none,
    named_by,
)
from project.api.exercises.exact import ExactPayload

MAX_CALLS = 50  # of methods, in one case
# They end a process before it can report what was raised.
ENDING = ("SystemExit", "MemoryError")

Arguments = Annotated[list[Value], Field(default_factory=list, max_length=100, examples=[[2, 3]])]
Keywords = Annotated[
    dict[Identifier, Value],
    Field(default_factory=dict, max_length=100, json_schema_extra=named_by(IDENTIFIER)),
]
# What `_one_expectation` refuses, in JSON Schema.
BOTH_EXPECTATIONS: dict[str, Any] = {
    "required": ["expected", "raises"],
    "properties": {"raises": {"type": "object"}},
}
ExceptionName = Annotated[Identifier, Field(json_schema_extra={"not": {"enum": list(ENDING)}})]


class Raises(ExactPayload):
    """The exception that a call must raise."""

    what: ClassVar[str] = "of an exception"

    type: ExceptionName = Field(description="Its class, or one that it is derived from.", examples=["ValueError"])
    message: CaseText | None = Field(None, exclude_if=is_none, description="What `str` makes of it; any if left out.")

    @model_validator(mode="after")
    def _can_be_reported(self) -> "Raises":
        if self.type in ENDING:
            raise ValueError(f"{' and '.join(ENDING)} cannot be expected: they end the run")
        return self


class AnyCallCase(ComparingCase):
    """What all cases have that call."""

    kind: Literal["call"]
    function: Identifier = Field(examples=["add"])
    arguments: Arguments
    keywords: Keywords
    checker: Literal["exact", "trimmed", "tolerance", "unordered", "regex", "case_insensitive"] = "trimmed"


class CallCase(AnyCallCase):
    """A call of a function of the answer, and the value that it must return: JSON, or a form for what JSON lacks."""

    kind: Literal["call"]
    expected: Value = Field(description="Any JSON value; it must be given, also when it is null.", examples=[5])


class RaisingCase(AnyCallCase):
    """A call of a function of the answer, and the exception that it must raise."""

    kind: Literal["call"]
    raises: Raises


class MethodCall(ExactPayload):
    """A call of a method, and what it must return or raise; with neither, the value does not matter."""

    model_config = ConfigDict(json_schema_extra={"not": BOTH_EXPECTATIONS})
    what: ClassVar[str] = "of a call of a method"

    method: Identifier = Field(examples=["push"])
    arguments: Arguments
    keywords: Keywords
    expected: Value = Field(None, description="Any JSON value, null among them.")
    raises: Raises | None = Field(None, exclude_if=is_none)

    @model_validator(mode="after")
    def _one_expectation(self) -> "MethodCall":
        if self.raises is not None and "expected" in self.model_fields_set:
            raise ValueError("Must have either expected or raises")
        return self

    @model_serializer(mode="wrap")
    def _without_absent_expectation(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Omit an expectation that was not given, since null is an expectation, too."""
        stored: dict[str, Any] = handler(self)
        if "expected" not in self.model_fields_set:
            del stored["expected"]
        return stored


class ClassCase(AnyCallCase):
    """An object of a class of the answer, made with the arguments, and calls of its methods, one after the other."""

    kind: Literal["call"]
    calls: list[MethodCall] = Field(min_length=1, max_length=MAX_CALLS)


def call_model(case: dict[Any, Any]) -> type[AnyCallCase]:
    """Return the schema of a case that calls, by what it expects."""
    if "calls" in case:
        return ClassCase
    return RaisingCase if "raises" in case else CallCase
