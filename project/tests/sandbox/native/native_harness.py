"""Judges a native attack and a correct answer at the same time, on a host with secrets and listeners."""

import re
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from project.judging.compiling import Compiler
from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.judging.program_cache import ProgramCache
from project.judging.results import for_learner
from project.sandbox.limits import MIB, Limits
from project.sandbox.native import NativeZygote
from project.sandbox.pool import Sandboxes
from project.sandbox.warm_pool import WarmPool
from project.tests.sandbox.attack_harness import judge_both
from project.tests.sandbox.host import EXPECTED, SECRETS, Host
from project.tests.sandbox.processes import all_descriptors_closed, children, until

LEVEL = 3
HONEST = """#include <stdio.h>

int main(void) {
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\\n", a + b);
}
"""


def adding(language="c", limits=None, count=1):
    """Return the problem that the attacks pretend to solve, with a secret case as the last one."""
    cases = [Case(name=f"sum{i}", kind=Kind.STDIN, input="2 3\n", expected="5") for i in range(count)]
    secret = Case(name="secret", kind=Kind.STDIN, input="2 3\n", expected=EXPECTED, hidden=True)
    return Problem(cases=(*cases, secret), language=language, limits=limits or Limits(), stop_after_time_limits=1)


class NativeHarness:
    """Sandboxes, a judge with a cache, and the host."""

    def __init__(self, cache_directory):
        self.host = Host()
        self.sandboxes = Sandboxes(minimum=LEVEL, maximum=LEVEL, warm=0)
        self.cache = ProgramCache(cache_directory, 100 * MIB)
        self.judge = Judge(self.sandboxes, compiler=Compiler(self.sandboxes, self.cache))
        try:
            self.sandboxes.start()
            assert self.judge.judge(adding(), HONEST).cases[0].verdict == "accepted"
        except BaseException:
            self.close()
            raise

    def run(self, attack):
        """Judge an attack and a correct answer at the same time; return the judgement of the attack if it failed."""
        with all_descriptors_closed():
            mounts = self._mounts()
            judgement, honest = self._judge_both(attack)
            assert judgement.cases[0].verdict in attack.verdicts, judgement.cases[0]
            assert honest.cases[0].verdict == "accepted", honest.cases[0]
            assert judgement.cases[1].verdict != "accepted"
            self._check_texts(judgement)
            assert self.host.reached_listeners() == []
            assert until(lambda: not children(self.zygote.pid))
            assert self._mounts() == mounts
        return judgement

    def judge_alone(self, attack):
        """Judge an attack; return the result of its first case."""
        return self.judge.judge(adding(attack.language, attack.limits), self.host.put_into(attack.source)).cases[0]

    @contextmanager
    def launched_by(self, launcher):
        """Let the zygote be started by a launcher."""
        pool = WarmPool(0, partial(NativeZygote, launcher=launcher))
        pool.open(LEVEL)
        usual, self.sandboxes.native_programs = self.sandboxes.native_programs, pool
        try:
            yield
        finally:
            self.sandboxes.native_programs = usual
            pool.close()

    def _judge_both(self, attack):
        attacking = adding(attack.language, attack.limits), self.host.put_into(attack.source)
        return judge_both(self.judge, attacking, (adding(), HONEST))

    def _check_texts(self, judgement):
        for case in judgement.cases:
            said = "\n".join((case.output, case.error, case.actual or ""))
            # The messages of a compiler quote the source.
            assert case.verdict == "compile_error" or not re.findall(r"BROKEN.*", said), said
            assert not [secret for secret in (*SECRETS, "root:x:0", "root:$", "root:*") if secret in said]
            shown = repr(for_learner(case.as_json()))
            assert not [secret for secret in SECRETS if secret in shown]

    def _mounts(self):
        return [Path(f"/proc/{pid}/mountinfo").read_text() for pid in ("self", self.zygote.pid)]

    @property
    def zygote(self):
        return self.sandboxes.native_programs.zygote

    def close(self):
        self.sandboxes.close()
        self.host.close()
