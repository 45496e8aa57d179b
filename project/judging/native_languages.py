"""Languages whose answers are native programs. Each is described by a file in `project/judging/toolchains`."""

import fnmatch
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from project.judging.call_harness import CallHarness
from project.judging.diagnostics import DiagnosticPattern
from project.judging.patterns import compiled
from project.judging.problems import Kind
from project.sandbox.errors import SandboxUnavailable
from project.sandbox.limits import MIB, Limits
from project.sandbox.native import HOST_TOOLS, PROGRAM
from project.sandbox.tools import DIRECTORIES, Tools

DIRECTORY = Path(__file__).parent / "toolchains"
MAIN_CLASS = "Main"  # where no pattern finds another
MAX_MAIN_CLASS = 200  # bytes: a file is named after it
BRACES, INNER_CLASS = re.compile("([{}])"), re.compile(r"\bclass\b")
BYTE_ORDER_MARK = "\ufeff"  # editors on Windows begin files with one, which not every compiler knows
ENVIRONMENT = {"PATH": ":".join(DIRECTORIES), "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 - the sandbox's


class ToolMissing(SandboxUnavailable):
    """A program that a language needs is not installed."""


class NativeCommand(NamedTuple):
    """A command that is executed in the sandbox."""

    argv: list[str]
    environment: Mapping[str, str]
    maps_files_as_shared: bool
    reads_own_path: bool

    def content(self) -> dict[str, Any]:
        """Return the content of a command for `project.sandbox.inside.native`."""
        return {**self._asdict(), "environment": dict(self.environment)}


@dataclass(frozen=True, slots=True)
class SmokeProgram:
    """A program that shows that a language works here: for an input it prints an output."""

    source: str
    input: str
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeLanguage:
    """A language: how its programs are compiled and executed. docs/languages.md describes the fields of the file.

    The first word of a command is the name of a program. Its other words may have placeholders.
    """

    name: str
    title: str
    suffix: str
    source: str  # the name of the file with the answer
    kinds: frozenset[Kind]
    version: Sequence[str]  # the command that prints the version
    run: Sequence[str]  # the command of the program
    compile: Sequence[str] = ()  # the command of the compiler; without one, the program is the source itself
    sources: Sequence[str] = ()  # patterns of the files that the compiler gets for "{sources}"
    further_sources: Mapping[str, str] = field(default_factory=dict)  # texts that the compiler gets too, by name
    # Patterns whose group is a name; of several, the first that is found counts. Classes in others are not searched.
    main: Sequence[str] = ()  # of the main class
    public: str = ""  # of the class that the file is named after; without it, that is the main class
    package: str = ""  # of the package of the main class
    comments: str = ""  # a pattern of the parts of an answer that are not searched for these
    environment: Mapping[str, str] = field(default_factory=dict)
    limits_address_space: bool = False  # whether programs work with a limit on address space, which the kernel enforces
    # Those of "compile" and "run" that do not work without mapping files as shared, or without /proc/self/exe.
    maps_files_as_shared: Sequence[str] = ()
    reads_own_path: Sequence[str] = ()
    minimum: Mapping[str, int] = field(default_factory=dict)  # the least values of limits with which programs start
    # By how much its programs usually need more than the limits of an exercise in several languages.
    cpu_factor: float = 1.0
    memory_factor: float = 1.0
    install: Mapping[str, Sequence[str]] = field(default_factory=dict)  # packages, by the tool that installs them
    programs: Mapping[str, Sequence[str]] = field(default_factory=dict)  # where packages have those that are not found
    prepare: Sequence[str] = ()  # the command that completes an installation, in the directory `{home}`
    digest: str = ""  # of the file
    diagnostics: DiagnosticPattern | None = None  # how to find places in the messages of the compiler
    smoke: SmokeProgram
    call: CallHarness | None = None  # for cases of the kind `call`

    @classmethod
    def from_file(cls, path: Path) -> "NativeLanguage":
        """Read a language from its file. Raises ValueError if the file is not valid."""
        try:
            text = path.read_text()
            values: dict[str, Any] = tomllib.loads(text) | {"digest": sha256(text.encode()).hexdigest()}
            kinds = frozenset(Kind(kind) for kind in values.pop("kinds"))
            smoke = SmokeProgram(**values.pop("smoke"))
            if "diagnostics" in values:
                values["diagnostics"] = DiagnosticPattern(**values["diagnostics"])
            call = CallHarness.from_table(values.pop("call"), path.parent) if Kind.CALL in kinds else None
            further = [path.parent / name for name in values.pop("further_sources", ())]
            texts = {file.name: file.read_text() for file in further}
            return cls(name=path.stem, kinds=kinds, smoke=smoke, call=call, further_sources=texts, **values)
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ValueError(f"{path.name} describes no language: {error}") from None

    def for_calls(self) -> "NativeLanguage":
        """Return the language as it compiles and executes programs with its harness."""
        return replace(self, **self.call.changes) if self.call else self

    def main_class(self, answer: str) -> str:
        """Return the name of the main class of an answer, with its package."""
        code = self._outline(answer)
        package = self._found([self.package], code)
        main = self._found(self.main, code) or MAIN_CLASS
        return f"{package}.{main}" if package else main

    def files(self, answer: str) -> dict[str, str]:
        """Return the file of an answer by its name, and further sources of the language."""
        name = self._found([self.public, *self.main], self._outline(answer)) or MAIN_CLASS
        return {self.source.replace("{main}", name): answer.removeprefix(BYTE_ORDER_MARK), **self.further_sources}

    def _outline(self, answer: str) -> str:
        """Return an answer without comments, and without all that is more than one pair of braces deep."""
        if not self.main:
            return ""
        code = compiled(self.comments).sub(" ", answer) if self.comments else answer
        depth = 0
        kept = []
        for part in BRACES.split(code):
            depth += part == "{"
            if depth < 1:
                kept.append(part)
            elif depth == 1:
                kept.append(INNER_CLASS.sub(" ", part))
            depth -= part == "}" and depth > 0
        return "".join(kept)

    def _found(self, patterns: Sequence[str], code: str) -> str | None:
        """Return the group of the first pattern that is found, if a file can be named after it."""
        matches = (compiled(pattern).search(code) for pattern in patterns if pattern)
        name: str | None = next((match[1] for match in matches if match), None)
        return name if name and len(name.encode()) <= MAX_MAIN_CLASS else None

    def is_source(self, name: str) -> bool:
        """Whether the compiler gets a file with this name as an argument."""
        return f"!{name}" not in self.sources and any(fnmatch.fnmatchcase(name, pattern) for pattern in self.sources)

    def compile_command(self, files: Sequence[str], tools: Tools) -> "NativeCommand":
        """Return the command that compiles files with these names. Raises `ToolMissing`."""
        sources = [name for name in files if self.is_source(name)]
        # Neither an option, nor the name of a file with options, as `@name` is.
        named = [name if name[0].isalnum() or name[0] == "_" else f"./{name}" for name in sources]
        return self._command("compile", self.compile, tools, {}, named)

    def run_command(self, main: str, limits: Limits, tools: Tools) -> "NativeCommand":
        """Return the command that executes the program. Raises `ToolMissing`."""
        values = {"main": main, "memory_bytes": limits.memory_bytes, "memory_mib": limits.memory_bytes // MIB}
        return self._command("run", self.run, tools, values)

    def version_command(self, tools: Tools) -> "NativeCommand":
        """Return the command that prints the version. Raises `ToolMissing`."""
        return self._command("compile", self.version, tools, {})

    def limits(self, limits: Limits) -> Limits:
        """Return limits with which programs of this language start."""
        return replace(limits, **{name: max(least, getattr(limits, name)) for name, least in self.minimum.items()})

    def missing_tool(self, tools: Tools = HOST_TOOLS) -> str | None:
        """Return the first program that this language needs and the host lacks."""
        names = [words[0] for words in (self.compile, self.run, self.version) if words and "{" not in words[0]]
        return next((name for name in names if tools.find(name) is None), None)

    def tool_identities(self, tools: Tools = HOST_TOOLS) -> list[Sequence[object]]:
        """Return path, time and size of the programs that this language needs, which change with an update of them."""
        words = {words[0] for words in (self.compile, self.run, self.version) if words and "{" not in words[0]}
        return [_identity(tool, tools) for tool in sorted(words)]

    def _command(
        self,
        stage: str,
        words: Sequence[str],
        tools: Tools,
        values: Mapping[str, object],
        sources: Sequence[str] = (),
    ) -> "NativeCommand":
        tool = words[0].replace("{program}", PROGRAM)
        if not tool.startswith("/"):
            tool = _found(tool, tools)
        known = {"program": PROGRAM, **values}
        if any("{home}" in text for text in (*words, *self.environment.values())):
            known["home"] = Path(_found(self.version[0], tools)).parent.parent
        argv = [tool]
        for word in words[1:]:
            argv += sources if word == "{sources}" else [word.format_map(known)]
        own = {name: value.format_map(known) for name, value in self.environment.items()}
        return NativeCommand(argv, ENVIRONMENT | own, stage in self.maps_files_as_shared, stage in self.reads_own_path)


def _found(tool: str, tools: Tools) -> str:
    found = tools.find(tool)
    if found is None:
        raise ToolMissing(f"{tool} is not installed")
    return found


def _identity(tool: str, tools: Tools) -> Sequence[object]:
    path = tools.find(tool) or tool
    for root in (tools.tree() or "", ""):
        try:
            info = Path(root + path).stat()
        except OSError:
            continue
        return (root + path, info.st_mtime_ns, info.st_size)
    return (tool,)


def read_languages(directory: Path = DIRECTORY) -> Mapping[str, NativeLanguage]:
    """Return the languages of a directory by name. Raises ValueError if a file is not valid."""
    found = [NativeLanguage.from_file(path) for path in sorted(directory.glob("*.toml"))]
    return {language.name: language for language in found}


NATIVE_LANGUAGES = read_languages()
