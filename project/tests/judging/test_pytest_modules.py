"""Test modules written for pytest: its fixtures reach the answer, which is in another process."""

from textwrap import dedent

import pytest

from project.judging.problems import Case, Kind
from project.tests.judging.cases import single

HEAD = "import os, sys, random, warnings, pytest, unittest\nimport answer\nfrom answer import *\n"


def outcomes(judge, answer, tests, **more):
    case = Case(name="tests", kind=Kind.UNITTEST, code=HEAD + dedent(tests), **more)
    result = single(judge, dedent(answer), case)
    assert (result.verdict == "accepted") == all(test["outcome"] in ("passed", "skipped") for test in result.tests)
    return {test["name"]: test["outcome"] for test in result.tests}


def test_capsys_has_what_the_answer_prints(judge):
    answer = """
        import sys
        def greet(name):
            print("Hello,", name)
            print("careful", file=sys.stderr)
    """
    tests = """
        def test_both(capsys):
            greet("Ann")
            captured = capsys.readouterr()
            assert captured.out == "Hello, Ann\\n"
            assert captured.err == "careful\\n"
            assert capsys.readouterr() == ("", "")
        def test_twice(capsys):
            greet("Ann")
            out, _ = capsys.readouterr()
            greet("Bob")
            assert out + capsys.readouterr().out == "Hello, Ann\\nHello, Bob\\n"
        def test_not_captured(capsys: pytest.CaptureFixture[str]):
            with capsys.disabled(): greet("Ann")
            assert capsys.readouterr().out == ""
        def test_wrong(capsys):
            greet("Ann")
            assert capsys.readouterr().out == "Hello, Bob\\n"
        class TestGreeting:
            def test_method(self, capsys):
                greet("Ann")
                assert "Ann" in capsys.readouterr().out
    """
    assert outcomes(judge, answer, tests) == {
        "test_both": "passed",
        "test_twice": "passed",
        "test_not_captured": "passed",
        "test_wrong": "failed",
        "TestGreeting.test_method": "passed",
    }


def test_monkeypatch_changes_what_the_answer_meets_and_undoes_it(judge):
    answer = """
        import os, random, sys
        LIMIT = 3
        class Clock:
            def now(self): return 1
        def limit(): return LIMIT
        def now(): return Clock().now()
        def asked(): return input("? ")
        def read(): return sys.stdin.read()
        def home(): return os.environ.get("CITY"), os.getenv("HOME")
        def roll(): return random.randint(1, 6)
        def arguments(): return sys.argv[1:]
    """
    tests = """
        import io
        def test_module(monkeypatch):
            monkeypatch.setattr(answer, "LIMIT", 5)
            assert limit() == 5
        def test_module_by_name(monkeypatch):
            monkeypatch.setattr("answer.LIMIT", 6)
            assert limit() == 6
        def test_undone(): assert limit() == 3 and now() == 1
        def test_class(monkeypatch):
            monkeypatch.setattr(answer.Clock, "now", lambda self: 7)
            assert now() == 7
        def test_input(monkeypatch):
            answers = iter(["a", "b"])
            monkeypatch.setattr("builtins.input", lambda _: next(answers))
            assert asked() + asked() == "ab"
        def test_stdin(monkeypatch):
            monkeypatch.setattr("sys.stdin", io.StringIO("typed"))
            assert read() == "typed"
        def test_environment(monkeypatch: pytest.MonkeyPatch):
            monkeypatch.setenv("CITY", "Ulm")
            monkeypatch.delenv("HOME", raising=False)
            assert home() == ("Ulm", None)
        def test_environment_undone(): assert home() == (None, "/tmp")
        def test_environment_by_mock():
            with unittest.mock.patch.dict(os.environ, {"CITY": "Bonn"}): assert home()[0] == "Bonn"
            assert home()[0] is None
            with unittest.mock.patch.object(os, "environ", {"HOME": "x"}): assert home() == (None, "x")
            assert home() == (None, "/tmp")
        def test_random(monkeypatch):
            monkeypatch.setattr(random, "randint", lambda a, b: b)
            assert roll() == 6
        def test_arguments(monkeypatch):
            monkeypatch.setattr(sys, "argv", ["x", "-v"])
            assert arguments() == ["-v"]
        def test_context(monkeypatch):
            with monkeypatch.context() as m:
                m.setattr(answer, "LIMIT", 8)
                assert limit() == 8
            assert limit() == 3
        def test_items(monkeypatch):
            table = {"a": 1}
            with monkeypatch.context() as m:
                m.setitem(table, "b", 2)
                m.delitem(table, "a")
                assert table == {"b": 2}
            assert table == {"a": 1}
        def test_missing(monkeypatch):
            with pytest.raises(AttributeError): monkeypatch.setattr(answer, "MISSING", 1)
            monkeypatch.setattr(answer, "MISSING", 1, raising=False)
            assert answer.MISSING == 1
        def test_missing_again(): assert not hasattr(answer, "MISSING")
        def test_deleted(monkeypatch):
            monkeypatch.delattr(answer, "LIMIT")
            with pytest.raises(NameError): limit()
    """
    found = outcomes(judge, answer, "import unittest.mock" + dedent(tests))
    assert len(found) == 16
    assert set(found.values()) == {"passed"}


