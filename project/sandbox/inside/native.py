"""The first process of a sandbox for native programs: it builds a program, or executes one, and reports how it ended.

A command is a message with its name, a descriptor of its content as JSON, one of its standard output, and others:

    build    files, argv, environment; program    writes the files, runs a compiler, and packs what it made
    execute  files, argv, environment; stdin, program    unpacks a program and executes it; it can read the files
    call     the same; perhaps another program    does so for a program that writes the command's output to the
             descriptor REPLY, by which it replies to a call; what it prints is the output of this process. Of the two
             programs, files of the first one have priority

The program is packed into one file: a line of JSON with the path, mode and size of each file, then their contents.
This process has number 1 in its PID namespace, so that no program in it can end or trace it, and all end with it.
"""

import _thread
import contextlib
import json
import mmap
import os
import resource
import signal
import socket
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from . import filter as seccomp
from . import landlock, root, system
from .contents import CommandContent, content_bytes, read_content, write_all
from .lockdown import CONTROL, PROGRAM_RULES, STDERR, STDIN, STDOUT

MAX_DESCRIPTORS = 5
REPLY = 3  # of the program
OUT = "out"  # the directory, in the working directory of a compiler, for the program that it makes
MAX_HEADER_BYTES = 2**20
CHUNK = 2**20
NOT_PACKED, NOT_EXECUTED = 126, 127
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
# What installs the last filter, by whether the program may map files of the host as shared.
LAST_FILTERS = {
    shared: system.install_filter(seccomp.executed_program(maps_files_as_shared=shared)) for shared in (False, True)
}
# What a thread applies to itself before it starts the program.
RESTRICT = landlock.restrict(PROGRAM_RULES)
CLOSE_OTHERS = system.close_at_execution_from(CONTROL)


class PackingError(Exception):
    """The compiler made something that cannot be packed."""


