"""Objects all of whose keys are known: one that is misspelt is refused, with the name that was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from project.api.schemas import Payload


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a question with the name that is most like this one, or nothing."""
    close = get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def sentence(text: str) -> PydanticCustomError:
    """Return an error that says a sentence of ours."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": text})


class ExactPayload(Payload):
    """What a client sends, where a key that is not known is refused rather than passed over."""

    model_config = ConfigDict(extra="forbid")
    what: ClassVar[str] = "here"  # of which the keys are fields, in a sentence

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
