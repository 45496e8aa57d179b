"""Fixtures, marks and setup functions of test modules for pytest, which an answer cannot change."""

from textwrap import dedent

import pytest

from project.tests.judging.cases import pytest_outcomes

FIXTURES = """
    made = []
    @pytest.fixture
    def clock(): return Clock(8)
    @pytest.fixture
    def late(clock):
        clock.add(60)
        yield clock
        made.append(("end of late", clock.minutes))
    @pytest.fixture(scope="module")
    def shared():
        made.append("shared")
        yield Clock(0)
    @pytest.fixture(params=[1, 2], ids=["one", "two"])
    def minutes(request): return request.param
    @pytest.fixture(autouse=True)
    def always(): made.append("always")
    @pytest.fixture(name="renamed")
    def some_function(): return 5
    @pytest.fixture
    def finalized(request):
        request.addfinalizer(lambda: made.append("finalized"))
        return request.getfixturevalue("renamed")

    def test_one(clock): assert clock.minutes == 8
    def test_fixture_of_fixture(late, clock): assert late is clock and late.minutes == 68
    def test_was_ended(): assert ("end of late", 68) in made
    def test_module_scope(shared): shared.add(1)
    def test_module_scope_again(shared): assert shared.minutes == 1 and made.count("shared") == 1
    def test_parameters(minutes, clock):
        clock.add(minutes)
        assert clock.minutes == 8 + minutes
    @pytest.mark.parametrize("more", [10, pytest.param(20, id="many")])
    def test_product(more, minutes): assert more + minutes > 10
    def test_autouse(): assert made.count("always") == 12
    def test_name(renamed, finalized): assert renamed == finalized == 5
    def test_finalizer(): assert "finalized" in made
    @pytest.fixture
    def doubled(request): return request.param * 2
    @pytest.mark.parametrize("doubled, expected", [(1, 2), (2, 4)], indirect=["doubled"])
    def test_indirect(doubled, expected): assert doubled == expected
    @pytest.mark.usefixtures("finalized")
    @pytest.mark.slow
    def test_used(): assert made[-1] != "finalized"

    class TestClass:
        @pytest.fixture(scope="class")
        def kept(self): return []
        def setup_method(self, method): self.names = [method.__name__]
        @classmethod
        def setup_class(cls): cls.count = 0
        def test_first(self, kept):
            kept.append(1)
            self.__class__.count += 1
            assert self.names == ["test_first"]
        def test_second(self, kept): assert kept == [1] and self.count == 1
    class TestOther(TestClass):
        def test_first(self, kept): assert kept == []
        def test_second(self): assert self.count == 0
    def setup_function(function): function.seen = True
    def test_set_up(): assert test_set_up.seen
    def setup_module(): made.append("module")
    def test_module_step(): assert made.count("module") == 1
    async def test_coroutine(clock): assert await waiting() == 3
    @unittest.mock.patch("answer.LIMIT", 5)
    @unittest.mock.patch("answer.Clock")
    def test_patched(mocked, renamed):
        assert renamed == 5 and answer.Clock is not None and limit() == 5
"""
CLOCK = """
    LIMIT = 3
    class Clock:
        def __init__(self, minutes): self.minutes = minutes
        def add(self, minutes): self.minutes += minutes
    def limit(): return LIMIT
    async def waiting(): return 3
"""


def test_fixtures_of_the_module(judge):
    found = pytest_outcomes(judge, CLOCK, "import unittest.mock" + dedent(FIXTURES))
    assert {name: outcome for name, outcome in found.items() if outcome != "passed"} == {}
    assert {"test_parameters[one]", "test_parameters[two]", "test_product[two-many]", "test_indirect[2-4]"} <= set(
        found
    )
    assert len(found) == 25


def test_a_fixture_that_fails_fails_its_tests(judge):
    tests = """
        @pytest.fixture
        def broken(): return Clock("a", "b")
        @pytest.fixture(scope="module")
        def fails_at_end():
            yield
            assert limit() == 4
        def test_broken(broken): pass
        def test_unknown(unknown): pass
        def test_end(fails_at_end): pass
        def test_generator(): yield 1
    """
    assert pytest_outcomes(judge, CLOCK, tests) == {
        "test_broken": "error",
        "test_unknown": "error",
        "test_end": "passed",
        "test_generator": "error",
        "tearDown": "failed",
    }


def test_fixtures_and_marks_may_be_in_other_modules(judge):
    files = {
        "conftest.py": "import pytest\nfrom answer import Clock\n@pytest.fixture\ndef noon(): return Clock(720)\n",
        "more.py": "import pytest\n@pytest.fixture\ndef other(): return 2\n",
    }
    tests = """
        from more import other
        pytestmark = [pytest.mark.usefixtures("noon"), pytest.mark.parametrize("n", [1, 2])]
        def test_both(noon, other, n): assert noon.minutes == 720 and other == 2 and n < 3
        class TestSkipped:
            pytestmark = pytest.mark.skip
            def test_one(self, n): assert False
        def test_rest(n):
            pytest.importorskip("json")
            pytest.importorskip("numpy")
            assert False
    """
    found = pytest_outcomes(judge, CLOCK, tests, files=files)
    assert found == {
        "test_both[1]": "passed",
        "test_both[2]": "passed",
        "TestSkipped.test_one[1]": "skipped",
        "TestSkipped.test_one[2]": "skipped",
        "test_rest[1]": "skipped",
        "test_rest[2]": "skipped",
    }


@pytest.mark.parametrize("name", ["pytestmark", "setup_module", "setup_function", "teardown_module"])
def test_an_answer_cannot_add_fixtures_or_marks(judge, name):
    answer = f"def {name}(*args): return lambda *args, **more: None\ndef limit(): return 0"
    assert pytest_outcomes(judge, answer, "def test_limit(): assert limit() == 3") == {"test_limit": "failed"}
