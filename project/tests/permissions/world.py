"""What the matrix is tried on: a learner's resources, and exercises with secrets."""

import sqlalchemy as sa

from project import db
from project.api.exercises.models import Exercise
from project.api.users.tokens import issue_token
from project.tests.conftest import PASSWORD, add_member
from project.web.roles import Role

ROLES = {
    "learner": Role.LEARNER,
    "other": Role.LEARNER,
    "inactive": Role.ADMIN,
    "grader": Role.GRADER,
    "admin": Role.ADMIN,
}
CALLERS = ("anonymous", *ROLES)
# Words that stand in what only some may read: what is the learner's own, and what only admins know of an exercise.
TYPED, SECRET = "typed-by-the-learner", "secret-of-the-exercise"
OWN, SECRETS = (TYPED, "learner@example.org"), (SECRET,)
ANSWER = f"def add(left, right):\n    return left + right  # {TYPED}\n"
CASES = [
    {"name": "shown", "kind": "call", "function": "add", "arguments": [1, 2], "expected": 3},
    {
        "name": "hidden",
        "kind": "call",
        "function": "add",
        "arguments": [SECRET, ""],
        "expected": SECRET,
        "hidden": True,
    },
]
JUDGED = """[{"name": "shown", "verdict": "accepted", "points": 1, "max_points": 1, "hidden": false}]"""

SUBMISSION = """
    INSERT INTO submissions (user_id, exercise_id, exercise_version, language, answer, state, verdict, cases, points,
        max_points, isolation_level, limits, cpu_ms, wall_ms, started_at, finished_at, run)
    VALUES (:learner, :exercise, 1, 'python', :answer, 'done', 'accepted', :judged, 2,
        2, 3, '{}', 1, 2, now(), now(), 1)
    RETURNING id
"""
SCORE = "INSERT INTO scores (user_id, exercise_id, correct) VALUES (:learner, :exercise, false) RETURNING id"
SET = "INSERT INTO exercise_sets (name) VALUES ('a-set') RETURNING id"
REJUDGE = """
    INSERT INTO rejudges (exercise_id, exercise_version, requested_by, submissions, state)
    VALUES (:exercise, 1, :admin, 1, 'ready') RETURNING id
"""
INVITATION = """
    INSERT INTO invitations (code_hash, uses, uses_left, expires_at)
    VALUES ('\\x00', 1, 1, now() + interval '1 day') RETURNING id
"""


def make_world():
    """Add everybody and everything; return the tokens of the callers, and what addresses name."""
    users = {name: add_member(name, f"{name}@example.org", PASSWORD, role) for name, role in ROLES.items()}
    tokens = {name: issue_token(user.id) for name, user in users.items()}
    users["inactive"].active = False
    ids = {name: user.id for name, user in users.items()}
    for name, grading in (("exercise", "self"), ("graded", "server"), ("deleted", "self")):
        exercise = Exercise(exercise_body=name, grading=grading, cases=CASES, reference_solution=f"# {SECRET}")
        db.session.add(exercise)
        db.session.flush()
        ids[name] = exercise.id
    db.session.execute(sa.text("UPDATE exercises SET deleted_at = now() WHERE id = :deleted"), ids)
    values = {**ids, "answer": ANSWER, "judged": JUDGED}
    made = {"submission": SUBMISSION, "score": SCORE, "set": SET, "rejudge": REJUDGE, "invitation": INVITATION}
    ids |= {name: db.session.scalar(sa.text(statement), values) for name, statement in made.items()}
    db.session.commit()
    return tokens, ids
