"""Judges an attack and a correct answer at the same time, on a host with secrets and listeners."""

import re
import threading

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.judging.results import for_learner
from project.sandbox.limits import Limits
from project.sandbox.pool import Sandboxes
from project.tests.sandbox.host import EXPECTED, SECRETS, Host
from project.tests.sandbox.processes import all_descriptors_closed, children, until

HONEST = "def add(a, b):\n    return a + b\n"
# What the programs print when they succeed.
GAINED = {"BROKEN", "CONNECTED", "WROTE", "OPENED", "MKNOD", "EXECUTED", "KILLED", "RAISED", "DID", "GOT", "hardlinked"}
IN_JAVASCRIPT = {"python": "print(add(2, 3))\nprint(add(20, 22))", "javascript": "print(add(2, 3)); print(add(20, 22))"}


def adding(language="python", limits=None):
    """Return the problem that the attacks pretend to solve; the expected output of its second case is secret."""
    code = IN_JAVASCRIPT[language]
    cases = (
        Case(name="sums", kind=Kind.STDOUT, code=code, expected="5\n42"),
        Case(name="secret", kind=Kind.STDOUT, code=code, expected=EXPECTED, hidden=True),
    )
    return Problem(cases=cases, language=language, limits=limits or Limits())


def judge_both(judge, attack, honest):
    """Judge two pairs of a problem and an answer at the same time; return both judgements."""
    found = []
    thread = threading.Thread(target=lambda: found.append(judge.judge(*honest)))
    thread.start()
    judgement = judge.judge(*attack)
    thread.join()
    return judgement, found[0]


class AttackHarness:
    """Sandboxes at one level, and the host."""

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

    def run(self, program):
        """Judge an attack and a correct answer at the same time; return the judgement of the attack if it failed."""
        with all_descriptors_closed():
            judgement, honest = self._judge_both(program)
            assert judgement.cases[0].verdict in program.expected(self.level), judgement.cases[0]
            assert honest.cases[0].verdict == "accepted", honest.cases[0]
            assert judgement.cases[1].verdict != "accepted"
            self._check_texts(judgement)
            assert self.host.reached_listeners() == []
            assert until(lambda: not children(self.zygote.pid))
        return judgement

    def _judge_both(self, program):
        attack = adding(program.language, program.limits), self.host.put_into(program.source)
        return judge_both(self.judge, attack, (adding(), HONEST))

    def _check_texts(self, judgement):
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
