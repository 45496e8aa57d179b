"""The CPU time that the tester spends on decoding the answer's messages, which is limited."""

import pytest

from project.sandbox.inside.bridge.errors import ReadTimeExceeded
from project.sandbox.inside.bridge.read_budget import ReadBudget
from project.tests.sandbox.bridge_pair import judge

EQUAL = {
    "ints": "n * (2 ** 61 - 1)",
    "negative": "-n * (2 ** 61 - 1) - 2",
    "in tuples": "(n * (2 ** 61 - 1),)",
}
TESTS = """
    import unittest
    from answer_module import f
    class Test(unittest.TestCase):
        def test_a(self):
            self.assertEqual(len(f()), 60000)
        def test_b(self):
            pass
"""


# The answer does not hash its keys, or it would be as slow as the tester; the encoded message is the same.
CHEAP = """
    from inside.bridge import encoder
    class Many(dict):
        def items(self): return ((key, None) for key in self.keys_)
        def __len__(self): return len(self.keys_)
        def __iter__(self): return iter(self.keys_)
    encoder._WRITERS[Many] = encoder._Encoder.put_dict
    class Several(Many): pass
    encoder._WRITERS[Several] = encoder._Encoder.put_set
    class Fixed(Many): pass
    encoder._WRITERS[Fixed] = encoder._Encoder.put_frozenset
    Shares = encoder._Encoder._shared
    encoder._Encoder._shared = lambda self, value: Shares(self, value) if type(value) is dict else (bytes(4), value)
    def f():
        many = KIND()
        many.keys_ = [KEY for n in range(60000)]
        return many
"""


@pytest.mark.parametrize("kind", ["Many", "Several", "Fixed"])
@pytest.mark.parametrize("keys", ["ints", "negative", "in tuples"])
def test_many_keys_with_equal_hashes_exceed_the_read_budget(kind, keys):
    outcome = judge(CHEAP.replace("KIND", kind).replace("KEY", EQUAL[keys]), TESTS)
    assert outcome.outcomes["test_a"] == "time_limit"
    assert "equal hashes" in outcome.message("test_a")
    assert outcome.outcomes["test_b"] == "not_run"


@pytest.mark.parametrize(
    "made",
    [
        "{n: n for n in range(60000)}",
        "{2 ** n: n for n in range(2000)}",
        "{(n, -n): None for n in range(60000)}",
        "set(range(-3, 60000)) | {float(n) + 0.5 for n in range(60000)}",
        "frozenset(map(str, range(60000)))",
        "{n * (2 ** 61 - 1) for n in range(1500)}",
    ],
)
def test_ordinary_keys_are_decoded(made):
    tests = f"""
        import unittest
        from answer_module import f
        class Test(unittest.TestCase):
            def test(self): self.assertTrue(f() == {made})
    """
    assert judge(f"def f(): return {made}", tests).passed


def test_decoding_beyond_the_read_budget_raises_an_error():
    """The budget is 0, which every machine exceeds."""
    budget = ReadBudget(0.0)
    budget.begin()
    with pytest.raises(ReadTimeExceeded, match="longer than the answer may compute"):
        budget.build(dict, [(n, n) for n in range(100)])


def test_the_read_budget_is_for_all_messages_together():
    budget = ReadBudget(1.0)
    spend(budget, 0.9)
    assert budget.remaining() <= 0.9
    began = budget.begin()
    spend(budget, 0.5)
    budget.end(began=began)
    assert budget.remaining() <= 0.5
    spend(budget, -0.01)
    with pytest.raises(ReadTimeExceeded):
        budget.begin()


def spend(budget, left):
    """Compute until no more than this is left."""
    began = budget.begin()
    while budget.remaining() > left:
        pass
    budget.end(began=began)
