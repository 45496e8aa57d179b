"""Concept exercises of a track: tests that are marked with tasks, tell what they called, and have data beside them."""

import json

import pytest

from project.tests.exercises.folders import write

TEST = '''
import inspect
import unittest
import pytest

try:
    from bakery import (OVEN_DEGREES, count_loaves, dough_of, bake)
except ImportError as import_fail:
    item_name = import_fail.args[0].split()[3]
    raise ImportError(f"\\n\\nMISSING --> {item_name}: did you forget to define it?") from None

from bakery_flours import FLOURS, WHOLE
from bakery_test_data import doughs


class BakeryTest(unittest.TestCase):
    """Tests of the bakery."""

    @pytest.mark.task(taskno=1)
    def test_constant(self):
        self.assertEqual(OVEN_DEGREES, 230, msg="Expected a constant.")

    @pytest.mark.task(taskno=2)
    def test_count_loaves(self):
        for variant, (trays, expected) in enumerate(zip([(1, 2), (3,), ()], [3, 3, 0]), start=1):
            with self.subTest(f"variation #{variant}", trays=trays, expected=expected):
                actual_result = count_loaves(*trays)
                error_message = f"Called count_loaves{trays}. It returned {actual_result}, not {expected}."
                self.assertEqual(actual_result, expected, msg=error_message)

    @pytest.mark.task(taskno=3)
    def test_dough(self):
        for variant, (name, expected) in enumerate(doughs, start=1):
            with self.subTest(f"variation #{variant}", name=name, expected=expected):
                self.assertIsInstance(dough_of(name), set, msg=f"You returned a {type(dough_of(name))}.")
                self.assertEqual(dough_of(name), expected)
        self.assertTrue(WHOLE <= FLOURS)

    @pytest.mark.task(taskno=4)
    def test_bake_is_a_generator(self):
        self.assertTrue(inspect.isgenerator(bake(2)), msg=f"It is a {type(bake(2))}.")
        self.assertEqual(list(bake(2)), ["loaf 1", "loaf 2"])

    @pytest.mark.task(taskno=5)
    def test_docstrings(self):
        for variant, function in enumerate([count_loaves, dough_of, bake], start=1):
            with self.subTest(f"variation #{variant}", function=function):
                self.assertIsNotNone(function.__doc__, msg=f"Expected a docstring for `{function.__name__}`.")
'''
EXEMPLAR = '''
"""A bakery."""

from bakery_flours import FLOURS

OVEN_DEGREES = 230


def count_loaves(*trays):
    """Add up."""
    return sum(trays)


def dough_of(name):
    """Return the flours of a dough."""
    return {flour for flour in FLOURS if flour in name}


def bake(loaves):
    """Bake one after the other."""
    for number in range(loaves):
        yield f"loaf {number + 1}"
'''
STUB = '''
"""A bakery."""

from bakery_flours import FLOURS

# TODO: define the 'OVEN_DEGREES' constant


def count_loaves():
    """Add up."""

    pass
'''
FILES = {
    ".docs/instructions.md": "Bake.\n",
    ".docs/introduction.md": "Bread.\n",
    ".meta/design.md": "x",
    ".meta/exemplar.py": EXEMPLAR,
    "bakery.py": STUB,
    "bakery_test.py": TEST,
    "bakery_flours.py": "FLOURS = {'rye', 'spelt', 'wheat'}\nWHOLE = {'rye'}\n",
    "bakery_test_data.py": "from bakery_flours import WHOLE\ndoughs = [('all rye', WHOLE), ('x', set())]\n",
}
CONFIG = {
    "authors": ["me"],
    "files": {
        "solution": ["bakery.py"],
        "test": ["bakery_test.py"],
        "exemplar": [".meta/exemplar.py"],
        "editor": ["bakery_test_data.py", "bakery_flours.py"],
    },
}


@pytest.fixture
def concept(tmp_path):
    """Write the exercise as a track has it; its folder is not called as its files are."""

    def made(**files):
        folder = tmp_path / "exercises/concept/berts-brilliant-bakery"
        return write(folder, {**FILES, ".meta/config.json": json.dumps(CONFIG), **files})

    return made


def test_a_concept_exercise_is_imported_with_the_modules_beside_it(run, tmp_path, concept, stored):
    concept()
    assert run(tmp_path)[:2] == (0, (1, 0, 0, 0))
    exercise = stored()["berts-brilliant-bakery"]
    (case,) = exercise["cases"]
    assert (exercise["title"], exercise["exercise_body"]) == ("Berts Brilliant Bakery", "Bread.\n\nBake.\n")
    assert (case["module"], [*case["files"]], [*case["answer_files"]]) == (
        "bakery",
        ["bakery_test_data.py"],
        ["bakery_flours.py"],
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("230", "23"),
        ("sum(trays)", "len(trays)"),
        ("if flour in name", "if flour != name"),
        ('yield f"loaf {number + 1}"', "pass"),
        ('    """Add up."""\n', ""),
        ("def bake", "def cook"),
    ],
)
def test_one_of_its_tasks_done_wrong_is_no_reference(run, tmp_path, concept, right, wrong):
    concept(**{".meta/exemplar.py": EXEMPLAR.replace(right, wrong)})
    assert run(tmp_path)[:2] == (1, (0, 0, 0, 1))


def test_a_stub_that_does_it_all_is_refused(run, tmp_path, concept):
    concept(**{"bakery.py": EXEMPLAR})
    assert run(tmp_path)[:2] == (1, (0, 0, 0, 1))
