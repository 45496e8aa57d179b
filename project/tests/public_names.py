"""Where a module uses private names of libraries, or replaces what belongs to them."""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache

# A module whose only name is private: QuickJS's binding has no other.
NAMED_SO = {"_quickjs"}
# Objects that are made to have attributes set, as their documents say.
TAKE_ATTRIBUTES = {"flask.g", "flask.request", "flask.Flask()", "flask.Response()", "re2.Options()"}
# Private by its look, but documented: what stands behind a proxy of Werkzeug's, a named tuple's methods, and the
# place where Flask-SQLAlchemy lets one change how engines are made.
DOCUMENTED = {"_get_current_object", "_asdict", "_replace", "_fields", "_make_engine"}
MOCKS = {"mock", "unittest.mock", "pytest", "_pytest"}
SETTERS = {"setattr", "delattr", "__setattr__", "__delattr__"}
CHANGES_OF_A_NAMESPACE = {"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__"}


def private_names(source: str, defined: frozenset[str] = frozenset(), *, is_sandbox: bool = False) -> list[str]:
    """Return the private names of libraries that a module uses, and what of theirs it replaces.

    Args:
        source: the module's text.
        defined: private names that its package defines, beside those that it defines itself.
        is_sandbox: the module runs learners' code, in a process of its own, and may replace the standard library there.

    """
    tree = ast.parse(source)
    names = _names(tree)
    modules = {} if is_sandbox else dict(_imported(tree, libraries=False))
    own = private_definitions(source) | defined | DOCUMENTED
    found = [full for full in names.values() if _has_private_word(full)]
    found += [] if is_sandbox else [full for full in {**names, **modules}.values() if _is_mock(full)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found += _of_attribute(node, names, modules, own, is_sandbox=is_sandbox)
        if isinstance(node, ast.Call):
            found += _of_call(node, {**modules, **names}, names)
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            is_modules = not is_sandbox and ast.unparse(node.value) == "sys.modules"
            if is_modules or _namespace(node.value) in {**modules, **names}:
                found.append(f"{ast.unparse(node)} = …")
    return found


@cache
def private_definitions(source: str) -> frozenset[str]:
    """Return the private names that a module gives to its own functions, classes, variables and attributes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _root(node) == f"self.{node.attr}":
            found.add(node.attr)
    return frozenset(word for word in found if _is_private(word))


def _is_library(module: str) -> bool:
    return module.partition(".")[0] not in sys.stdlib_module_names | {"project"}


def _is_private(word: str) -> bool:
    return word.startswith("_") and not (word.startswith("__") and word.endswith("__"))


def _has_private_word(full: str) -> bool:
    return any(_is_private(word) for word in full.split(".")) and full.partition(".")[0] not in NAMED_SO


def _is_mock(full: str) -> bool:
    return any(f"{full}.".startswith(f"{module}.") for module in MOCKS)


def _imported(tree: ast.AST, *, libraries: bool) -> Iterator[tuple[str, str]]:
    """Yield the imports of libraries, or of the standard library: the name here, and the full one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_wanted(alias.name, libraries=libraries):
                    yield alias.asname or alias.name.partition(".")[0], alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level and _is_wanted(node.module or "", libraries=libraries):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _is_wanted(module: str, *, libraries: bool) -> bool:
    return _is_library(module) is libraries and module.partition(".")[0] != "project"


def _names(tree: ast.AST) -> dict[str, str]:
    """Return what belongs to libraries: what is imported, and variables, parameters and attributes that hold theirs."""
    names = dict(_imported(tree, libraries=True))
    for here, maker in _made(tree):
        root = _root(maker)
        if root in names and here not in names:
            path = ast.unparse(maker.func if isinstance(maker, ast.Call) else maker).removeprefix(root)
            names[here] = f"{names[root]}{path}()"
    return {here: full for here, full in names.items() if full not in TAKE_ATTRIBUTES}


def _made(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names of what calls make, and of what annotations describe; and the call or the annotation."""
    for node in ast.walk(tree):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.NamedExpr):
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.withitem) and node.optional_vars:
            pairs = [(node.optional_vars, node.context_expr)]
        elif isinstance(node, ast.AnnAssign):
            yield from ((name, node.annotation) for name in [_root(node.target)] if name)
        elif isinstance(node, ast.arg) and node.annotation:
            yield node.arg, node.annotation
        for target, value in pairs:
            call = value.value if isinstance(value, ast.Await) else value
            name = _root(target)
            if name and isinstance(target, ast.Name | ast.Attribute) and isinstance(call, ast.Call):
                yield name, call


def _root(node: ast.AST) -> str | None:
    """Return the name that `a.b(c)[d].e` begins with; of `self.a.b`, it is `self.a`."""
    last = ""
    while True:
        if isinstance(node, ast.Attribute):
            last, node = node.attr, node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript | ast.Await | ast.Starred):
            node = node.value
        else:
            break
    name = node.id if isinstance(node, ast.Name) else None
    return f"self.{last}" if name in {"self", "cls"} and last else name


def _of_attribute(
    node: ast.Attribute, names: Mapping[str, str], modules: Mapping[str, str], own: frozenset[str], *, is_sandbox: bool
) -> Iterator[str]:
    root = _root(node) or ""
    is_theirs = root in names and root != f"self.{node.attr}"
    if not isinstance(node.ctx, ast.Load):
        if (is_theirs and _may_not_change(names[root])) or (root in modules and isinstance(node.value, ast.Name)):
            yield f"{ast.unparse(node)} = …"
    elif _is_private(node.attr) and node.attr not in DOCUMENTED:
        # Nothing of the package has this name, so it can only be a library's, wherever the object came from.
        is_known = is_sandbox or node.attr in own or root in modules or node.attr.startswith("__")
        if is_theirs or not is_known:
            yield ast.unparse(node)


def _may_not_change(full: str) -> bool:
    """Whether no attribute may be set: what was imported, and objects of a class; what functions return may be ours."""
    path = full.removesuffix("()")
    return path == full or path.rpartition(".")[2][:1].isupper()


def _of_call(node: ast.Call, replaceable: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    called = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    first = node.args[0] if node.args else None
    word = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else None
    if called in SETTERS and first and _root(first) in replaceable:
        yield ast.unparse(node)
    if called == "getattr" and first and _root(first) in names and (word is None or _is_private(str(word))):
        yield ast.unparse(node)
    if called == "attrgetter" and isinstance(first, ast.Constant) and _has_private_word(str(first.value)):
        yield ast.unparse(node)
    holder = node.func.value if isinstance(node.func, ast.Attribute) else None
    if called in CHANGES_OF_A_NAMESPACE and holder and _namespace(holder) in replaceable:
        yield ast.unparse(node)


def _namespace(node: ast.AST) -> str:
    """Return whose attributes `x.__dict__` or `vars(x)` holds."""
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        return _root(node.value) or ""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "vars" and node.args:
        return _root(node.args[0]) or ""
    return ""
