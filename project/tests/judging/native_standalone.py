"""A judge of answers in C as a program, so that a test can kill it: takes {"cache": directory, "answer": text}.

It needs only the standard library: `project` is its folder, without the application.
"""

import json
import re
import sys
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
    names = ("sandbox.pool", "judging.judge", "judging.problems", "judging.program_cache", "judging.compiling")
    pool, judging, problems, caches, compiling = (import_module(f"project.{name}") for name in names)
    task = json.loads(sys.stdin.readline())
    sandboxes = pool.Sandboxes(minimum=3, maximum=3, warm=0)
    sandboxes.start()
    compiler = compiling.Compiler(sandboxes, caches.ProgramCache(Path(task["cache"]), 10**7))
    judge = judging.Judge(sandboxes, compiler=compiler)
    case = problems.Case(name="sum", kind=problems.Kind.STDIN, input="2 3\n", expected="5")
    judge.judge(problems.Problem(cases=(case,), language="c"), task["answer"])


main()
