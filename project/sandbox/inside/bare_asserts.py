"""Messages for bare `assert` statements: what was called, what it returned, and what was expected.

    assert median([1, 2, 4]) == 2     ->     median([1, 2, 4]) returned 4; expected 2.

The statement is compiled with its operands assigned to variables whose names are not valid in source code, and with a
message that is formatted only when the assertion fails. Each part is still evaluated once, in the same order.
Statements with a message of their own, or of an unknown shape, are not changed.
"""

import ast
import re
from collections.abc import Mapping
from types import CodeType
from typing import Any

MESSAGE = "@assertion_message"  # the name of the function `message` in compiled code
BEFORE = "@before_assertion"  # the name of the function that is called before each assertion
MAX_VALUE = 200  # characters of a value in a message
_HAS_ASSERT = re.compile(r"\bassert\b")

_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
TRUE, FALSE = "true", "false"  # the other assertions about a call
# The rest of a message that begins with "f(3) returned 4"; {} is the other operand.
_EXPECTATIONS = {
    "==": "; expected {}",
    "is": "; expected {}",
    "!=": "; expected anything else",
    "is not": "; expected anything else",
    "in": ", which is not in {}",
    "not in": ", which is in {}",
    TRUE: "; expected a true value",
    FALSE: "; expected a false value",
}
_SYMMETRIC = ("==", "!=", "is", "is not")

Call = tuple[str, tuple[Any, ...], dict[str, Any]]  # name, positional and keyword arguments


def compile_explained(source: str, filename: str, *, announced: bool = False) -> CodeType:
    """Compile a module. Raises the same as `compile`. Its namespace must have `message` under the name MESSAGE.

    With `announced` the function that the namespace has under the name BEFORE is called before each assertion.
    """
    if not _HAS_ASSERT.search(source):
        return compile(source, filename, "exec", dont_inherit=True)
    tree = ast.parse(source, filename)
    for node in ast.walk(tree):
        for name, block in ast.iter_fields(node):
            if isinstance(block, list) and any(isinstance(one, ast.Assert) for one in block):
                setattr(node, name, [more for one in block for more in _expanded(one, announced=announced)])
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def message(operator: str, left: Any, right: Any, left_call: Call | None, right_call: Call | None) -> str:
    """Return why `left operator right` is false; `left_call` and `right_call` are the operands that are calls."""
    try:
        if left_call is None and right_call is not None and operator in _SYMMETRIC:
            left, right, left_call = right, left, right_call
        if left_call is None:
            return f"{_shown(left)} {operator} {_shown(right)} does not hold."
        expectation = _EXPECTATIONS.get(operator, f", which is not {operator} {{}}")
        return f"{_shown_call(*left_call)} returned {_shown(left)}{expectation.format(_shown(right))}."
    except BaseException:  # noqa: BLE001 - `repr` of an object of the answer may raise anything
        return ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 3]}..."


def _shown_call(name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> str:
    given = [*map(_shown, arguments), *(f"{key}={_shown(value)}" for key, value in keywords.items())]
    return f"{name}({', '.join(given)})"


def _expanded(statement: ast.stmt, *, announced: bool) -> list[ast.stmt]:
    """Return a statement; an assertion with the statements before and after it."""
    if not isinstance(statement, ast.Assert):
        return [statement]
    before = [ast.Expr(ast.Call(ast.Name(BEFORE, ast.Load()), [], []))] if announced else []
    parts = _Parts()
    if statement.msg is None:
        _explain(statement, parts)
    return [ast.copy_location(one, statement) for one in (*before, statement, *parts.clear())]


def _explain(statement: ast.Assert, parts: "_Parts") -> None:
    """Add a message to a statement that compares two values, or asserts that a call returns a true or false value."""
    test = statement.test
    right, right_call = _NONE, _NONE
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        operator = _OPERATORS[type(test.ops[0])]
        test.left, left_call = parts.keep(test.left)
        test.comparators[0], right_call = parts.keep(test.comparators[0])
        left, right = test.left, test.comparators[0]
    elif isinstance(test, ast.Call):
        operator = TRUE
        left, left_call = parts.keep(test)
        statement.test = left
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Call):
        operator = FALSE
        left, left_call = parts.keep(test.operand)
        test.operand = left
    else:
        return
    arguments = [ast.Constant(operator), _read(left), _read(right), left_call, right_call]
    statement.msg = ast.Call(ast.Name(MESSAGE, ast.Load()), arguments, [])


_NONE: ast.expr = ast.Constant(None)


class _Parts:
    """The variables of one statement."""

    def __init__(self) -> None:
        self._count = 0

    def keep(self, node: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return the node with its value assigned to a variable, and an expression for its `Call`, or for None."""
        call: ast.expr = _NONE
        if isinstance(node, ast.Call) and not _is_unpacked(node):
            node.args = [self._kept(argument) for argument in node.args]
            for keyword in node.keywords:
                keyword.value = self._kept(keyword.value)
            names: list[ast.expr | None] = [ast.Constant(keyword.arg) for keyword in node.keywords]
            keywords = ast.Dict(names, [_read(keyword.value) for keyword in node.keywords])
            arguments = ast.Tuple([_read(argument) for argument in node.args], ast.Load())
            call = ast.Tuple([ast.Constant(_name(node.func)), arguments, keywords], ast.Load())
        return self._kept(node), call

    def _kept(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return node
        self._count += 1
        return ast.NamedExpr(ast.Name(f"@{self._count}", ast.Store()), node)

    def clear(self) -> list[ast.stmt]:
        """Return a statement that clears the variables: their values would live longer than the test expects."""
        names: list[ast.expr] = [ast.Name(f"@{number}", ast.Store()) for number in range(1, self._count + 1)]
        return [ast.Assign(names, ast.Constant(None))] if names else []


def _is_unpacked(call: ast.Call) -> bool:
    """Whether there is a `*` or `**` among the arguments."""
    return any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords)


def _read(kept: ast.expr) -> ast.expr:
    """Return an expression that reads an assigned value."""
    return ast.Name(kept.target.id, ast.Load()) if isinstance(kept, ast.NamedExpr) else kept


def _name(function: ast.expr) -> str:
    """Return the name of a function, without the object of a method."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else "the function"
