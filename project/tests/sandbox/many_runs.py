"""Judges many answers at the same time, and measures what processes, zygotes and the judge hold afterwards."""

import os
import re
import threading
from pathlib import Path

from project.sandbox.limits import MIB
from project.tests.sandbox.processes import children, descriptors, until

# With EVAL_LONG_TESTS=1, 10,000 runs.
IS_LONG = bool(os.environ.get("EVAL_LONG_TESTS"))
MAX_GROWTH_OF_JUDGE, MAX_GROWTH_OF_ZYGOTE = (16 * MIB, 8 * MIB) if IS_LONG else (4 * MIB, 2 * MIB)
THREADS = 2


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def judge_many(judge, problem, answers, count):
    """Judge the answers in turn, in a few threads; return the judgements with unexpected verdicts."""
    wrong = []

    def work(mine):
        for number in range(mine, count, THREADS):
            answer, verdict = list(answers.items())[number % len(answers)]
            judgement = judge.judge(problem, answer)
            if judgement.verdict != verdict:
                wrong.append(judgement)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def measure(pool):
    """Return what the judge and the zygote of a pool hold, once only warm processes are left."""
    zygote = pool.zygote.pid
    until(lambda: len(children(zygote)) <= 4)  # the warm ones
    return {
        "judge": resident("self"),
        "zygote": resident(zygote),
        "descriptors": len(descriptors()),
        "descriptors of the zygote": len(descriptors(zygote)),
        "mounts": len(Path(f"/proc/{zygote}/mountinfo").read_text().splitlines()),
        "mounts of the host": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "children": len(children(zygote)),
        "processes": len(children(os.getpid())),
    }


def check_growth(before, after):
    """Check that nothing but memory has grown, and memory only a little."""
    for name in ("mounts", "mounts of the host", "descriptors of the zygote"):
        assert after[name] == before[name], name
    for name in ("descriptors", "children"):
        assert after[name] <= before[name], name
    assert after["judge"] - before["judge"] < MAX_GROWTH_OF_JUDGE
    assert after["zygote"] - before["zygote"] < MAX_GROWTH_OF_ZYGOTE
    assert until(lambda: len(children(os.getpid())) <= before["processes"])
