"""What judging an answer brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from project.judging.verdicts import Verdict
from project.sandbox.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one case ended. All texts are capped and safe to store and to show: see `output.visible`."""

    name: str
    verdict: Verdict
    points: int
    max_points: int
    hidden: bool
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    memory_bytes: int = 0  # the most that was resident at once
    output: str = ""  # what the answer printed beside what is judged
    error: str = ""  # its traceback
    call: str | None = None  # what was called, in the learner's language, as the next two are of a call
    expected: str | None = None
    actual: str | None = None
    stage: str = "test"  # how far it came: "answer" if the answer's own body did not run through
    hint: str = ""  # where it looks like a common mistake
    tests: list[dict[str, str]] = field(default_factory=list)  # unittest: name, outcome, message

    def as_json(self) -> dict[str, Any]:
        """Return the result with its fields by name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(field.name for field in fields(CaseResult))


# What a hidden case keeps from its learner. Times and memory too: by these an answer could tell them what it was asked.
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
    """Return a stored result as its learner may see it: of a hidden case, nothing that the test could have told.

    What the answer's own body printed or raised was said before the test began, and may be shown.
    """
    if not result["hidden"]:
        return dict(result)
    silent = {**result, **HIDDEN}
    return silent if result["stage"] == "answer" else silent | {"output": "", "error": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How an answer was judged."""

    verdict: Verdict
    cases: tuple[CaseResult, ...]
    points: int
    max_points: int
    level: int  # the isolation level that it ran under
    limits: Limits
    cpu_ms: float
    wall_ms: float

    @property
    def accepted(self) -> bool:
        """Whether the answer is right."""
        return self.verdict is Verdict.ACCEPTED

    def as_json(self) -> dict[str, Any]:
        """Return the judgement as answers have it, and as a submission's columns."""
        return {
            "verdict": self.verdict.value,
            "cases": [case.as_json() for case in self.cases],
            "points": self.points,
            "max_points": self.max_points,
            "isolation_level": self.level,
            "limits": self.limits.as_json(),
            "cpu_ms": self.cpu_ms,
            "wall_ms": self.wall_ms,
        }
