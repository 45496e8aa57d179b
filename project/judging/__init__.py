"""Judging answers: test cases, comparisons of outputs, verdicts, and messages for learners.

It imports the sandbox, and neither Flask nor the database. The expected output stays in this process: a learner's
process receives only code and arguments. The entry point is `Judge.judge(problem, answer)`.
"""
