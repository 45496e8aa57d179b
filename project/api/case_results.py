"""The result of a test case, in the schemas of all responses with a judgement."""

from pydantic import BaseModel, Field

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