WARNING_ANSWER = """
    import warnings
    class Careful(UserWarning): pass
    def old():
        warnings.warn("use new()", DeprecationWarning)
        return 1
    def careful(n):
        for i in range(n): warnings.warn(f"careful {i}", Careful)
    def silent(): return 2
"""


def test_warnings_of_the_answer_reach_the_test(judge):
    tests = """
        def test_warns():
            with pytest.warns(DeprecationWarning, match="new") as record: assert old() == 1
            assert len(record) == 1 and record[0].category is DeprecationWarning
            assert str(record[0].message) == "use new()"
        def test_call(): pytest.warns(DeprecationWarning, old)
        def test_deprecated():
            with pytest.deprecated_call(): old()
        def test_own_class():
            with pytest.warns(Careful) as record: careful(3)
            assert [str(one.message) for one in record] == ["careful 0", "careful 1", "careful 2"]
        def test_recorder(recwarn):
            old()
            assert recwarn.pop(DeprecationWarning).message.args == ("use new()",)
            assert len(recwarn) == 0
        def test_error():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                with pytest.raises(DeprecationWarning): old()
            assert old() == 1
        def test_ignored():
            with warnings.catch_warnings(record=True) as record:
                warnings.simplefilter("ignore")
                old()
            assert record == []
        class Test(unittest.TestCase):
            def test_unittest(self):
                with self.assertWarns(DeprecationWarning): old()
                with self.assertWarnsRegex(Careful, "careful 1"): careful(2)
        def test_silent():
            with pytest.warns(UserWarning): silent()
        def test_other_class():
            with pytest.warns(Careful): old()
        def test_other_text():
            with pytest.warns(DeprecationWarning, match="nothing"): old()
    """
    found = outcomes(judge, WARNING_ANSWER, tests)
    failing = {"test_silent", "test_other_class", "test_other_text"}
    assert {name for name, outcome in found.items() if outcome == "failed"} == failing
    assert {outcome for name, outcome in found.items() if name not in failing} == {"passed"}
    assert len(found) == 11


def test_what_raises_is_matched(judge):
    tests = """
        def test_match():
            with pytest.raises(ValueError, match=r"no. \\d+"): number("no 1")
        def test_no_match():
            with pytest.raises(ValueError, match="other"): number("no 1")
        def test_tuple():
            with pytest.raises((KeyError, ValueError)) as info: number("x")
            assert info.type is ValueError and info.match("x")
    """
    answer = "def number(text): raise ValueError(f'{text}: no. 5')"
    assert outcomes(judge, answer, tests) == {"test_match": "passed", "test_no_match": "failed", "test_tuple": "passed"}


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
    found = outcomes(judge, CLOCK, "import unittest.mock" + dedent(FIXTURES))
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
    assert outcomes(judge, CLOCK, tests) == {
        "test_broken": "error",
        "test_unknown": "error",
        "test_end": "passed",
        "test_generator": "error",
        "tearDown": "failed",
    }


def test_fixtures_and_marks_may_stand_beside_the_module(judge):
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
    found = outcomes(judge, CLOCK, tests, files=files)
    assert found == {
        "test_both[1]": "passed",
        "test_both[2]": "passed",
        "TestSkipped.test_one[1]": "skipped",
        "TestSkipped.test_one[2]": "skipped",
        "test_rest[1]": "skipped",
        "test_rest[2]": "skipped",
    }


@pytest.mark.parametrize("name", ["pytestmark", "setup_module", "setup_function", "teardown_module"])
def test_an_answer_cannot_take_part_in_the_tests(judge, name):
    answer = f"def {name}(*args): return lambda *args, **more: None\ndef limit(): return 0"
    assert outcomes(judge, answer, "def test_limit(): assert limit() == 3") == {"test_limit": "failed"}
