"""Which modules may end a transaction, and where a module does: by a commit, a block that commits, or autocommit."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

# A statement of its own; the COMMIT of "ON COMMIT DROP" is none.
COMMIT = re.compile(
    r"(?:^|;)\s*COMMIT(?:\s+(?:WORK|TRANSACTION|AND|PREPARED)\b[^;]*)?\s*(?:;|--|$)", re.IGNORECASE | re.MULTILINE
)
END = re.compile(r"\s*END(?:\s+(?:WORK|TRANSACTION))?\s*;?\s*", re.IGNORECASE)
AUTOCOMMIT = re.compile("autocommit", re.IGNORECASE)
# Statements that run by these are committed one by one.
AUTOCOMMITTING_MODULES = {"prepared", "async_database"}
AUTOCOMMITTING = {"StatementPool", "PreparedConnection", "statement_pool", "AsyncDatabase", "LoopConnection"}

COMMITS, BEGINS, AUTOCOMMITS = "commits", "begins a block that commits", "autocommits"


class Found(NamedTuple):
    """A place where a module may end a transaction."""

    line: int
    kind: str


class Permission(NamedTuple):
    """Which modules may do which of these things, and why."""

    path: str  # a regular expression
    kinds: set[str]
    reason: str


PERMISSIONS = [
    Permission(r"/views\.py$", {COMMITS}, "a view commits once, last"),
    Permission(r"/tasks\.py$", {COMMITS, AUTOCOMMITS}, "a worker calls a task outside any transaction"),
    Permission(r"^project/cli/", {COMMITS, BEGINS}, "a command commits like a view"),
    Permission(r"^migrations/", {COMMITS, BEGINS}, "a migration is a transaction, or several"),
    Permission(r"^project/postgres/migrating\.py$", {AUTOCOMMITS}, "what takes long in a migration holds no locks"),
    Permission(r"^project/postgres/embedded\.py$", {AUTOCOMMITS}, "CREATE DATABASE runs outside transactions only"),
    Permission(r"^project/postgres/prepared\.py$", {AUTOCOMMITS}, "defines how statements are autocommitted"),
    Permission(r"^project/postgres/replica\.py$", {AUTOCOMMITS}, "only reads"),
    Permission(r"^project/front/", {AUTOCOMMITS}, "a hot route is a view with one statement; the rest only listens"),
    Permission(r"^project/web/idempotency/", {BEGINS}, "the key and the write have one transaction"),
    Permission(r"^project/web/rate_limits\.py$", {AUTOCOMMITS}, "a call is counted also when it is refused"),
    Permission(r"^project/api/users/tokens\.py$", {AUTOCOMMITS}, "reads the caller's role"),
    Permission(r"^project/api/events/hub\.py$", {AUTOCOMMITS}, "only reads"),
    Permission(r"^project/api/submissions/waiting\.py$", {AUTOCOMMITS}, "only listens"),
    Permission(
        r"^project/api/submissions/(grading|preemption|recording|usage)\.py$",
        {AUTOCOMMITS},
        "no transaction is open while learners' code runs",
    ),
    Permission(r"^project/operations/restoring\.py$", {COMMITS}, "psql restores a backup in one transaction"),
]


def ends_of_transactions(source: str) -> list[Found]:
    """Return where a module ends transactions, or has statements committed one by one."""
    tree = ast.parse(source)
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    nodes = [node for node in ast.walk(tree) if id(node) not in docstrings]
    return sorted({Found(_line(node), kind) for node in nodes for kind in _kinds(node)})


def not_permitted(path: str, source: str) -> list[Found]:
    """Return the ends of transactions that a module must not have."""
    permitted = {kind for one in PERMISSIONS if re.search(one.path, path) for kind in one.kinds}
    return [found for found in ends_of_transactions(source) if found.kind not in permitted]


def _line(node: ast.AST) -> int:
    positioned = node.context_expr if isinstance(node, ast.withitem) else node
    return getattr(positioned, "lineno", 0)


def _kinds(node: ast.AST) -> Iterator[str]:
    """Yield what one node of the syntax tree does."""
    if isinstance(node, ast.Attribute) and node.attr == "commit":
        yield COMMITS
    if isinstance(node, ast.withitem) and _is_begin(node.context_expr):
        yield BEGINS
    if isinstance(node, ast.Call):
        if getattr(node.func, "attr", "").startswith("enter_"):
            yield from (BEGINS for argument in node.args if _is_begin(argument))
        yield from (COMMITS for argument in node.args if END.fullmatch(_text(argument)))
    if COMMIT.search(_text(node)):
        yield COMMITS
    if _autocommits(node):
        yield AUTOCOMMITS


def _text(node: ast.AST) -> str:
    """Return the text of a constant."""
    value = node.value if isinstance(node, ast.Constant) else ""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else ""


def _is_begin(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "begin"


def _autocommits(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        is_off = isinstance(node.value, ast.Constant) and node.value.value is False
        return bool(AUTOCOMMIT.search(node.arg or "")) and not is_off
    if isinstance(node, ast.ImportFrom):
        module = (node.module or "").rpartition(".")[2]
        return module in AUTOCOMMITTING_MODULES and any(alias.name in AUTOCOMMITTING for alias in node.names)
    if isinstance(node, ast.Attribute):
        module = ast.unparse(node.value).rpartition(".")[2]
        return bool(AUTOCOMMIT.search(node.attr)) or (module in AUTOCOMMITTING_MODULES and node.attr in AUTOCOMMITTING)
    if isinstance(node, ast.Subscript):
        return _text(node.slice) == "statement_pool" and ast.unparse(node.value).endswith("extensions")
    return bool(re.fullmatch(r"\w*autocommit\w*", _text(node), re.IGNORECASE))
