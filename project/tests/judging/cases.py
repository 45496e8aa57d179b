"""Short words for cases and problems."""

from project.judging.problems import Case, Kind, Problem


def printing(code, expected="", **more):
    return Case(**{"name": code, "kind": Kind.STDOUT, "code": code, "expected": expected, **more})


def reading(text, expected="", **more):
    return Case(**{"name": text, "kind": Kind.STDIN, "input": text, "expected": expected, **more})


def calling(function, *arguments, expected=None, **more):
    more = {"name": function, "kind": Kind.CALL, "function": function, "arguments": arguments, **more}
    return Case(expected=expected, **more)


def verdicts(judge, answer, *cases, **problem):
    return [result.verdict.value for result in judge.judge(Problem(cases=cases, **problem), answer).cases]


def single(judge, answer, case, **problem):
    """Return the result of the one case of a problem."""
    return judge.judge(Problem(cases=(case,), **problem), answer).cases[0]
