"""The schemas of the languages of an exercise."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from project.api.exercises.case_fields import CaseText
from project.api.exercises.exact import ExactPayload
from project.judging.languages import LANGUAGES

MAX_LANGUAGES = 20  # besides the default one


def _known_language(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"Must be one of {', '.join(LANGUAGES)}")
    return name


Language = Annotated[str, AfterValidator(_known_language), Field(json_schema_extra={"enum": list(LANGUAGES)})]
Factor = Annotated[float, Field(ge=0.1, le=100, allow_inf_nan=False)]


class GivenLanguage(ExactPayload):
    """A language that learners may choose in place of the default one."""

    what: ClassVar[str] = "of a language"

    starter: CaseText | None = Field(None, description="What the learner begins with. Must not be accepted as it is.")
    reference_solution: CaseText | None = Field(None, description="Must be accepted. For admins only.")
    cpu_factor: Factor | None = Field(
        None,
        description="By which the CPU and wall time of `limits` are multiplied. By default, that of the language.",
    )
    memory_factor: Factor | None = Field(None, description="The same for the memory.")


def _few(values: Any) -> Any:
    """Refuse too many languages at once, rather than each unknown one."""
    if isinstance(values, dict) and len(values) > MAX_LANGUAGES:
        raise ValueError(f"Must be at most {MAX_LANGUAGES}")
    return values


Languages = Annotated[dict[Language, GivenLanguage], BeforeValidator(_few), Field(max_length=MAX_LANGUAGES)]


class OfferedLanguage(BaseModel):
    """A language that learners may choose in place of the default one."""

    starter: str | None
    cpu_factor: float = Field(description="By which the CPU and wall time of `limits` are multiplied.")
    memory_factor: float = Field(description="The same for the memory.")
    reference_solution: str | None = Field(None, description="For admins.")