def serve() -> NoReturn:
    """Execute one command, and report how it ended. Then end the process, and with it all others."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=CONTROL)
    message, descriptors, _, _ = socket.recv_fds(control, 64, MAX_DESCRIPTORS)
    if message:
        content = read_content(descriptors[0])
        action = {b"build": _build, b"execute": _execute, b"call": _call}[message]
        report = action(content, descriptors[1:])
        reply = {"phase": "done", "nonce": content["nonce"], "value": json.dumps(report)}
        control.send(json.dumps(reply).encode())
    os._exit(0)


def _build(content: CommandContent, descriptors: Sequence[int]) -> Mapping[str, Any]:
    stdout, program = descriptors
    _write_files(content["files"])
    os.mkdir(OUT)
    null = os.open("/dev/null", os.O_RDONLY)
    report = _run(content, null, stdout)
    if report["exit"] == 0:
        try:
            _pack(program)
        except (PackingError, OSError):
            return {**report, "exit": NOT_PACKED}
    return report


def _execute(content: CommandContent, descriptors: Sequence[int]) -> Mapping[str, Any]:
    stdout, stdin, program = descriptors
    _place(content, [program])
    return _run(content, stdin, stdout)


def _call(content: CommandContent, descriptors: Sequence[int]) -> Mapping[str, Any]:
    reply, stdin, *programs = descriptors
    _place(content, programs)
    return _run(content, stdin, os.dup(STDOUT), reply)


def _place(content: CommandContent, programs: Sequence[int]) -> None:
    for program in programs:
        _unpack(program)
        os.close(program)
    _provide(content["files"])


def _run(content: CommandContent, stdin: int, stdout: int, reply: int | None = None) -> Mapping[str, Any]:
    """Run a program to its end; return how it ended."""
    if content["reads_own_path"]:
        os.makedirs(f"{root.OWN_PROC}/self")
        os.symlink(content["argv"][0], f"{root.OWN_PROC}/self/exe")
    try:
        pid = _in_another_thread(lambda: _start(content, stdin, stdout, reply))
    except Exception as error:  # noqa: BLE001 - whatever it is, the judge has to know why there is no program
        os.write(STDERR, f"{content['argv'][0]} cannot be executed: {error}\n".encode())
        return {"exit": NOT_EXECUTED, "memory_bytes": 0, "cpu_ms": _cpu_ms()}
    for descriptor in (stdin, stdout, reply):
        if descriptor is not None:
            os.close(descriptor)
    null = os.open("/dev/null", os.O_WRONLY)
    os.dup2(null, STDOUT)  # the outputs end with the program, not with this process
    os.dup2(null, STDERR)
    os.close(null)
    while True:
        ended, status, usage = os.wait4(-1, 0)  # processes that the program left behind, too
        if ended == pid:
            # The kernel counts what this process used when it started the program, so that this is the least.
            memory = usage.ru_maxrss * 1024
            return {"exit": os.waitstatus_to_exitcode(status), "memory_bytes": memory, "cpu_ms": _cpu_ms()}


def _cpu_ms() -> float:
    """Return the CPU time of this process and of all that it waited for."""
    used = [resource.getrusage(which) for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(usage.ru_utime + usage.ru_stime for usage in used)


def _in_another_thread(action: Callable[[], int]) -> int:
    """Return the result of an action in a thread that ends with it, or raise its exception."""
    results: list[int | BaseException] = []
    ended = _thread.allocate_lock()
    ended.acquire()

    def run() -> None:
        try:
            results.append(action())
        except BaseException as error:  # noqa: BLE001 - raised again below
            results.append(error)
        finally:
            ended.release()

    _thread.start_new_thread(run, ())
    ended.acquire()
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]


def _start(content: CommandContent, stdin: int, stdout: int, reply: int | None) -> int:
    """Start the program; return its process id.

    The program inherits what this thread applies to itself: the Landlock rules, which this process has no part in, so
    that the program has no rights over it, and the last filter. It is not forked, which would copy this process's
    memory. The limits apply to this process, too, which needs less.
    """
    for name, value in content["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    RESTRICT()
    CLOSE_OTHERS()
    os.set_inheritable(STDERR, True)  # noqa: FBT003
    LAST_FILTERS[content["maps_files_as_shared"]]()
    placed = [(stdin, STDIN), (stdout, STDOUT), *([] if reply is None else [(reply, REPLY)])]
    return os.posix_spawn(
        content["argv"][0],
        content["argv"],
        content["environment"],
        file_actions=[(os.POSIX_SPAWN_DUP2, descriptor, number) for descriptor, number in placed],
        setpgroup=0,  # a group of its own
        setsigdef=IGNORED_BY_PYTHON,
    )


def _provide(files: Mapping[str, Any]) -> None:
    """Write files beside the program, which may not change anything there, and link them in its working directory."""
    for name, content in files.items():
        path = os.path.join(root.PROGRAM, name)
        try:
            _write_file(path, 0o444, content_bytes(content))
        except FileExistsError:  # a file of the program has this name
            _write_file(name, 0o444, content_bytes(content))
        else:
            os.symlink(path, name)


def _write_files(files: Mapping[str, Any]) -> None:
    for name, content in files.items():
        _write_file(name, 0o644, content_bytes(content))


def _write_file(name: str, mode: int, data: bytes | memoryview) -> None:
    if os.path.dirname(name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    write_all(descriptor, data)
    os.close(descriptor)


def _pack(program: int) -> None:
    """Write the regular files in OUT to one file. Links and everything else are an error."""
    paths = sorted(_files_in(OUT))
    if not paths:
        raise PackingError("the compiler made no file")
    found = [(path, os.lstat(path)) for path in paths]
    header = [[os.path.relpath(path, OUT), stat.S_IMODE(info.st_mode) & 0o755, info.st_size] for path, info in found]
    line = json.dumps(header).encode() + b"\n"
    if len(line) > MAX_HEADER_BYTES:
        raise PackingError("the compiler made too many files")
    write_all(program, line)
    for path, info in found:
        source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        left = info.st_size
        while left and (data := os.read(source, min(CHUNK, left))):
            write_all(program, data)
            left -= len(data)
        os.close(source)
        if left:
            raise PackingError(f"{path} became shorter")


def _files_in(directory: str) -> Iterator[str]:
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            yield from _files_in(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path
        else:
            raise PackingError(f"{entry.name} is not a regular file")


def _unpack(program: int) -> None:
    """Write the files of a packed program. Mapped, its contents are copied once."""
    with mmap.mmap(program, 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as packed, memoryview(packed) as contents:
        start = packed.find(b"\n", 0, MAX_HEADER_BYTES) + 1
        for name, mode, size in json.loads(packed[:start]):
            path = os.path.normpath(os.path.join(root.PROGRAM, name))
            if not path.startswith(f"{root.PROGRAM}/"):
                raise PackingError(f"{name} is outside of the program")
            # The program before may have a file with this name.
            with contents[start : start + size] as content, contextlib.suppress(FileExistsError):
                _write_file(path, mode, content)
            start += size
