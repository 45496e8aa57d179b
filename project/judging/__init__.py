"""Verdicts from runs: what is judged, how outputs are compared, and what is said about it.

It knows the sandbox, and neither Flask nor the database. What is expected stays on this side: a learner's process gets
code and arguments, never the answer. `Judge.judge(problem, answer)` is the way in.
"""
