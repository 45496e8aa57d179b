"""Random wrong containers that change during a comparison: none may pass.

The tests compare them with containers that have objects of the answer's class `Lie`, as tests about classes do. The
answer decides when two of these are equal, and uses the call to change the containers around it.
"""

import random
import secrets

import pytest

from project.tests.sandbox.bridge_pair import judge

FORGERIES = 60  # of each form of comparison, in one test module

# Returns the value number `n` with an object at some places. When such objects are compared, containers change.
ANSWER = """
    CASES = {cases!r}
    class Lie:
        __hash__ = None
        def __init__(self, forgery=None): self.forgery = forgery
        def __eq__(self, other): (self.forgery or other.forgery).turn(); return True
    class Forgery:
        def __init__(self, given, lies, turns, right):
            self.value, self.right, self.turns, self.calls = given, right, turns, 0
            for path in lies: at(given, path[:-1])[path[-1]] = Lie(self)
            self.containers = {{path: at(given, path) for changes in turns.values() for path, _ in changes}}
        def turn(self):
            self.calls += 1
            for path, change in self.turns.get(self.calls, ()):
                container = self.containers[path]
                container.clear()
                if change == "right":
                    (container.extend if isinstance(container, list) else container.update)(at(self.right, path))
    def at(value, path):
        for key in path: value = value[key]
        return value
    def forged(n): return Forgery(*CASES[n]).value
"""
FORMS = {
    "==": "self.assertTrue(forged({n}) == {right!r})",
    "== from the right": "self.assertTrue({right!r} == forged({n}))",
    "!=": "self.assertFalse(forged({n}) != {right!r})",
    "assertEqual": "self.assertEqual(forged({n}), {right!r})",
    "assertEqual from the right": "self.assertEqual({right!r}, forged({n}))",
    "in": "self.assertIn(forged({n}), [{right!r}])",
    "within": "self.assertEqual([forged({n})], [{right!r}])",
    "in a tuple": "self.assertTrue(({right!r}, 1) == (forged({n}), 1))",
}


class Lie:
    def __repr__(self):
        return "Lie()"


def paths(value, path=()):
    """Return the paths of its containers and of its items."""
    keys = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else None
    if keys is None:
        return [], [path]
    containers, items = [path], []
    for key in keys:
        inner = paths(value[key], (*path, key))
        containers += inner[0]
        items += inner[1]
    return containers, items


def make_value(rng, depth=3):
    if depth == 0 or (depth < 3 and rng.random() < 0.4):
        return rng.randrange(9)
    items = [make_value(rng, depth - 1) for _ in range(rng.randrange(1, 5))]
    return items if rng.random() < 0.5 else dict(zip("dabc", items, strict=False))


def spoil(rng, value, path):
    """Return the value with one item changed, or with a container too short."""
    if not path:
        return 9 if not isinstance(value, list | dict) else type(value)()
    wrong = value.copy()
    if len(path) == 1 and rng.random() < 0.3:
        del wrong[path[0]]
    else:
        wrong[path[0]] = spoil(rng, value[path[0]], path[1:])
    return wrong


def make_forgery(rng, *, is_wrong):
    """Return a value, its items that equal everything, the changes that they make, and the correct value."""
    while True:
        right = make_value(rng)
        items = paths(right)[1]
        if len(items) > 2:
            break
    given = spoil(rng, right, rng.choice(items)) if is_wrong else right
    containers, candidates = paths(given)
    same = [path for path in candidates if path in items and look_up(given, path) == look_up(right, path)]
    lies = rng.sample(same, min(len(same), rng.randrange(1, 4)))
    changed = [path for path in containers if is_container(right, path)]
    turns = {
        call: [(rng.choice(changed), rng.choice(["clear", "right"])) for _ in range(rng.randrange(1, 4))]
        for call in rng.sample(range(1, 6), rng.randrange(1, 5))
    }
    return given, lies, turns if is_wrong else {}, right


def with_lies(value, lies, path=()):
    """Return the value as a test expects it."""
    if path in lies:
        return Lie()
    if isinstance(value, list):
        return [with_lies(item, lies, (*path, index)) for index, item in enumerate(value)]
    return (
        {key: with_lies(item, lies, (*path, key)) for key, item in value.items()} if isinstance(value, dict) else value
    )


def look_up(value, path):
    for key in path:
        value = value[key]
    return value


def is_container(value, path):
    try:
        return isinstance(look_up(value, path), list | dict)
    except (KeyError, IndexError, TypeError):
        return False


def judge_all(cases, form):
    tests = ""
    for n, (_, lies, _, right) in enumerate(cases):
        tests += (
            f"        def test_{n:03}(self):\n            {FORMS[form].format(n=n, right=with_lies(right, lies))}\n"
        )
    return judge(
        ANSWER.format(cases=cases),
        f"    import unittest\n    from answer_module import Lie, forged\n    class Test(unittest.TestCase):\n{tests}",
    )


@pytest.fixture
def seed():
    """Return a random seed, which pytest shows as the value of the fixture when a test fails."""
    return secrets.randbits(32)


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_container_that_changes_during_a_comparison_does_not_pass(form, seed):
    rng = random.Random(seed)
    cases = [make_forgery(rng, is_wrong=True) for _ in range(FORGERIES)]
    outcomes = judge_all(cases, form).outcomes
    assert len(outcomes) == FORGERIES
    assert [cases[int(name[-3:])] for name, outcome in outcomes.items() if outcome == "passed"] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_correct_container_with_such_objects_passes(form, seed):
    rng = random.Random(seed)
    outcomes = judge_all([make_forgery(rng, is_wrong=False) for _ in range(FORGERIES)], form).outcomes
    assert set(outcomes.values()) == {"passed"}
