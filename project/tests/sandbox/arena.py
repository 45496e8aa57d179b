"""Where an attack is judged, beside an honest answer, on a host with things to steal."""

import re
import threading

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.judging.results import for_learner
from project.sandbox.limits import Limits
from project.sandbox.pool import Sandboxes
from project.tests.sandbox.host import EXPECTED, SECRETS, Host
from project.tests.sandbox.processes import children, descriptors, until

HONEST = "def add(a, b):\n    return a + b\n"
# What the programs say of themselves when something gave way.
GAINED = {"BROKEN", "CONNECTED", "WROTE", "OPENED", "MKNOD", "EXECUTED", "KILLED", "RAISED", "DID", "GOT", "hardlinked"}
IN_JAVASCRIPT = {"python": "print(add(2, 3))\nprint(add(20, 22))", "javascript": "print(add(2, 3)); print(add(20, 22))"}


def adding(language="python", limits=None):
    """Return the problem that the attacks pretend to solve; a second case has an expectation to steal."""
    code = IN_JAVASCRIPT[language]
    cases = (
        Case(name="sums", kind=Kind.STDOUT, code=code, expected="5\n42"),
        Case(name="secret", kind=Kind.STDOUT, code=code, expected=EXPECTED, hidden=True),
    )
    return Problem(cases=cases, language=language, limits=limits or Limits())


class Arena:
    """Sandboxes at one level, and a host around them."""

    def __init__(self, level):
        self.level = level
        self.host = Host()
        self.sandboxes = Sandboxes(minimum=level, maximum=level, warm=0)
        self.judge = Judge(self.sandboxes)
        try:
            self.sandboxes.start()
        except BaseException:
            self.close()
            raise

    def fight(self, program):
        """Judge an attack beside an honest answer; return its judgement when nothing was gained by it."""
        before = descriptors()
        judgement, honest = self._beside(program)
        assert judgement.cases[0].verdict in program.expected(self.level), judgement.cases[0]
        assert honest.cases[0].verdict == "accepted", honest.cases[0]
        assert judgement.cases[1].verdict != "accepted"
        self._check_words(judgement)
        assert self.host.heard() == []
        assert until(lambda: not children(self.zygote.pid))
        assert descriptors() == before
        return judgement

    def _beside(self, program):
        honest = []
        beside = threading.Thread(target=lambda: honest.append(self.judge.judge(adding(), HONEST)))
        beside.start()
        problem = adding(program.language, program.limits)
        judgement = self.judge.judge(problem, self.host.put_into(program.source))
        beside.join()
        return judgement, honest[0]

    def _check_words(self, judgement):
        for case in judgement.cases:
            said = "\n".join((case.output, case.error, case.actual or ""))
            assert not GAINED & set(re.findall(r"\w+", said)), said
            assert not [secret for secret in (*SECRETS, "root:x:0") if secret in said]
            shown = repr(for_learner(case.as_json()))
            assert not [secret for secret in SECRETS if secret in shown]

    @property
    def zygote(self):
        return self.sandboxes.learners.zygote

    def close(self):
        self.sandboxes.close()
        self.host.close()
