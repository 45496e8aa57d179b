"""Resources after hundreds of sandboxed processes; with EVAL_LONG_TESTS=1, 10,000."""

import os
import re
import threading
from pathlib import Path

import pytest

from project.judging.judge import Judge
from project.judging.problems import Case, Kind, Problem
from project.sandbox import warm_pool
from project.sandbox.limits import MIB
from project.tests.sandbox.processes import children, descriptors, is_gone, until

WARM_UP = 100
if os.environ.get("EVAL_LONG_TESTS"):
    RUNS, MAX_GROWTH_OF_JUDGE, MAX_GROWTH_OF_ZYGOTE = 10_000, 16 * MIB, 8 * MIB
else:
    RUNS, MAX_GROWTH_OF_JUDGE, MAX_GROWTH_OF_ZYGOTE = 500, 4 * MIB, 2 * MIB
THREADS = 2
PROBLEM = Problem(cases=(Case(name="sum", kind=Kind.STDOUT, code="print(add(2, 3))", expected="5"),))
ANSWERS = {
    "def add(a, b): return a + b": "accepted",
    "def add(a, b): return 0": "wrong_answer",
    "open('/tmp/x', 'wb').write(bytes(2 << 20)); 1 / 0": "runtime_error",
    "def add(a, b: pass": "syntax_error",
    "import os; os._exit(0)": "runtime_error",
    "import os; os.write(3, b'x')": "protocol_violation",
    "print('x' * 100_000)": "output_limit",
}


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def judge_many(judge, count):
    """Judge in a few threads; return the judgements with unexpected verdicts."""
    wrong = []

    def work(mine):
        for number in range(mine, count, THREADS):
            answer, verdict = list(ANSWERS.items())[number % len(ANSWERS)]
            judgement = judge.judge(PROBLEM, answer)
            if judgement.verdict != verdict:
                wrong.append(judgement)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.timeout(600)
def test_many_runs_leak_no_memory_descriptors_mounts_or_processes(make_sandboxes):
    sandboxes = make_sandboxes(warm=4)
    judge = Judge(sandboxes)
    assert judge_many(judge, WARM_UP) == []
    before = measure(sandboxes)
    assert judge_many(judge, RUNS) == []
    after = measure(sandboxes)
    assert after["mounts"] == before["mounts"]
    assert after["descriptors"] <= before["descriptors"]
    assert after["children"] <= before["children"]
    assert after["judge"] - before["judge"] < MAX_GROWTH_OF_JUDGE
    assert after["zygote"] - before["zygote"] < MAX_GROWTH_OF_ZYGOTE
    assert until(lambda: len(children(os.getpid())) <= before["processes"])


def test_zygotes_are_renewed_and_the_earlier_ones_end(make_sandboxes, monkeypatch):
    monkeypatch.setattr(warm_pool, "PROCESSES_PER_ZYGOTE", 30)
    sandboxes = make_sandboxes(warm=2)
    first, before = sandboxes.learners.zygote.pid, len(children(os.getpid()))
    assert judge_many(Judge(sandboxes), 140) == []
    assert until(lambda: sandboxes.learners.zygote.pid != first)
    assert until(lambda: is_gone(first))
    assert until(lambda: len(children(os.getpid())) <= before)


def measure(sandboxes):
    sandboxes.start()
    zygote = sandboxes.learners.zygote.pid
    until(lambda: len(children(zygote)) <= 4)  # the warm ones
    return {
        "judge": resident("self"),
        "zygote": resident(zygote),
        "descriptors": len(descriptors()),
        "mounts": len(Path(f"/proc/{zygote}/mountinfo").read_text().splitlines()),
        "children": len(children(zygote)),
        "processes": len(children(os.getpid())),
    }
