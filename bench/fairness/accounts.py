"""Adds accounts and exercises to the server's database, in a process with the measured version of the service.

Prints tokens and exercise ids as JSON. It uses only functions that all versions have.
"""

import json
import sys

from project import create_app, db
from project.api.exercises.models import Exercise
from project.api.users.accounts import add_user
from project.api.users.tokens import issue_token

CASES = 9


def _case(number: int) -> dict[str, object]:
    return {"name": f"case {number}", "kind": "call", "function": "f", "arguments": [number], "expected": number}


def _exercise(cases: int) -> int:
    exercise = Exercise(exercise_body="Define `f`.", grading="server", cases=[_case(number) for number in range(cases)])
    db.session.add(exercise)
    db.session.flush()
    return exercise.id


def main(slow: int, fast: int) -> None:
    """Add accounts for slow and for fast answers, an exercise with one case and one with nine."""
    with create_app().app_context():
        tokens = []
        for number in range(slow + fast):
            user = add_user(f"learner{number}", f"learner{number}@example.org", f"password {number}")
            db.session.commit()
            tokens.append(issue_token(user.id))
        created = {"tokens": tokens, "short": _exercise(1), "long": _exercise(CASES)}
        db.session.commit()
    sys.stdout.write(json.dumps(created))


main(*(int(number) for number in sys.argv[1:]))
