"""Problems: the test cases of an exercise, with their limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from project.judging.tolerance import Tolerance
from project.sandbox.limits import Limits

MAX_CASES = 50
# An answer that loops for one input does so for most, and occupies a slot until the time limit each time.
STOP_AFTER_TIME_LIMITS = 2
NOTHING: Mapping[str, Any] = MappingProxyType({})
Content = str | Mapping[str, str]  # of a file: its text, or {"base64": …}


class Kind(StrEnum):
    """How a case asks the answer."""

    STDOUT = "stdout"  # code that runs after the answer; its output is judged
    STDIN = "stdin"  # the answer is a program; its output for an input is judged
    CALL = "call"  # a function of the answer is called; its return value is judged
    UNITTEST = "unittest"  # a test module, in a process of its own, tests the answer
    SQL = "sql"  # the answer, a script in SQL, runs on a database; its result is judged


class Checker(StrEnum):
    """When an output is the expected one."""

    EXACT = "exact"  # byte for byte
    TRIMMED = "trimmed"  # except for spaces at the ends of lines and empty lines at the end
    TOKENS = "tokens"  # the same words, however they are spaced
    TOLERANCE = "tolerance"  # numbers may differ: see `tolerance.Tolerance`
    CASE_INSENSITIVE = "case_insensitive"  # as `trimmed`, ignoring case
    REGEX = "regex"  # a pattern that matches the whole output, after the same changes as for `trimmed`
    UNORDERED = "unordered"  # the same lines (of a call: list items) in any order


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case. Which fields matter depends on its kind; docs/grading.md lists them."""

    name: str
    kind: Kind
    points: int = 1
    hidden: bool = False  # learners see only its name and verdict
    checker: Checker = Checker.TRIMMED
    tolerance: float = 1e-6  # absolute and relative at once, if neither of the next two is given
    absolute_tolerance: float | None = None
    relative_tolerance: float | None = None
    code: str = ""  # stdout: runs after the answer; unittest: the test module
    input: str = ""  # stdin; if there is an `input_digest`, only the beginning
    input_digest: str | None = None  # stdin: the digest of a large input, which `Problem.read_input` returns
    input_bytes: int | None = None  # the size of the large input
    function: str = ""  # call
    arguments: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    # stdout, stdin: text; call: JSON with the forms of `sandbox.inside.forms`; sql: {"columns": …, "rows": …}
    expected: Any = None
    raises: Mapping[str, Any] | None = None  # call, in place of `expected`: the type of an exception, and its message
    calls: Sequence[Mapping[str, Any]] = ()  # call: calls of methods, if the function is a class
    module: str = "answer"  # unittest: the name by which the test module imports the answer
    # unittest: those that only the test module can open or import, by name
    files: Mapping[str, Content] = field(default_factory=lambda: NOTHING)
    answer_files: Mapping[str, Content] = field(default_factory=lambda: NOTHING)  # those that the answer can
    # unittest: points for single tests, by name, or `even`, if not all pass. The points of the case are their sum.
    test_points: Mapping[str, int] | str | None = None
    setup: str = ""  # sql: makes the database
    query: str = ""  # sql: runs after the answer, whose own result does not matter then
    ordered: bool = True  # sql: whether the order of the rows matters
    column_names: bool = False  # sql: whether the names of the columns matter
    legacy: bool = False  # made from test_code and test_code_solution: only admins see the expected output

    @property
    def allowed(self) -> Tolerance:
        """The tolerance of the checker `tolerance`."""
        return Tolerance.of(self.tolerance, self.absolute_tolerance, self.relative_tolerance)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Case":
        """Return a stored case. Raises TypeError or ValueError if it is invalid."""
        kind = Kind(stored["kind"])
        checker = Checker(stored.get("checker", Checker.TRIMMED))
        return cls(**{**stored, "kind": kind, "checker": checker})

    def as_json(self) -> dict[str, Any]:
        """Return the case with its fields by name."""
        return {name.name: getattr(self, name.name) for name in fields(self)}


def _no_input(digest: str) -> bytes:
    raise LookupError(digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An exercise as the judge sees it."""

    cases: tuple[Case, ...]
    language: str = "python"
    limits: Limits = field(default_factory=Limits)
    stop_after_time_limits: int = STOP_AFTER_TIME_LIMITS  # after so many time limits the remaining cases are not run
    shared_sandbox: bool = False  # all cases in one sandbox: faster, but they are not isolated from each other
    support_files: Mapping[str, Content] = field(default_factory=lambda: NOTHING)  # that every answer can read
    # Returns a large input by its digest. Raises LookupError if it is not stored.
    read_input: Callable[[str], bytes] = field(default=_no_input, compare=False)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Problem":
        """Return a stored problem. Raises TypeError, ValueError or KeyError if it is invalid."""
        return cls(
            cases=tuple(Case.from_json(case) for case in stored["cases"]),
            language=stored.get("language", "python"),
            limits=Limits.from_json(stored.get("limits", {})),
            stop_after_time_limits=stored.get("stop_after_time_limits", STOP_AFTER_TIME_LIMITS),
            shared_sandbox=stored.get("shared_sandbox", False),
            support_files=stored.get("support_files", NOTHING),
        )

    def input_of(self, case: Case) -> bytes:
        """Return the complete input of a case. Raises LookupError if a large input is not stored."""
        return case.input.encode() if case.input_digest is None else self.read_input(case.input_digest)

    @property
    def max_points(self) -> int:
        """The points of all cases."""
        return sum(case.points for case in self.cases)

    @property
    def has_hidden_case(self) -> bool:
        """Whether a part of the results is hidden from learners."""
        return any(case.hidden for case in self.cases)


def legacy_case(test_code: str, test_code_solution: str) -> Case:
    """Return the one case of an exercise that has a test_code and a test_code_solution."""
    return Case(name="test", kind=Kind.STDOUT, code=test_code, expected=test_code_solution, legacy=True)
