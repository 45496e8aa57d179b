"""Files of test cases: modules and data, as text or, if they are not text, as base64."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, WrapValidator

from project.api.exercises.exact import ExactPayload
from project.api.schemas import Text

STORABLE = TypeAdapter(Text)
MAX_FILES = 20  # of a case, or of its test module
MAX_NAME = 100  # characters
MAX_NAME_BYTES = 255  # what a file system takes
MAX_MODULE_BYTES = 256 * 1024  # of a test module, or a file beside it: real tracks have tables of 90 KiB
# A file name without a directory, and not hidden.
FILE_NAME = r"^[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*$"
# The same as a JSON schema, which includes what `_usable_name` checks of modules.
DESCRIBED_NAME = rf"^(?:[A-Za-z_][A-Za-z0-9_]*\.py|(?!.*\.py$){FILE_NAME[1:-1]})$"
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


def shorter_than(limit: int) -> Callable[[str], str]:
    """Refuse a text that is too long in UTF-8."""

    def check(text: str) -> str:
        if len(text.encode(errors="surrogatepass")) > limit:
            raise ValueError(f"Must have at most {limit} bytes")
        return text

    return check


def _usable_name(name: str) -> str:
    """Refuse a module that could not be imported."""
    if name.endswith(".py") and not (name.isascii() and name.removesuffix(".py").isidentifier()):
        raise ValueError("Must be an identifier before .py")
    return shorter_than(MAX_NAME_BYTES)(STORABLE.validate_python(name))


def _is_base64(text: str) -> str:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("Must be base64") from None
    if len(data) > MAX_MODULE_BYTES:
        raise ValueError(f"Must have at most {MAX_MODULE_BYTES} bytes")
    return text


class Base64File(ExactPayload):
    """A file that is no text."""

    base64: Annotated[str, AfterValidator(_is_base64)] = Field(
        pattern=BASE64, examples=["iVBORw0KGgo="], description=f"Of at most {MAX_MODULE_BYTES} bytes."
    )


def _of_its_form(value: Any, _: Callable[[Any], Any]) -> Any:
    """Validate a text or an object. A union of pydantic would add the names of both to the names of the fields."""
    return Base64File.model_validate(value) if isinstance(value, dict) else MODULE.validate_python(value)


Module = Annotated[Text, AfterValidator(shorter_than(MAX_MODULE_BYTES)), Field(max_length=MAX_MODULE_BYTES)]
MODULE: TypeAdapter[str] = TypeAdapter(Module)
FileName = Annotated[str, AfterValidator(_usable_name), Field(pattern=FILE_NAME, max_length=MAX_NAME)]
Files = dict[FileName, Annotated[Module | Base64File, WrapValidator(_of_its_form)]]
