"""Objects of the test that the answer uses: functions, fakes, mocks, files, streams; and many of them at once."""

import pytest

from project.tests.sandbox.bridge_pair import judge

CASES = {}

CASES["functions of the test"] = (
    """
    import concurrent.futures, functools
    class Sheet:
        def __init__(self): self.cells, self.watchers = {}, []
        def watch(self, watcher): self.watchers.append(watcher)
        def forget(self, watcher): self.watchers.remove(watcher)
        def put(self, name, value):
            self.cells[name] = value() if callable(value) else value
            for watcher in self.watchers: watcher(name, new=self.cells[name])
    def fold(function, items, start): return functools.reduce(function, items, start)
    def by(items, key): return sorted(items, key=key)
    def taken(items, n): return [item for item, _ in zip(items, range(n))]
    def pooled(function, items):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(function, items))
    def shouted(function):
        @functools.wraps(function)
        def shout(*args, **kwargs): return function(*args, **kwargs).upper()
        return shout
    def forever(function, n=0): return forever(function, function(n))
    def there_and_back(function): return function(lambda: there_and_back(function))
    def tried(function):
        try: return function()
        except KeyError as error: return error.args
        finally: function()
    """,
    """
    import functools, itertools, operator, unittest
    from answer_module import *
    class Test(unittest.TestCase):
        def test_watchers(self):
            sheet, seen = Sheet(), []
            note = functools.partial(lambda log, name, new: log.append((name, new)), seen)
            other = lambda name, new: self.fail("forgotten")
            sheet.watch(note)
            sheet.watch(other)
            sheet.forget(other)
            sheet.put("a", 1)
            sheet.put("b", lambda: sheet.cells["a"] + 1)
            self.assertEqual(seen, [("a", 1), ("b", 2)])
        def test_functions(self):
            self.assertEqual(fold(operator.mul, [2, 3], 4), 24)
            self.assertEqual(fold(lambda a, b: a + [b], [2, 3], []), [2, 3])
            self.assertEqual(by(["bb", "a"], key=len), ["a", "bb"])
            self.assertEqual(by(["b", "A"], key=str.lower), ["A", "b"])
            self.assertEqual(taken(itertools.count(5), 2), [5, 6])
            self.assertEqual(taken((n * n for n in range(9)), 3), [0, 1, 4])
            self.assertEqual(pooled(lambda n: n + 1, range(30)), list(range(1, 31)))
        def test_decorators(self):
            @shouted
            def greet(name, sign="!"):
                "Greets."
                return "hello " + name + sign
            self.assertEqual(greet("ada", sign="?"), "HELLO ADA?")
            self.assertEqual((greet.__name__, greet.__doc__), ("greet", "Greets."))
        def test_depths(self):
            steps = []
            with self.assertRaises(RecursionError):
                forever(lambda n: steps.append(n) or n + 1)
            self.assertGreater(len(steps), 500)
            with self.assertRaises(RecursionError):
                there_and_back(lambda function: function())
            self.assertEqual(fold(max, [1], 0), 1)
        def test_exceptions_on_their_way_through(self):
            class Own(Exception): pass
            error = Own("x")
            def fails(*args): raise error
            with self.assertRaises(Own) as err:
                fold(fails, [1], 0)
            self.assertIs(err.exception, error)
            self.assertEqual(tried(iter([{}, 2]).__next__), {})
            with self.assertRaises(KeyError):
                tried(lambda: {}["k"])
    """,
)

