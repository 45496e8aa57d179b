"""Changes that a correct answer makes to containers of the test, which are visible to later statements."""

from project.tests.sandbox.bridge_pair import judge
from project.tests.sandbox.forgeries import module

ANSWER = """
    class Log:
        def __init__(self, entries): self.entries = entries
        def add(self, entry): self.entries.append(entry)
        def drop(self): self.entries.clear()
        def fails(self): self.entries.append("fails"); raise ValueError("log")
        def __enter__(self): self.entries.append("enter"); return self
        def __exit__(self, *error): self.entries.append("exit")
        def __len__(self): self.entries.append("len"); return 3
        def __bool__(self): self.entries.append("bool"); return True
        def __eq__(self, other): self.entries.append("eq"); return True
        def __str__(self): self.entries.append("str"); return "a log"
        def __hash__(self): return 5
        def __getitem__(self, key): self.entries.append(key); return key
        def __setitem__(self, key, value): self.entries.append((key, value))
        def __iadd__(self, entry): self.entries.append(entry); return self
        def __contains__(self, key): self.entries.append(key); return True
        @property
        def last(self): self.entries.append("last"); return self.entries[-1]
    def steps(entries):
        for n in range(3):
            entries.append(n)
            yield n
    def grow(entries, seen):
        entries.append(1)
        seen(entries)
        entries.append(2)
    class Bag(list):
        def put(self, item): self.append(item)
    made = []
    def shared(): return made
    def more(): made.append(len(made))
"""

CHANGES = {
    "a method": "log.add(1)\nassert entries == [1]",
    "a property": "assert log.last == 'last'\nassert entries == ['last']",
    "with": "with log: entries.append('within')\nassert entries == ['enter', 'within', 'exit']",
    "an item": "log[1]\nlog[2] = 3\nassert entries == [1, (2, 3)]",
    "in place": "log += 1\nassert entries == [1]",
    "a generator": """
        walk = steps(entries)
        next(walk)
        assert entries == [0]
        assert list(walk) == [1, 2]
        assert entries == [0, 1, 2]
    """,
    "a generator in a loop": "for n in steps(entries): assert entries == list(range(n + 1))",
    "a comparison": "self.assertTrue(log == Log([]))\nself.assertIn('eq', entries)",
    "a length": "self.assertEqual(len(log), 3)\nself.assertEqual(entries, ['len'])",
    "a text": "self.assertEqual(str(log), 'a log')\nself.assertEqual(entries, ['str'])",
    "truth": "self.assertTrue(log)\nself.assertEqual(entries, ['bool'])",
    "a membership": "self.assertIn(7, log)\nself.assertEqual(entries, [7])",
    "an exception": "self.assertRaises(ValueError, log.fails)\nself.assertEqual(entries, ['fails'])",
    "an exception in a with": "with self.assertRaises(ValueError): log.fails()\nassert entries == ['fails']",
    "an exception in raises": "pytest.raises(ValueError, log.fails)\nassert entries == ['fails']",
    "an argument of an assertion": "self.assertIsNone(log.add(1))\nassert entries == [1]",
    "a loop over something else": "for n in [1, 2, 3]: log.add(n)\nassert entries == [1, 2, 3]",
    "a loop over a copy": """
        entries += [1, 2, 3]
        for n in entries[:]: log.add(n)
        assert entries == [1, 2, 3, 1, 2, 3]
    """,
    "what comes after a loop over it": """
        entries += [1, 2, 3]
        for n in entries: log.drop()
        self.assertEqual(entries, [])
        self.assertEqual(log.entries, [])
    """,
    "a callback": """
        seen = []
        grow(entries, lambda given: seen.append(list(entries)))
        assert seen == [[1]] and entries == [1, 2]
    """,
    "a callback that changes it too": "grow(entries, lambda given: given.append('x'))\nassert entries == [1, 'x', 2]",
    "an instance of a subclass": """
        bag = Bag()
        assert bag == []
        bag.put(1)
        assert bag == [1] and [1] == bag and bag != [] and bag < [2]
        bag += [2]
        self.assertEqual(bag, [1, 2])
        bag.put(3)
        self.assertListEqual(bag, [1, 2, 3])
    """,
    "the test's own change after a comparison": """
        assert log == Log([])
        entries.append("mine")
        log.add("its")
        assert entries[-2:] == ["mine", "its"], entries
        assert log.entries == entries
    """,
    "the test's own change within an assertion": """
        class Adding:
            def __eq__(self, other):
                entries.append("mine")
                other.add("its")
                return True
        self.assertEqual([Adding()], [log])
        log.add("last")
        self.assertEqual(log.entries, entries)
        self.assertIn("mine", entries)
        self.assertEqual(entries[-1], "last")
    """,
    "a container of the answer": """
        mine = shared()
        more()
        assert mine == [0]
        assert shared() is mine
        more()
        self.assertEqual(mine, [0, 1])
    """,
    "threads": """
        threads = [threading.Thread(target=log.add, args=(n,)) for n in range(20)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        self.assertEqual(sorted(entries), list(range(20)))
    """,
    "a thread that goes on": """
        done = threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        log.add(1)
        assert entries == [1]
        done.set()
    """,
    "much": """
        for n in range(2000): log.add(n)
        assert entries == list(range(2000))
    """,
}


TESTS = "import pytest, threading, unittest\nfrom answer_module import *\nclass Test(unittest.TestCase):\n"


def test_a_change_is_visible_to_the_statements_after_it():
    outcome = judge(ANSWER, module(CHANGES, "entries = []\nlog = Log(entries)\n", TESTS))
    assert len(outcome.results) == len(CHANGES)
    assert outcome.passed, [result for result in outcome.results if result["outcome"] != "passed"]
