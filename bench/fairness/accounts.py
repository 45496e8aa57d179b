"""Makes what the benchmark needs in the server's database, in a process of the tree that is measured.

Prints tokens and exercises as JSON. It uses only what all versions have.
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


def main(sleeping: int, honest: int) -> None:
    """Add so many accounts of each kind, an exercise of one case and one of nine."""
    with create_app().app_context():
        tokens = []
        for number in range(sleeping + honest):
            user = add_user(f"learner{number}", f"learner{number}@example.org", f"password {number}")
            db.session.commit()
            tokens.append(issue_token(user.id))
        found = {"tokens": tokens, "short": _exercise(1), "long": _exercise(CASES)}
        db.session.commit()
    sys.stdout.write(json.dumps(found))


main(*(int(number) for number in sys.argv[1:]))
