"""Recording the statements that the service sends, by SQLAlchemy and prepared."""

import re
from contextlib import contextmanager

from sqlalchemy import event

from project.extensions import db
from project.postgres.prepared import StatementPool
from project.tests.plans.plan import Sent

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
HAS_A_PLAN = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


@contextmanager
def statements_of(app, monkeypatch):
    """Collect the statements that an application sends in the block, except those that control transactions."""
    sent = []

    def note(text, values):
        if HAS_A_PLAN.match(text):
            sent.append(Sent(text, tuple(values)))

    def note_session(_, __, text, values, *___):
        names = list(dict.fromkeys(PLACEHOLDER.findall(text)))
        numbered = PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", text).replace("%%", "%")
        note(numbered, [values[name] for name in names])

    def note_prepared(prepared, statement, values):
        note(statement.numbered.decode(), [_text(values[name]) for name in statement.parameters])
        return run(prepared, statement, values)

    run = StatementPool.rows
    with app.app_context(), monkeypatch.context() as patch:
        engine = db.engine
        patch.setattr(StatementPool, "rows", note_prepared)
        event.listen(engine, "before_cursor_execute", note_session)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note_session)


def _text(value):
    return None if value is None else str(value)
