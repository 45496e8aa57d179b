"""The table of who may do what: complete, used, and the same in SQL."""

import re

from project import db
from project.config import ROOT
from project.web.permissions import PERMISSIONS, Action, Reach, reach, reaches_all, sql_reaches_all
from project.web.roles import Role


def test_every_action_has_a_rule():
    assert set(PERMISSIONS) == set(Action)


def test_every_action_is_named_by_the_service():
    sources = [
        path for path in (ROOT / "project").rglob("*.py") if "tests" not in path.parts and path.name != "permissions.py"
    ]
    named = {name for path in sources for name in re.findall(r"\bAction\.([A-Z_]+)", path.read_text())}
    assert named == {action.name for action in Action}


def test_no_role_reaches_less_than_one_below_it():
    for action in Action:
        reached = [reach(action, role) for role in (Role.LEARNER, Role.GRADER, Role.ADMIN)]
        assert reached == sorted(reached), action


def test_what_anybody_reaches_with_a_setting_each_role_may_do_without_it():
    for action, rule in PERMISSIONS.items():
        if rule.anybody is not Reach.NOTHING:
            assert all(reach(action, role) is not Reach.NOTHING for role in Role), action


def test_the_sql_condition_agrees_with_the_table(app):
    with app.app_context():
        for action in (action for action in Action if any(reaches_all(action, role) for role in Role)):
            for role in Role:
                statement = f"SELECT {sql_reaches_all(action, ':role')}"
                assert db.session.scalar(db.text(statement), {"role": role}) == reaches_all(action, role), (
                    action,
                    role,
                )
