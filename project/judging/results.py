"""The results of judging an answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from project.judging.diagnostics import Diagnostic
from project.judging.verdicts import Verdict
from project.sandbox.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """The result of one case. All texts are capped and safe to store and to show: see `output.visible`."""

    name: str
    verdict: Verdict
    points: int
    max_points: int
    hidden: bool
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_bytes: int = 0  # the largest resident set
    output: str = ""  # what the answer printed, apart from the judged output
    error: str = ""  # the traceback of the answer
    call: str | None = None  # the call as source text; of a call, so are the next two
    expected: str | None = None
    actual: str | None = None
    stage: str = "test"  # "answer" if the body of the answer failed
    hint: str = ""  # about a common mistake
    tests: list[dict[str, str]] = field(default_factory=list)  # unittest: name, outcome, message

    def as_json(self) -> dict[str, Any]:
        """Return the result with its fields by name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(field.name for field in fields(CaseResult))


# The fields of a hidden case that learners do not see. By its times and memory an answer could reveal its input.
HIDDEN: Mapping[str, Any] = {
    "call": None,
    "expected": None,
    "actual": None,
    "tests": [],
    "hint": "",
    "cpu_ms": None,
    "wall_ms": None,
    "memory_bytes": None,
}


def for_learner(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored result as its learner may see it: of a hidden case, nothing that depends on the test.

    Output and exceptions of the answer's body do not depend on it, and may be shown.
    """
    if not result["hidden"]:
        return dict(result)
    hidden = {**result, **HIDDEN}
    return hidden if result["stage"] == "answer" else hidden | {"output": "", "error": ""}


@dataclass(frozen=True, slots=True)
class CompilationUsage:
    """What it cost to compile an answer; nothing if its program was in the cache."""

    cached: bool
    cpu_ms: float
    wall_ms: float

    def as_json(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The result of judging an answer."""

    verdict: Verdict
    cases: tuple[CaseResult, ...]
    points: int
    max_points: int
    level: int  # the isolation level of the sandbox
    limits: Limits
    cpu_ms: float  # of the cases
    wall_ms: float  # of everything
    diagnostics: tuple[Diagnostic, ...] = ()
    compilation: CompilationUsage | None = None  # None if nothing is compiled in this language

    @property
    def accepted(self) -> bool:
        """Whether the answer is correct."""
        return self.verdict is Verdict.ACCEPTED

    def as_json(self) -> dict[str, Any]:
        """Return the judgement with the names that responses and the columns of submissions have."""
        return {
            "verdict": self.verdict.value,
            "cases": [case.as_json() for case in self.cases],
            "points": self.points,
            "max_points": self.max_points,
            "isolation_level": self.level,
            "limits": self.limits.as_json(),
            "cpu_ms": self.cpu_ms,
            "wall_ms": self.wall_ms,
            "diagnostics": [diagnostic.as_json() for diagnostic in self.diagnostics],
            "compilation": self.compilation and self.compilation.as_json(),
        }
