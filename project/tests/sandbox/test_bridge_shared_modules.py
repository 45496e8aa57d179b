"""Modules with shared classes, and when they are imported."""

import pytest

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.shared_shapes import SHAPES


def test_a_module_is_shared_whichever_side_imports_it_first():
    late = """
    import unittest
    import answer_module
    from answer_module import *
    class Test(unittest.TestCase):
        def test_late(self):
            import shapes
            self.assertTrue(isinstance(f(), shapes.Shape) and is_shape(shapes.Shape()))
    """
    answer = "def f():\n import shapes\n return shapes.Shape()\ndef is_shape(x):\n import shapes\n"
    answer += " return isinstance(x, shapes.Shape)"
    assert judge(answer, late, shared={"shapes.py": SHAPES}).passed


def test_a_module_that_only_one_side_can_import_leaves_its_classes_apart():
    broken = """
    import sys
    if "inside.bridge.tester" in sys.modules: raise ImportError("no")
    class Own: x = 5
    class Err(Exception): pass
    """
    tests = """
    import unittest
    from answer_module import f, g
    class Test(unittest.TestCase):
        def test_broken(self):
            self.assertEqual(f().x, 5)  # of the module broken
            with self.assertRaises(Exception) as caught: g()
            self.assertEqual(type(caught.exception).__name__, "Err")
    """
    answer = "import broken\ndef f(): return broken.Own()\ndef g(): raise broken.Err()"
    assert judge(answer, tests, shared={"broken.py": broken}).passed


def test_a_class_whose_module_imports_the_answer_is_shared():
    circular = "import answer_module\nclass Own: pass\n"
    tests = """
    import unittest
    import answer_module
    class Test(unittest.TestCase):
        def test_circular(self):
            import circular
            self.assertIsInstance(answer_module.f(), circular.Own)
    """
    answer = "def f():\n import circular\n return circular.Own()"
    assert judge(answer, tests, shared={"circular.py": circular}).passed


def test_a_star_import_of_the_answer_adds_no_tests():
    shared = "class TestHelper:\n    def test_nothing(self): pass\nclass TestPaper: pass\n"
    answer = "from helpers import *\nTestAll = TestHelper"
    tests = "from answer_module import *\nimport helpers\ndef test_own(): assert TestPaper is helpers.TestPaper"
    assert judge(answer, tests, shared={"helpers.py": shared}).outcomes == {"test_own": "passed"}


@pytest.mark.parametrize("kind", ["int", "str", "list", "dict"])
def test_a_subclass_of_what_derives_from_a_builtin_class_is_an_instance(kind):
    tests = """
    import unittest
    from answer_module import f
    from base import Base
    class Test(unittest.TestCase):
        def test_kind(self):
            self.assertIsInstance(f(), Base)
            self.assertEqual(f(), KIND())
    """.replace("KIND", kind)
    answer = "from base import Base\nclass Own(Base): pass\ndef f(): return Own()"
    assert judge(answer, tests, shared={"base.py": f"class Base({kind}): pass"}).passed
