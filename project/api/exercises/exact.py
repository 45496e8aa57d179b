"""Objects that may have known keys only. An unknown key is refused, with a suggestion of the one that was meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from project.api.schemas import Payload


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a question that suggests the most similar name, or an empty text."""
    close = get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def sentence(text: str) -> PydanticCustomError:
    """Return an error with this message."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": text})


class ExactPayload(Payload):
    """What a client sends, where unknown keys are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")
    what: ClassVar[str] = "here"  # whose fields the keys are, as the message puts it

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_keys(cls, values: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        try:
            return handler(values)
        except ValidationError as failure:
            raise ValidationError.from_exception_data(
                failure.title, [cls._explained(error) for error in failure.errors(include_url=False)]
            ) from None

    @classmethod
    def _explained(cls, error: Any) -> InitErrorDetails:
        context = error.get("ctx", {})
        kind: Any = error["type"]
        if kind == "extra_forbidden" and len(error["loc"]) == 1:
            kind = sentence(f"Is no field {cls.what}.{did_you_mean(str(error['loc'][0]), cls.model_fields)}")
        elif "sentence" in context:  # of an object within this one
            kind = sentence(context["sentence"])
        return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"], ctx=context)
