"""Compiles answers in the sandbox, with limits of their own, or takes the program from the cache."""

import json
import math
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from project.judging.native_languages import NativeLanguage
from project.judging.problems import Content
from project.judging.program_cache import ProgramCache
from project.sandbox.command import Command
from project.sandbox.errors import SandboxError
from project.sandbox.event_loop import NEVER_STOP, StopCondition, run_until_ended
from project.sandbox.inside.contents import content_bytes
from project.sandbox.ipc import sealed_file
from project.sandbox.limits import MIB, Limits
from project.sandbox.native import NOT_EXECUTED, NOT_PACKED, exit_status, kernel_limits
from project.sandbox.outcome import Outcome, TerminationReason
from project.sandbox.pool import Sandboxes

# Compilers need more than the answer may use. -O2 of <iostream>, <map> and <regex> takes 3 s on a slow machine.
LIMITS = Limits(
    cpu_ms=15_000,
    wall_ms=45_000,
    memory_bytes=1024 * MIB,
    scratch_bytes=64 * MIB,
    scratch_inodes=4096,
    descriptors=1024,
    threads=256,
)
CACHE_FORMAT = 2  # of the entries of the cache


@dataclass(frozen=True, slots=True)
class Compilation:
    """A program that can be executed, or None; and what the compiler printed: warnings, or why there is none."""

    program: bytes | None
    messages: str = ""
    cached: bool = False
    cpu_ms: float = 0.0  # of the compiler; 0 if the program was in the cache
    wall_ms: float = 0.0


class Compiler:
    """Compiles answers. Thread-safe."""

    def __init__(self, sandboxes: Sandboxes, cache: ProgramCache | None = None) -> None:
        self._sandboxes = sandboxes
        self._cache = cache
        self._versions: dict[tuple[str, str | None], str] = {}  # by language, and tree of tools
        self._harnesses: dict[tuple[str, str | None], bytes] = {}  # the same
        self._lock = threading.Lock()

    def compile(
        self,
        language: NativeLanguage,
        files: Mapping[str, Content],
        deadline: float,
        stop_condition: StopCondition = NEVER_STOP,
    ) -> Compilation:
        """Return the program of these files.

        Raises:
            SandboxError: the sandbox failed, for a reason other than the files.
            SandboxUnavailable: there are no sandboxes for native programs.

        """
        if not language.compile:
            return Compilation(packed(files))
        key = self._key(language, files)
        stored = self._cache.get(key) if self._cache else None
        if stored is not None:
            return _from_cache(stored)
        compilation = self._run_compiler(language, files, deadline, stop_condition)
        if compilation.program is not None and self._cache:
            self._cache.put(key, _for_cache(compilation.program, compilation.messages))
        return compilation

    def harness(self, language: NativeLanguage, files: Mapping[str, Content]) -> bytes:
        """Return the program of a harness that does not depend on the answer. It is compiled once.

        Raises:
            SandboxError: it could not be compiled.
            SandboxUnavailable: there are no sandboxes for native programs.

        """
        key = language.name, self._sandboxes.tools.tree()
        if key not in self._harnesses:
            is_compiled = any(language.is_source(name) for name in files)
            compilation = self.compile(language, files, math.inf) if is_compiled else Compilation(packed(files))
            if compilation.program is None:
                raise SandboxError(f"the harness of {language.title} does not compile: {compilation.messages}")
            self._harnesses[key] = compilation.program
        return self._harnesses[key]

    def version(self, language: NativeLanguage) -> str:
        """Return what the version command prints. Raises SandboxError if it fails."""
        with self._lock:
            key = language.name, self._sandboxes.tools.tree()
            if key not in self._versions:
                self._versions[key] = self._run_version_command(language)
            return self._versions[key]

    def _key(self, language: NativeLanguage, files: Mapping[str, Content]) -> str:
        """Return the digest of all that the compiler gets."""
        command = language.compile_command(list(files), self._sandboxes.tools)
        parts = [CACHE_FORMAT, language.name, self.version(language), command.content(), dict(files)]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _run_version_command(self, language: NativeLanguage) -> str:
        content = {
            "files": {},
            "limits": kernel_limits(LIMITS),
            **language.version_command(self._sandboxes.tools).content(),
        }
        with self._sandboxes.native_process(LIMITS) as process:
            process.execute([Command("execute", content, [sealed_file(b""), sealed_file(packed({}))])])
            run_until_ended(process)
            outcome = process.outcome()
        if exit_status(outcome) != 0:
            raise SandboxError(f"{language.title} is not installed: {_messages(outcome)}")
        return _messages(outcome)

    def _run_compiler(
        self, language: NativeLanguage, files: Mapping[str, Content], deadline: float, stop_condition: StopCondition
    ) -> Compilation:
        command = language.compile_command(list(files), self._sandboxes.tools)
        content = {"files": dict(files), "limits": kernel_limits(LIMITS), **command.content()}
        program = os.memfd_create("program", os.MFD_CLOEXEC)
        try:
            with self._sandboxes.native_process(LIMITS) as process:
                process.execute([Command("build", content, [os.dup(program)])], deadline)
                run_until_ended(process, stop_condition=stop_condition)
                outcome = process.outcome()
            compilation = Compilation(None, _messages(outcome), cpu_ms=outcome.cpu_ms, wall_ms=outcome.wall_ms)
            if outcome.reason is TerminationReason.COMPLETED and exit_status(outcome) == 0:
                size = os.fstat(program).st_size
                return replace(compilation, program=os.pread(program, size, 0))
        finally:
            os.close(program)
        if exit_status(outcome) == NOT_EXECUTED:
            raise SandboxError(f"the compiler of {language.title} did not run: {compilation.messages}")
        return replace(compilation, messages=compilation.messages + _reason(outcome))


def packed(files: Mapping[str, Content]) -> bytes:
    """Return files in the form of a program that a compiler made; `project.sandbox.inside.native` describes it."""
    contents = {name: content_bytes(content) for name, content in files.items()}
    header = [[name, 0o644, len(data)] for name, data in contents.items()]
    return json.dumps(header).encode() + b"\n" + b"".join(contents.values())


def _for_cache(program: bytes, messages: str) -> bytes:
    """Return a program with the warnings of the compiler, which are a line of JSON before it."""
    return json.dumps(messages).encode() + b"\n" + program


def _from_cache(stored: bytes) -> Compilation:
    line, _, program = stored.partition(b"\n")
    return Compilation(program, json.loads(line), cached=True)


def _messages(outcome: Outcome) -> str:
    """Return what the compiler printed. GCC prints its messages to standard error, others to standard output."""
    return b"".join([*outcome.outputs, outcome.stderr]).decode("utf-8", "replace")


def _reason(outcome: Outcome) -> str:
    """Return why there is no program; "" if the compiler's messages say why."""
    match outcome.reason:
        case TerminationReason.TIME_LIMIT:
            return f"The compiler needed more than {LIMITS.cpu_ms // 1000} seconds.\n"
        case TerminationReason.MEMORY_LIMIT:
            return f"The compiler needed more than {LIMITS.memory_bytes // MIB} MiB of memory.\n"
        case TerminationReason.OUTPUT_LIMIT:
            return f"The compiler printed more than {LIMITS.output_bytes // 1024} KiB.\n"
    if exit_status(outcome) == NOT_PACKED:
        return "The compiler made no program that can be executed.\n"
    return "" if _messages(outcome) else "The compiler failed without a message.\n"
