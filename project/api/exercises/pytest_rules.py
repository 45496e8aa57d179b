"""What a test module uses of pytest that is not supported in graded test modules, reported when the exercise is saved.

The module is parsed, and not run. Where the arguments of a test cannot be determined, nothing is reported.
"""

import ast
from collections.abc import Iterator, Mapping
from itertools import chain

from project.sandbox.inside.bridge.pytest_names import FIXTURES, MISSING_FIXTURES, NAMES

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def unsupported(code: str, files: Mapping[str, str]) -> list[str]:
    """Return sentences about a test module and the modules beside it, by file name."""
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        return [f"Is no Python{line}."]
    return sorted(set(_Module(module, [*_parsed(files)]).sentences()))


def _parsed(files: Mapping[str, str]) -> Iterator[ast.Module]:
    for source in files.values():
        try:
            yield ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue  # the trial of the reference solution finds that, if it is imported at all


class _Module:
    """A test module that is being checked."""

    def __init__(self, module: ast.Module, others: list[ast.Module]) -> None:
        self._module = module
        self._others = others
        self._pytest = {
            alias.asname or alias.name
            for node in ast.walk(module)
            if isinstance(node, ast.Import)
            for alias in node.names
            if alias.name == "pytest"
        }

    def sentences(self) -> Iterator[str]:
        """Yield what is wrong."""
        yield from self._names()
        own = {name for tree in (self._module, *self._others) for name in _fixtures(tree)}
        known = own | FIXTURES.keys()
        for function, parent in _functions(self._module):
            is_fixture = _is_fixture(function)
            if is_fixture and parent is not None and _is_test_case(parent):
                yield f"`{function.name}`: fixtures do not reach a unittest.TestCase; use setUp."
            if not is_fixture and not _is_test(function, parent):
                continue
            yield from self._arguments(function, parent, known)
            yield from _methods(function)

    def _names(self) -> Iterator[str]:
        """Yield the names of pytest that are not supported, except where the module runs as a program."""
        for node in chain.from_iterable(ast.walk(part) for part in self._module.body if not _is_main(part)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self._pytest:
                if node.attr not in NAMES:
                    yield f"`pytest.{node.attr}` is not supported."
            elif isinstance(node, ast.ImportFrom) and node.module == "pytest":
                yield from (f"`pytest.{one.name}` is not supported." for one in node.names if one.name not in NAMES)

    def _arguments(self, function: Function, parent: ast.ClassDef | None, known: set[str]) -> Iterator[str]:
        """Yield the fixtures that do not exist or are not supported."""
        marked = [*function.decorator_list, *(parent.decorator_list if parent else ()), *self._marks(parent)]
        given = {"self", "cls"}
        for decorator in marked:
            names = _given_by(decorator)
            if names is None:
                return
            given |= names
        arguments = function.args
        with_values = len(arguments.defaults)
        positional = [*arguments.posonlyargs, *arguments.args]
        wanted = [one.arg for one in positional[: len(positional) - with_values]]
        for name in wanted:
            if name in MISSING_FIXTURES:
                yield f"The fixture `{name}` of pytest is not supported."
            elif name not in known and name not in given:
                yield f"`{function.name}` wants a fixture `{name}`, which there is not."

    def _marks(self, parent: ast.ClassDef | None) -> list[ast.expr]:
        """Return what is assigned to `pytestmark`."""
        found: list[ast.expr] = []
        for node in (*self._module.body, *(parent.body if parent else ())):
            if isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "pytestmark" for name in node.targets):
                found += node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
        return found


def _functions(module: ast.Module) -> Iterator[tuple[Function, ast.ClassDef | None]]:
    for node in module.body:
        if isinstance(node, FUNCTIONS):
            yield node, None
        elif isinstance(node, ast.ClassDef):
            yield from ((part, node) for part in node.body if isinstance(part, FUNCTIONS))


def _fixtures(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the fixtures that a module defines."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and (made := _is_fixture(node)):
            keywords = made.keywords if isinstance(made, ast.Call) else []
            named = [one.value.value for one in keywords if one.arg == "name" and isinstance(one.value, ast.Constant)]
            yield str(named[0]) if named else node.name


def _is_fixture(function: Function) -> ast.expr | None:
    """Return the decorator that makes a function a fixture."""
    return next((one for one in function.decorator_list if _name(one) == "fixture"), None)


def _is_test(function: Function, parent: ast.ClassDef | None) -> bool:
    if not function.name.startswith("test"):
        return False
    return parent is None or (parent.name.startswith("Test") and not parent.bases)  # a base may be TestCase


def _is_test_case(parent: ast.ClassDef) -> bool:
    """Whether a class is one of unittest's."""
    return any(_name(base).endswith("TestCase") for base in parent.bases)


def _is_main(node: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and any(getattr(part, "id", "") == "__name__" for part in ast.walk(node.test))


def _name(decorator: ast.expr) -> str:
    """Return the last name of a decorator, as `parametrize` in `@pytest.mark.parametrize(…)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _given_by(decorator: ast.expr) -> set[str] | None:
    """Return the arguments that a decorator supplies to a test; None where that cannot be determined."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    is_mark = isinstance(called, ast.Attribute) and _name(called.value) == "mark"
    if _name(decorator) == "fixture":
        return set()
    if not is_mark:
        return None
    if _name(decorator) != "parametrize":
        return set()
    names = decorator.args[0] if isinstance(decorator, ast.Call) and decorator.args else None
    try:
        value = ast.literal_eval(names) if names is not None else None
    except ValueError:
        return None
    if isinstance(value, str):
        return {name.strip() for name in value.split(",")}
    return set(map(str, value)) if isinstance(value, list | tuple) else None


def _methods(function: Function) -> Iterator[str]:
    """Yield the methods of fixtures of pytest that are used and not supported, as `monkeypatch.chdir`."""
    arguments = {one.arg for one in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in arguments:
            methods = FIXTURES.get(node.value.id)
            if methods and node.attr not in methods:
                yield f"`{node.value.id}.{node.attr}` is not supported."
