"""The same compiler and the same program outside of our sandbox: bare, and in bubblewrap."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.common.measure import Benchmark, repeat
from bench.common.processes import data_directory
from bench.common.programs import BUBBLEWRAP, repeat_without_cpu, run_program
from bench.languages import work
from project.judging.native_languages import NativeCommand, NativeLanguage
from project.sandbox.limits import Limits
from project.sandbox.native import HOST_TOOLS, PROGRAM

COMPILING = "/tmp/compiling"  # noqa: S108 - in the file system that bubblewrap makes
OUT = "out"  # where the commands of compilers write the program


@contextmanager
def benchmarks(language: NativeLanguage) -> Iterator[list[Benchmark]]:
    """Return the benchmarks of a language's smoke program. Its files exist until the end of the block."""
    with data_directory() as directory:
        files = language.files(language.smoke.source)
        for name, content in files.items():
            (directory / name).write_text(content)
        (directory / OUT).mkdir()
        built = directory / OUT if language.compile else directory
        found: list[Benchmark] = []
        if language.compile:
            compiler = language.compile_command(list(files), HOST_TOOLS)
            run_program(compiler.argv, directory=directory, environment=compiler.environment)
            found += _pair(language, work.COMPILER, compiler, directory, None)
        main = language.main_class(language.smoke.source)
        program = language.run_command(main, language.limits(Limits()), HOST_TOOLS)
        found += _pair(language, work.PROGRAM, program, built, language.smoke.output.encode())
        yield found


def _pair(
    language: NativeLanguage, what: str, command: NativeCommand, directory: Path, expected: bytes | None
) -> Iterator[Benchmark]:
    stdin = language.smoke.input.encode()
    bare = partial(
        run_program,
        [word.replace(PROGRAM, str(directory)) for word in command.argv],
        expected,
        stdin=stdin,
        directory=directory,
        environment=command.environment,
    )
    yield Benchmark(language.name, work.yardstick(what, work.BARE), partial(repeat, bare))
    if shutil.which(BUBBLEWRAP[0]):
        wrapped = [*BUBBLEWRAP, *_files(directory, what), *_environment(command), "--", *command.argv]
        run = partial(run_program, wrapped, expected, stdin=stdin)
        yield Benchmark(language.name, work.yardstick(what, work.BUBBLEWRAP), partial(repeat_without_cpu, run))


def _files(directory: Path, what: str) -> list[str]:
    """Return the options for the directory of the source, which can be written to, or of the program."""
    configuration = ["--symlink", "usr/bin", "/bin", "--ro-bind", "/etc", "/etc"]
    if what == work.COMPILER:
        return [*configuration, "--bind", str(directory), COMPILING, "--chdir", COMPILING]
    return [*configuration, "--ro-bind", str(directory), PROGRAM]


def _environment(command: NativeCommand) -> list[str]:
    return [word for name, value in command.environment.items() for word in ("--setenv", name, value)]
