"""What the API of languages returns."""

from pydantic import BaseModel, Field

from project.api.schemas import Success
from project.judging.problems import Kind


class LanguageData(BaseModel):
    """A language, and whether this installation can judge it."""

    name: str
    title: str
    suffix: str = Field(description="Of the names of its files.", examples=[".c"])
    kinds: list[Kind] = Field(description="The kinds of test cases that it supports.")
    cpu_factor: float = Field(description="Of CPU and wall time, by default, in exercises with several languages.")
    memory_factor: float = Field(description="The same for the memory.")
    has_files: bool = Field(description="Whether answers can have other files.")
    available: bool
    version: str | None = Field(description="As its compiler or interpreter reports it.")
    isolation_level: int | None = Field(description="Of its answers' sandbox.")
    missing: str | None = Field(description="Why it is not available.")
    install: dict[str, list[str]] = Field(description="The packages that it needs, by the tool that installs them.")


class LanguageList(BaseModel):
    """All languages that this version of the service knows."""

    languages: list[LanguageData]


class LanguagesAnswer(Success):
    """The languages."""

    data: LanguageList
