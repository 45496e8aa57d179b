"""The parts of a judgement, in the schemas of all responses with one."""

from pydantic import BaseModel, Field

from project.judging.diagnostics import MAX_DIAGNOSTICS, Severity
from project.judging.verdicts import Verdict


class UnittestData(BaseModel):
    """One test of a unittest case."""

    name: str
    outcome: str
    message: str


class CaseResultData(BaseModel):
    """How one test case ended. Of a hidden one, learners see no text that the test could have told."""

    name: str
    verdict: Verdict
    points: int
    max_points: int
    hidden: bool
    cpu_ms: float | None = Field(description="Null for learners if the case is hidden.")
    wall_ms: float | None = Field(description="The same.")
    memory_bytes: int | None = Field(description="The most that was in use at once. The same.")
    output: str = Field(description="What was printed beside what is judged: its beginning and its end.")
    error: str = Field(description="The traceback.")
    call: str | None = Field(None, description="Of a call: what was called, as source text of the learner's language.")
    expected: str | None = Field(description="Of a call, as source text too.")
    actual: str | None = Field(description="The same.")
    stage: str = Field(description="How far it came: `answer` if the answer itself did not run through, else `test`.")
    hint: str = Field("", description="Where the answer looks like a common mistake, what to look at.")
    tests: list[UnittestData] = Field(description="Of a unittest case.")


class DiagnosticData(BaseModel):
    """What a compiler or interpreter reports about a place in the answer."""

    file: str = Field(description="Its name, without a directory.", examples=["main.c"])
    line: int = Field(description="From 1.")
    column: int | None = Field(description="From 1, in characters. Null if only the line is known.")
    severity: Severity
    message: str


class CompilationData(BaseModel):
    """What the compiler used, in addition to the test cases."""

    cached: bool = Field(description="Whether the same source was compiled before, so that nothing was used.")
    cpu_ms: float
    wall_ms: float


OF_DIAGNOSTICS = f"Errors and warnings of the compiler, and where a syntax error is; at most {MAX_DIAGNOSTICS}."
OF_COMPILATION = "Null if nothing is compiled in the language."
