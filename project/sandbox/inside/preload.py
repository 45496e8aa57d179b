"""Imports modules before a learner's code runs: a later import is fast, and reads no file.

Compiled modules must be imported here: loading one maps executable memory, which learners' processes may not do.
"""

import builtins
import contextlib
import importlib
import importlib.machinery
import importlib.util
import sys
import sysconfig
import warnings
from collections.abc import Mapping
from pathlib import Path

# Modules that need processes, a terminal, a display or a disk; old encodings of East Asia; the interpreter's own tests.
# Without them every process starts faster, since each clone copies the mappings.
SKIPPED = tuple(
    """
_test _xx xx _ctypes_test _tkinter _curses readline _dbm _gdbm nis ossaudiodev audioop spwd grp syslog termios _crypt
_codecs_ _lsprof _posixshmem _uuid
""".split()
)

MODULES = """
__future__ _strptime abc argparse array ast asyncio base64 bisect bz2 calendar cmath collections colorsys
concurrent.futures.thread configparser contextlib copy csv ctypes dataclasses datetime decimal difflib dis doctest
encodings.ascii encodings.cp1252 encodings.idna encodings.latin_1 encodings.utf_16 enum fileinput fractions
functools gc getpass glob graphlib gzip hashlib heapq hmac html html.parser inspect io ipaddress itertools json
keyword linecache locale logging lzma math mmap multiprocessing.dummy multiprocessing.pool numbers operator os
pathlib pickle platform pprint queue random re resource sched secrets select selectors shlex shutil signal socket
sqlite3 statistics string struct tempfile textwrap threading time timeit tokenize tomllib traceback tracemalloc
types typing unicodedata unittest unittest.mock urllib.parse uuid warnings weakref xml.etree.ElementTree zipfile
zlib zoneinfo
""".split()


def standard_library() -> None:
    """Import the modules that learners use; those that this build of Python lacks are skipped."""
    warnings.simplefilter("ignore")
    directory = Path(sysconfig.get_path("platstdlib")) / "lib-dynload"
    compiled = sorted({file.name.partition(".")[0] for file in directory.glob("*.so")})
    sys.modules["readline"] = None  # type: ignore[assignment]  # pdb would import it, and it changes libc's environment
    for name in (*MODULES, *(name for name in compiled if not name.startswith(SKIPPED))):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    del sys.modules["readline"]
    # `site`, which defines these, is not imported; beginners use them to end their programs.
    vars(builtins).update(exit=sys.exit, quit=sys.exit)


def extensions(files: Mapping[str, str]) -> None:
    """Load further compiled modules, each from its file, so that no directory has to be on the path."""
    for name, file in files.items():
        loader = importlib.machinery.ExtensionFileLoader(name, file)
        specification = importlib.util.spec_from_file_location(name, file, loader=loader)
        if specification is None:
            raise ImportError(f"{file} is no module")
        module = importlib.util.module_from_spec(specification)
        loader.exec_module(module)
        sys.modules[name] = module
