"""Containers that empty themselves while CPython compares them."""

_DICT = "def f(): return arm({'a': Sly(), 'x': 'WRONG', 'y': 'WRONG'})"
_SHORT = "def f(): return arm({'a': Sly(), 'x': 'WRONG'})"
_NESTED = "def f(): return {'k': [arm({'a': Sly(), 'x': 'WRONG'})]}"
_SET = "def f(): return arm({Sly(), 'WRONG'})"
_MANY = "def f(): return arm([Sly(), 'WRONG'])"
_PLAIN = "def f(): return arm({'a': Items([1]), 'x': 'WRONG'})"
_KEYS = "def f(): return arm({Sly(): 1, 'x': 'WRONG'})"

FORGERIES = {
    "assertEqual": (_DICT, "self.assertEqual(f(), {'a': Sly(1, 2), 'b': 5, 'c': [7]})"),
    "as the second operand": (_DICT, "self.assertEqual({'a': Sly(1, 2), 'b': 5, 'c': [7]}, f())"),
    "assertDictEqual": (_DICT, "self.assertDictEqual(f(), {'a': Sly(1, 2), 'b': 5, 'c': [7]})"),
    "==": (_SHORT, "self.assertTrue(f() == {'a': Sly(), 'b': 5})"),
    "== from the right": (_SHORT, "self.assertTrue({'a': Sly(), 'b': 5} == f())"),
    "!=": (_SHORT, "self.assertFalse(f() != {'a': Sly(), 'b': 5})"),
    "a bare assert": (_SHORT, "assert f() == {'a': Sly(), 'b': 5}"),
    "not": (_SHORT, "assert not f() != {'a': Sly(), 'b': 5}"),
    "operator.eq": (_SHORT, "assert operator.eq(f(), {'a': Sly(), 'b': 5})"),
    "map of operator.eq": (_SHORT, "assert all(map(operator.eq, [f()], [{'a': Sly(), 'b': 5}]))"),
    "keywords": (_SHORT, "self.assertEqual(second=f(), first={'a': Sly(), 'b': 5})"),
    "nested": (_NESTED, "self.assertEqual(f(), {'k': [{'a': Sly(), 'b': 5}]})"),
    "nested, in a tuple": ("def f(): return (1, arm({'a': Sly(), 'x': 0}))", "assert f() == (1, {'a': Sly(), 'b': 5})"),
    "assertListEqual": (_NESTED, "self.assertListEqual(f()['k'], [{'a': Sly(), 'b': 5}])"),
    "assertSequenceEqual": (_NESTED, "self.assertSequenceEqual(f()['k'], [{'a': Sly(), 'b': 5}])"),
    "assertCountEqual": (_NESTED, "self.assertCountEqual(f()['k'], [{'a': Sly(), 'b': 5}])"),
    "assertIn": (_SHORT, "self.assertIn(f(), [{'b': 5, 'a': Sly()}])"),
    "in": (_SHORT, "assert f() in [{'a': Sly(), 'b': 5}]"),
    "index": (_SHORT, "self.assertEqual([{'a': Sly(), 'b': 5}].index(f()), 0)"),
    "count": (_SHORT, "self.assertEqual([{'a': Sly(), 'b': 5}].count(f()), 1)"),
    "views": (_SHORT, "self.assertEqual(f().items(), {'a': Sly(), 'b': 5}.items())"),
    "views, a part": (_SHORT, "self.assertLessEqual(f().items(), {'a': Sly(), 'b': 5}.items())"),
    "keys": (_KEYS, "self.assertEqual(f().keys(), {Sly(): 1, 'b': 5}.keys())"),
    "an object as a key": (_KEYS, "self.assertEqual(f(), {Sly(): 1, 'b': 5})"),
    "an ordered dict": (_SHORT, "self.assertEqual(collections.OrderedDict(a=Sly(), b=5), f())"),
    "sets": (_SET, "self.assertEqual(f(), {Sly(), 5})"),
    "sets, a part": (_SET, "self.assertLessEqual(f(), {Sly(), 5})"),
    "sets, issubset": (_SET, "self.assertTrue(f().issubset({Sly(), 5}))"),
    "sets, issuperset": (_SET, "self.assertTrue({Sly(), 5}.issuperset(f()))"),
    "assertSetEqual": (_SET, "self.assertSetEqual(f(), {Sly(), 5})"),
    "sets, what is left": (_SET, "self.assertEqual(f() - {Sly(), 5}, set())"),
    "a set in a list": ("def f(): return [arm({Sly(), 'WRONG'})]", "assert f() == [{Sly(), 5}]"),
    "both lists": ("def f(given): arm(given); return arm([Sly(), 'WRONG'])", """
        expected = [Sly(), 5]
        self.assertEqual(f(expected), expected)
    """),
    "both dicts": ("def f(given): arm(given); return arm({'a': Sly(), 'x': 'WRONG'})", """
        expected = {'a': Sly(), 'b': 5}
        self.assertEqual(f(expected), expected)
    """),
    "a list": (_MANY, "self.assertEqual(f(), [Sly(), 5])"),
    "a deque": (
        "import collections\ndef f(): return arm(collections.deque([Sly(), 'WRONG']))",
        "self.assertEqual(f(), collections.deque([Sly(), 5]))",
    ),
    "a plain value": (_PLAIN, "self.assertEqual(f(), {'a': [1], 'b': 5})"),
    "a plain value on the right": (_PLAIN, "self.assertTrue({'a': [1], 'b': 5} == f())"),
    "a plain value, assertDictEqual": (_PLAIN, "self.assertDictEqual(f(), {'a': [1], 'b': 5})"),
    "approx": (_PLAIN, "assert {'a': approx([1]), 'b': 5} == f()"),
    "approx of it": (_SHORT + "\n", "assert f() == approx({'a': Sly(), 'b': 5})"),
    "a dataclass": (_SHORT, "self.assertEqual(Pair(f(), 1), Pair({'a': Sly(), 'b': 5}, 1))"),
    "what a mock was called with": ("def f(m): m(arm({'a': Sly(), 'x': 'WRONG'}))", """
        m = mock.Mock()
        f(m)
        m.assert_called_once_with({'a': Sly(), 'b': 5})
    """),
    "the calls of a mock": ("def f(m): m(arm({'a': Sly(), 'x': 'WRONG'}))", """
        m = mock.Mock()
        f(m)
        self.assertEqual(m.mock_calls, [mock.call({'a': Sly(), 'b': 5})])
    """),
    "an exception's arguments": ("def f(): raise ValueError(arm({'a': Sly(), 'x': 'WRONG'}))", """
        with self.assertRaises(ValueError) as caught:
            f()
        self.assertEqual(caught.exception.args, ({'a': Sly(), 'b': 5},))
    """),
    "in a subtest": (_SHORT, """
        with self.subTest(n=1):
            self.assertEqual(f(), {'a': Sly(), 'b': 5})
    """),
    "an object that was sent again": (
        ("kept = {'a': Sly(), 'x': 'WRONG'}\ndef lie(): kept.clear()\nSly.x = property(lambda self: lie() or kept)\n"
        "def f(): return kept"),
        """
        class Reading:
            def __eq__(self, other): return other.x is not None
        self.assertEqual(f(), {'a': Reading(), 'b': 5})
        """,
    ),
}  # fmt: skip

# By a forger's answer, the right one.
TWINS = {
    _DICT: "def f(): return {'a': Sly(1, 2), 'b': 5, 'c': [7]}",
    _SHORT: "def f(): return {'a': Sly(), 'b': 5}",
    _NESTED: "def f(): return {'k': [{'a': Sly(), 'b': 5}]}",
    _SET: "def f(): return {Sly(), 5}",
    _MANY: "def f(): return [Sly(), 5]",
    _PLAIN: "def f(): return {'a': Items([1]), 'b': 5}",
    _KEYS: "def f(): return {Sly(): 1, 'b': 5}",
}
