"""A tester and a learner as real processes, connected by a socket as by the judge."""

import json
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from textwrap import dedent

from project.config import ROOT

TIMEOUT = 60  # seconds, for tests that hang
START = f"import sys; sys.path.insert(0, {str(ROOT / 'project' / 'sandbox')!r})"

LOADED = "the answer was loaded"
LEARNER = f"""
{START}
LOADED = {LOADED!r}
import json, types
from inside.bridge import learner
from inside.sources import SourceFinder
fd, name, shared = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
sys.meta_path.append(SourceFinder(shared))
module = sys.modules[name] = types.ModuleType(name)
exec(compile(sys.stdin.read(), "answer.py", "exec"), module.__dict__)
sys.__stdout__.write(LOADED + "\\n")
sys.__stdout__.flush()
learner.serve(fd, {{name: module}}, [file.removesuffix(".py") for file in shared])
"""

# Sends messages to the tester itself: its answer is a program with the descriptor `fd`, which may violate the protocol.
MALICIOUS_LEARNER = f"""
{START}
fd, name = int(sys.argv[1]), sys.argv[2]
exec(compile(sys.stdin.read(), "answer.py", "exec"))
"""

TESTER = f"""
{START}
import json
from inside.bridge import tester
from inside.bridge.errors import ProtocolViolation
command = json.load(sys.stdin)
output, sys.stdout = sys.stdout, sys.stderr
try:
    results, violation = tester.run(command["source"], command["name"] + "_test.py", command["name"], command["files"],
                                    int(sys.argv[1]), shared=command["shared"]), None
except ProtocolViolation as error:
    results, violation = error.results, str(error)
output.write(json.dumps([results, violation]))
"""


@dataclass
class Outcome:
    """What `tester.run` returned, and what it raised."""

    results: list
    violation: str | None
    printed: str  # on the tester's standard error
    by_name: dict = field(init=False)

    def __post_init__(self):
        self.by_name = {result["name"].rpartition(".")[2]: result for result in self.results}

    @property
    def outcomes(self):
        return {name: result["outcome"] for name, result in self.by_name.items()}

    @property
    def passed(self):
        return self.violation is None and set(self.outcomes.values()) == {"passed"}

    def message(self, name):
        return self.by_name[name]["message"]


def judge(answer, tests, *, name="answer_module", files=None, shared=None, program=LEARNER):
    """Run the tests against the answer; both are sources, with any indentation.

    `files` are modules of the tests, and `shared` those that both sides have.
    """
    shared = {file: dedent(source) for file, source in (shared or {}).items()}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        learner = _start(program, theirs, name, json.dumps(shared))
        tester = _start(TESTER, ours)
    command = {
        "source": dedent(tests),
        "name": name,
        "files": {**shared, **(files or {})},
        "shared": [file.removesuffix(".py") for file in shared],
    }
    try:
        learner.stdin.write(dedent(answer).encode())
        learner.stdin.close()
        output, printed = tester.communicate(json.dumps(command).encode(), timeout=TIMEOUT)
    finally:
        for process in (tester, learner):
            process.kill()
            process.wait()
        loaded = learner.stdout.read()
        for process in (tester, learner):
            process.stdout.close()
            process.stderr.close()
    assert output, printed.decode()
    if program is LEARNER:  # an answer that raises an exception while it is loaded would fail every test
        assert LOADED.encode() in loaded
    return Outcome(*json.loads(output), printed.decode())


def _start(program, end, *arguments):
    return subprocess.Popen(
        [sys.executable, "-P", "-c", program, str(end.fileno()), *arguments],
        pass_fds=[end.fileno()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
