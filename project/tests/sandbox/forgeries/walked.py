"""Containers that change while a test goes over them, and objects of the test that the answer changes."""

_LIST = "def f(): return arm([Sly(1), Sly('WRONG'), Sly('WRONG')])"
_SHORT = "def f(): return arm({'a': Sly(), 'x': 'WRONG'})"
_HELD = "def f(d): d.update(a=Sly(), x='WRONG'); arm(d); return d"

_ADDED = "def f(held): held.extend([Sly(1), Sly('WRONG'), Sly('WRONG')]); arm(held)"

FORGERIES = {
    "for, with a property": (_LIST, """
        for one in f():
            self.assertEqual(one.x, 1)
    """),
    "for, with a call": (_LIST, """
        for one in f():
            assert one.get() == 1
    """),
    "zip": (_LIST, """
        result = f()
        self.assertEqual(len(result), 3)
        for one, x in zip(result, (1, 2, 3)):
            self.assertEqual(one.x, x)
    """),
    "enumerate": (_LIST, """
        for n, one in enumerate(f(), 1):
            self.assertEqual(one.get(), n)
    """),
    "reversed": ("def f(): return arm([Sly('WRONG'), Sly('WRONG'), Sly(1)])", """
        for one in reversed(f()):
            self.assertEqual(one.get(), 1)
    """),
    "values": ("def f(): return arm({'a': Sly(1), 'b': Sly('WRONG')})", """
        for one in f().values():
            self.assertEqual(one.get(), 1)
    """),
    "all": (_LIST, "self.assertTrue(all(one.get() == 1 for one in f()))"),
    "all of a list": (_LIST, "self.assertTrue(all([one.get() == 1 for one in f()]))"),
    "all, of truth": ("def f(): return arm([Sly(), 0, 0])", "self.assertTrue(all(f()))"),
    "any": ("def f(): return arm([Sly(1), 'WRONG'])", "assert not any(one == 'WRONG' for one in f() if one or True)"),
    "map": (_LIST, "self.assertTrue(all(map(lambda one: one.get() == 1, f())))"),
    "map of the answer's": (_LIST + "\nok = lambda one: one.x == 1", "assert list(map(ok, f())) == [True] * 3"),
    "starmap": (_LIST, "assert all(itertools.starmap(lambda one, x: one.get() == x, zip(f(), (1, 2, 3))))"),
    "filter": (_LIST, "self.assertEqual([one for one in filter(lambda one: one.get() != 1, f())], [])"),
    "reduce": (_LIST, "assert functools.reduce(lambda so_far, one: so_far and one.get() == 1, f(), True)"),
    "an iterator by hand": (_LIST, """
        walk = iter(f())
        self.assertEqual(next(walk).get(), 1)
        for one in walk:
            self.assertEqual(one.get(), 1)
    """),
    "a function of the test": (_LIST, """
        def same(one, other):
            if isinstance(one, list):
                return all(same(a, b) for a, b in zip(one, other))
            return one.get() == other
        result = f()
        assert len(result) == 3
        assert same(result, [1, 2, 3])
    """),
    "what was given": ("def f(given): return [(arm(given), Sly(None))[1] for _ in given]", """
        given = [1, 2, 3]
        result = f(given)
        for n, one in enumerate(given):
            self.assertEqual(result[n].get(), one)
    """),
    "a matcher": (_SHORT, "self.assertEqual(f(), {'a': Near(1), 'b': 5})"),
    "a matcher on the left": (_SHORT, "self.assertEqual({'a': Near(1), 'b': 5}, f())"),
    "a matcher, bare": (_SHORT, "assert f() == {'a': Near(1), 'b': 5}"),
    "a matcher that calls": (_SHORT, "self.assertEqual(f(), {'a': Calling(1), 'b': 5})"),
    "a matcher without a name": (_SHORT, "assert f() == {'a': Unnamed(), 'b': 5}"),
    "a matcher in a view": (_SHORT, "assert f().items() == {'a': Calling(1), 'b': 5}.items()"),
    "a matcher, operator.eq": (_SHORT, "assert operator.eq(f(), {'a': Calling(1), 'b': 5})"),
    "a matcher of a function": (_SHORT, """
        class Matcher:
            def __eq__(self, other): return check(other)
        def check(other): return other.get() == 1
        self.assertEqual(f(), {'a': Matcher(), 'b': 5})
    """),
    "a dataclass": (_SHORT, """
        @dataclasses.dataclass
        class Both(Pair):
            def __eq__(self, other): return self.one == other.one and self.two.get() == other.two
        self.assertEqual(Both({'a': Near(1), 'b': 5}, Sly(1)), Both(f(), 1))
    """),
    "an ordered dict of the test": (_HELD, """
        held = collections.OrderedDict()
        self.assertEqual(f(held), {'a': Sly(), 'b': 5})
    """),
    "a counter of the test": (_HELD, "assert dict.__eq__(f(collections.Counter()), {'a': Sly(), 'b': 5}) is True"),
    "a method of a dict of the test": (
        ("class Clears:\n    def __init__(self, clear): self.clear = clear\n"
        "def f(put, clear): put('a', Sly()); put('x', 'WRONG'); armed.append(Clears(clear))"),
        """
        held = {}
        f(held.__setitem__, held.clear)
        self.assertEqual(held, {'a': Sly(), 'b': 5})
        """,
    ),
    "a list of the test's own class": (_ADDED, """
        class Items_(list): pass
        held = Items_()
        f(held)
        self.assertEqual(len(held), 3)
        for one, x in zip(held, (1, 2, 3)):
            self.assertEqual(one.get(), x)
    """),
    "a list of the test's own class, by a method": (
        ("class Clears:\n    def __init__(self, clear): self.clear = clear\n"
        "def f(append, clear): [append(Sly(x)) for x in (1, 'WRONG', 'WRONG')]; armed.append(Clears(clear))"),
        """
        class Items_(list): pass
        held = Items_()
        f(held.append, held.clear)
        self.assertEqual(len(held), 3)
        for n, one in enumerate(held, 1):
            self.assertEqual(one.get(), n)
        """,
    ),
    "a user's dict": (_HELD, "self.assertEqual(f(collections.UserDict()).data, {'a': Sly(), 'b': 5})"),
    "an object of the test": (
        ("class Sets:\n    def __init__(self, box): self.box = box\n    def clear(self): self.box.y = 1\n"
        "def f(box): box.a, box.x = Sly(), 'WRONG'; armed.append(Sets(box)); return box"),
        """
        class Box: pass
        self.assertEqual(vars(f(Box())), {'a': Sly(), 'b': 5})
        """,
    ),
    "plain values that differ": (
        ("count = []\ndef base(self, target): count.append(1); return [len(count)]\n"
        "_learner.LearnerSide._base = base\ndef f(): return Items()"),
        "assert f() in [[2], [3], [4], [5]][::-1] and False or f() in [[n] for n in range(20, 90)]",
    ),
    "plain values between two bounds": (
        ("count = []\ndef base(self, target): count.append(1); return [10 - len(count)]\n"
        "_learner.LearnerSide._base = base\ndef f(): return Items()"),
        """
        result = f()
        self.assertGreater(result, [8])
        self.assertLess(result, [9])
        """,
    ),
    "hashes that differ": (
        ("count = []\nclass Odd:\n    def __hash__(self): count.append(1); return len(count)\n"
        "    def __eq__(self, other): return True\ndef f(): return Odd()"),
        "one = f()\nself.assertNotEqual(hash(one), hash(one))",
    ),
}  # fmt: skip

# By a forger's answer, the right one for the tests that it is the right one for.
TWINS = {
    _SHORT: "def f(): return {'a': Sly(), 'b': 5}",
    _HELD: "def f(d): d.update(a=Sly(), b=5); return d",
    _ADDED: "def f(held): held.extend([Sly(1), Sly(2), Sly(3)])",
}
