"""Hidden cases are judged after all others, and shown in the order of the exercise."""

from project.judging.problems import Problem
from project.judging.verdicts import Verdict, overall
from project.tests.judging.cases import calling, reading, verdicts


def test_results_are_in_the_order_of_the_exercise(judge):
    cases = (
        reading("1", "1", hidden=True),
        reading("2", "2"),
        reading("3", "3", hidden=True),
        reading("4", "4"),
    )
    judgement = judge.judge(Problem(cases=cases), "print(input())")
    assert [(case.name, case.hidden, case.verdict) for case in judgement.cases] == [
        (case.name, case.hidden, Verdict.ACCEPTED) for case in cases
    ]


def test_hidden_cases_are_judged_last(judge):
    # Nothing is run after a syntax error: only the first case that is judged has that verdict.
    cases = [calling("f", hidden=True), calling("f"), calling("f", hidden=True), calling("f")]
    assert verdicts(judge, "def f(:", *cases) == ["not_run", "syntax_error", "not_run", "not_run"]


def test_a_submission_with_hidden_cases_first_has_the_verdict_of_one_that_ran(judge):
    problem = Problem(cases=(calling("f", hidden=True), calling("f")))
    assert judge.judge(problem, "def f(:").verdict is Verdict.SYNTAX_ERROR
    assert overall([Verdict.NOT_RUN, Verdict.TIME_LIMIT, Verdict.NOT_RUN]) is Verdict.TIME_LIMIT


def test_shown_cases_share_a_sandbox_across_a_hidden_one(judge):
    answer = "count = 0\ndef f():\n    global count\n    count += 1\n    return count"
    cases = [calling("f", expected=1), calling("f", expected=1, hidden=True), calling("f", expected=2)]
    assert verdicts(judge, answer, *cases, shared_sandbox=True) == ["accepted"] * 3
