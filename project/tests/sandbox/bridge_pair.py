"""A tester and a learner as real processes, connected by a socket as by the judge."""

import json
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from textwrap import dedent

from project.tests.sandbox import forks

TIMEOUT = 60  # seconds, for tests that hang

# An interpreter for each side: forks of one have the same memory layout, which the sides do not have in the service.
LEARNERS = partial(forks.forking_interpreter, "import inside.bridge.learner, inside.sources")
TESTERS = partial(forks.forking_interpreter, "import inside.bridge.tester")

LOADED = "the answer was loaded"
LEARNER = f"""
LOADED = {LOADED!r}
import json, sys, types
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
MALICIOUS_LEARNER = """
import sys
fd, name = int(sys.argv[1]), sys.argv[2]
exec(compile(sys.stdin.read(), "answer.py", "exec"))
"""

TESTER = """
import json, sys
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
    command = {
        "source": dedent(tests),
        "name": name,
        "files": {**shared, **(files or {})},
        "shared": [file.removesuffix(".py") for file in shared],
    }
    with ExitStack() as stack:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            own = {"stdin": dedent(answer).encode(), "descriptor": theirs.fileno()}
            learner = stack.enter_context(forks.program(LEARNERS(), program, name, json.dumps(shared), **own))
            own = {"stdin": json.dumps(command).encode(), "descriptor": ours.fileno()}
            tester = stack.enter_context(forks.program(TESTERS(), TESTER, **own))
        tester.wait(TIMEOUT)
        output, printed = tester.printed()
        loaded, _ = learner.printed()
    assert output, printed.decode()
    if program is LEARNER:  # an answer that raises an exception while it is loaded would fail every test
        assert LOADED.encode() in loaded
    return Outcome(*json.loads(output), printed.decode())
