"""A judge as a program, so that a test can run it on any interpreter, under any profile, and as any user.

Takes JSON on standard input: {"minimum": level, "maximum": level, "answers": [...], "hold": bool}; prints JSON with its
level, verdicts and outputs, or with the trouble. With `hold` it judges the one answer, an endless one with two threads,
and reports which processes take part. It needs only the standard library: `project` is its folder, without the
application.
"""

import json
import re
import sys
import threading
import types
from importlib import import_module
from pathlib import Path


def main():
    package = types.ModuleType("project")
    package.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["project"] = package
    # The patterns of languages are also valid here; the cases have none.
    like_re2 = {"compile": lambda pattern, _: re.compile(pattern), "Options": types.SimpleNamespace, "error": re.error}
    sys.modules["re2"] = types.SimpleNamespace(**like_re2)
    names = ("sandbox.pool", "judging.judge", "judging.problems")
    pool, judging, problems = (import_module(f"project.{name}") for name in names)
    task = json.loads(sys.stdin.readline())
    sandboxes = pool.Sandboxes(minimum=task["minimum"], maximum=task["maximum"], warm=0)
    try:
        sandboxes.start()
    except pool.SandboxUnavailable as error:
        report(trouble=str(error))
        return
    case = problems.Case(
        name="sums", kind=problems.Kind.STDOUT, code="print(add(2, 3))\nprint(add(20, 22))", expected="5\n42"
    )
    judge = judging.Judge(sandboxes)
    if task.get("hold"):
        hold(judge, problems.Problem(cases=(case,)), task["answers"][0], sandboxes.learners.zygote.pid)
    results = [judge.judge(problems.Problem(cases=(case,)), answer).cases[0] for answer in task["answers"]]
    report(
        level=sandboxes.level,
        verdicts=[result.verdict for result in results],
        outputs=[f"{result.output}\n{result.actual}\n{result.error}" for result in results],
    )
    sandboxes.close()


def report(**values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def hold(judge, problem, answer, zygote):
    """Judge an endless answer, name the zygote and the learner's process, and wait to be killed."""
    threading.Thread(target=judge.judge, args=(problem, answer), daemon=True).start()
    learner = Path("/nobody")
    while not learner.is_dir() or len(list((learner / "task").iterdir())) < 2:  # its second thread: the answer runs
        learners = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
        learner = Path("/proc", *learners[:1]) if learners else Path("/nobody")
    report(zygote=zygote, learner=int(learner.name))
    threading.Event().wait()


main()
