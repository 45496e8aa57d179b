"""Test modules for pytest: its fixtures affect the answer, which is in another process."""

from textwrap import dedent

from project.tests.judging.cases import pytest_outcomes


def test_capsys_captures_the_output_of_the_answer(judge):
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
    assert pytest_outcomes(judge, answer, tests) == {
        "test_both": "passed",
        "test_twice": "passed",
        "test_not_captured": "passed",
        "test_wrong": "failed",
        "TestGreeting.test_method": "passed",
    }


def test_monkeypatch_affects_the_answer_and_is_undone(judge):
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
    found = pytest_outcomes(judge, answer, "import unittest.mock" + dedent(tests))
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
    found = pytest_outcomes(judge, WARNING_ANSWER, tests)
    failing = {"test_silent", "test_other_class", "test_other_text"}
    assert {name for name, outcome in found.items() if outcome == "failed"} == failing
    assert {outcome for name, outcome in found.items() if name not in failing} == {"passed"}
    assert len(found) == 11


def test_exceptions_are_matched_by_raises(judge):
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
    assert pytest_outcomes(judge, answer, tests) == {
        "test_match": "passed",
        "test_no_match": "failed",
        "test_tuple": "passed",
    }