CASES["mocks and fakes"] = (
    """
    import random, time
    class Meter:
        def __init__(self, pipe): self.pipe, self.count = pipe, 0
        def __enter__(self): return self
        def __exit__(self, *error): return self.pipe.__exit__(*error)
        def read(self, size, flags=0):
            data = self.pipe.read(size, flags)
            self.count += len(data)
            return data
    class Child(dict):
        def __init__(self, *args): super().__init__(*args); self.size = 0
        def get(self, key): return super().get(key)
    def report(client, path):
        answer = client.post(path, json={"n": 1})
        client.last = path
        return answer.json()["id"] + client.offset
    def lines(name):
        with open(name, encoding="utf-8") as file:
            return [line.rstrip() for line in file]
    def roll(): return random.randint(1, 6), time.time()
    def greet(): print("Hello", input("Name? "))
    """,
    """
    import contextlib, inspect, io, time, unittest
    from unittest import mock
    import answer_module
    from answer_module import Child, Meter, greet, lines, report, roll
    from support import Broken, Pipe
    class Stand:
        made, within = 0, None
        def __init__(self): self.made += 1
        def __call__(self):
            names = [(frame.function, frame.filename) for frame in inspect.stack()]
            inside = any(function == "__init__" and "answer_module" in name for function, name in names)
            return self if inside else self.within
    class Test(unittest.TestCase):
        def test_fake(self):
            pipe = mock.NonCallableMagicMock(wraps=Pipe(b"abcdef"))
            pipe.__exit__.side_effect = Pipe(b"").__exit__
            with Meter(pipe) as meter:
                self.assertEqual(meter.read(4) + meter.read(4, flags=2), b"abcdef")
            self.assertEqual(meter.count, 6)
            pipe.__exit__.assert_called_once_with(None, None, None)
            self.assertEqual(pipe.read.mock_calls, [mock.call(4, 0), mock.call(4, 2)])
            with self.assertRaisesRegex(Broken, "closed") as err:
                with Meter(Pipe(None)) as meter:
                    meter.read(1)
            self.assertEqual(err.exception.code, 9)
            with Meter(Pipe(None, forgive=True)) as meter:
                meter.read(1)
        @mock.patch("answer_module.super", create=True, new_callable=Stand)
        def test_super(self, stand):
            stand.within = mock.Mock(**{"get.return_value": 5})
            child = Child()
            self.assertEqual((stand.made, child.size, child.get("k")), (2, 0, 5))
            stand.within.get.assert_called_once_with("k")
        def test_mock(self):
            client = mock.Mock(offset=100)
            client.post.return_value.json.return_value = {"id": 7}
            self.assertEqual(report(client, "/x"), 107)
            client.post.assert_called_once_with("/x", json={"n": 1})
            self.assertEqual(client.last, "/x")
        @mock.patch("answer_module.open", create=True, side_effect=lambda name, **_: io.StringIO("a\\nb\\n"))
        def test_files(self, opened):
            self.assertEqual(lines("any"), ["a", "b"])
            opened.assert_called_once_with("any", encoding="utf-8")
        def test_modules_of_the_answer(self):
            with mock.patch("answer_module.random.randint", return_value=9), mock.patch("time.time") as ours:
                self.assertEqual(roll()[0], 9)
            ours.assert_called_once_with()
            self.assertIn(roll()[0], range(1, 7))
            with mock.patch.object(answer_module, "roll", return_value=1):
                self.assertEqual(answer_module.roll(), 1)
            self.assertEqual(len(answer_module.roll()), 2)
        @mock.patch("builtins.input", side_effect=["Ada", "Bob"])
        def test_streams(self, asked):
            with contextlib.redirect_stdout(io.StringIO()) as output:
                greet()
            with mock.patch("builtins.print") as printed:
                greet()
            self.assertEqual(output.getvalue(), "Hello Ada\\n")
            printed.assert_called_once_with("Hello", "Bob")
    """,
)
SUPPORT = """
class Broken(OSError):
    code = 9
class Pipe:
    def __init__(self, data, forgive=False):
        self.data, self.forgive = data, forgive
    def read(self, size, flags=0):
        if self.data is None:
            raise Broken("closed")
        head, self.data = self.data[:size], self.data[size:]
        return head
    def __exit__(self, kind, error, traceback):
        return self.forgive and issubclass(kind, Broken) and error.code == 9
"""

CASES["a thousand"] = (
    """
    import threading
    class Till:
        def __init__(self): self.lock, self.sum = threading.Lock(), 0
        def add(self, n):
            with self.lock: self.sum += n
    class Step:
        def __init__(self, n): self.n, self.next = n, None
    """,
    """
    import sys, threading, time, unittest
    from answer_module import Step, Till
    class Test(unittest.TestCase):
        def test_threads(self):
            till = Till()
            def work():
                for _ in range(5):
                    till.add(3)
                    time.sleep(0.001)
                    till.add(-2)
            sys.setswitchinterval(1e-12)
            threads = [threading.Thread(target=work) for _ in range(200)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            self.assertEqual(till.sum, 1000)
        def test_calls(self):
            step = Step(0)
            for _ in range(1000): step.n += 1
            self.assertEqual(step.n, 1000)
        def test_objects(self):
            last = None
            for n in range(1000):
                step = Step(n)
                step.next, last = last, step
            self.assertEqual(last.next.next.n, 997)
            self.assertEqual(sum(Step(n).n for n in range(1000)), 499500)
    """,
)


@pytest.mark.parametrize("case", CASES)
def test_the_answer_uses_objects_of_the_test(case):
    outcome = judge(*CASES[case], files={"support.py": SUPPORT})
    assert outcome.passed, outcome.results
