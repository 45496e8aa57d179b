"""Values with forms: parsed, compared, and written as source text."""

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.judging import source_text
from project.judging.checkers import value_matches
from project.judging.problems import Case, Checker, Kind
from project.sandbox.inside import forms

NUMBERS = st.integers(-(10**20), 10**20) | st.floats()
PLAIN = st.none() | st.booleans() | NUMBERS | st.text(max_size=5)
KEYS = st.recursive(PLAIN, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=2), max_leaves=4)
VALUES = st.recursive(
    KEYS | st.sets(KEYS, max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["a", "$set", "$dict", "$x"]) | KEYS, inner, max_size=2)
    ),
    max_leaves=10,
)


def case(expected, **more):
    return Case(**{"name": "c", "kind": Kind.CALL, "expected": expected, **more})


def built(value):
    return forms.build(value, lambda name: name)


def has_nan(value):
    if isinstance(value, dict):
        return any(map(has_nan, [*value, *value.values()]))
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(has_nan, value))
    return isinstance(value, float) and math.isnan(value)


@given(VALUES)
def test_a_value_described_with_forms_is_built_unchanged(value):
    described = forms.describe(value)
    assert value_matches(case(described), described)
    if not has_nan(value):
        found = built(described)
        assert found == value
        assert type(found) is type(value)


@given(VALUES)
def test_source_text_in_python_is_the_value(value):
    text = source_text.value(forms.describe(value), "python")
    if "float(" not in text and "frozenset(" not in text and "set()" not in text:
        assert ast.literal_eval(text) == value


@given(VALUES, VALUES, st.sampled_from(Checker))
def test_any_two_values_can_be_compared(mine, wanted, checker):
    assert value_matches(case(forms.describe(wanted), checker=checker), forms.describe(mine)) in (True, False)


@pytest.mark.parametrize(
    ("actual", "expected", "matches"),
    [
        ({"$tuple": [1, 2]}, [1, 2], True),
        ([1, 2], {"$tuple": [1, 2]}, False),
        ([{"$tuple": [1]}], [[1]], True),
        ({"$set": [2, 1]}, {"$set": [1, 2.0]}, True),
        ({"$set": [1, 2]}, [1, 2], False),
        ({"$set": [True]}, {"$set": [1]}, False),
        ({"$frozenset": [1]}, {"$set": [1]}, False),
        ({"$set": [{"$frozenset": [1, 2]}, 3]}, {"$set": [3, {"$frozenset": [2, 1]}]}, True),
        ({"$generator": [1, 2]}, {"$generator": [2, 1]}, False),
        ({"$generator": [1]}, [1], False),
        ({"$dict": [[1, "a"], [None, "b"]]}, {"1": "a", "null": "b"}, True),
        ({"$dict": [[1, "a"]]}, {"$dict": [["1", "a"]]}, False),
        ({"1": "a"}, {"$dict": [["1", "a"]]}, True),
        ({"$dict": [["$set", [1]]]}, {"$set": [1]}, False),
        ({"$dict": [[{"$tuple": [1]}, 2]]}, {"[1]": 2}, False),
        ({"$float": "nan"}, {"$float": "nan"}, True),
        ({"$float": "inf"}, {"$float": "-inf"}, False),
        ({"$float": "inf"}, 1, False),
        (
            {"$dataclass": {"name": "P", "fields": {"x": 1}}},
            {"$dataclass": {"name": "P", "fields": {"x": 1.0}}},
            True,
        ),
        ({"$dataclass": {"name": "Q", "fields": {"x": 1}}}, {"$dataclass": {"name": "P", "fields": {"x": 1}}}, False),
        ({"$dataclass": {"name": "P", "fields": {}}}, {"$dataclass": {"name": "P", "fields": {"x": 1}}}, False),
        ({"$set": {"a": 1}}, {"$set": {"a": 1}}, True),  # not a valid form, so it is an ordinary object
        ({"$gt": 5}, {"$gt": 5}, True),
    ],
)
def test_forms_are_compared_by_their_values(actual, expected, matches):
    assert value_matches(case(expected), actual) is matches


def test_a_tolerance_applies_inside_forms():
    expected = {"$dict": [[1, {"$tuple": [1.0, {"$set": [1, 5, 100]}]}]]}
    near = {"$dict": [[1, {"$tuple": [1.4, {"$set": [99.6, 1.2, 5.1]}]}]]}
    far = {"$dict": [[1, {"$tuple": [1.4, {"$set": [99.6, 1.2, 5.6]}]}]]}
    tolerant = case(expected, checker=Checker.TOLERANCE, absolute_tolerance=0.5)
    assert value_matches(tolerant, near)
    assert not value_matches(tolerant, far)
    assert not value_matches(case(expected), near)


def test_case_is_ignored_at_every_depth():
    folded = case({"$tuple": ["Stra\u00dfe", {"K": ["A"]}]}, checker=Checker.CASE_INSENSITIVE)
    assert value_matches(folded, {"$tuple": ["STRASSE", {"K": ["a"]}]})
    assert not value_matches(folded, {"$tuple": ["STRASSE", {"K": ["b"]}]})


def test_items_of_a_tuple_may_be_unordered_too():
    assert value_matches(case([1, {"$set": [1, 2]}], checker=Checker.UNORDERED), {"$tuple": [{"$set": [2, 1]}, 1]})


@pytest.mark.parametrize(
    ("value", "python", "javascript"),
    [
        (None, "None", "null"),
        (True, "True", "true"),
        ("a'b", '"a\'b"', '"a\'b"'),
        (5.0, "5.0", "5"),
        ([1, {"a": None}], "[1, {'a': None}]", '[1, {"a": null}]'),
        ({"$set": []}, "set()", "new Set([])"),
        ({"$tuple": [1]}, "(1,)", None),
        ({"$map": [[1, "a"]]}, None, 'new Map([[1, "a"]])'),
        ({"$generator": [1]}, "iter([1])", "[1].values()"),
        ({"$dataclass": {"name": "P", "fields": {"x": [1]}}}, "P(x=[1])", None),
        ({"$dict": [["$set", [1]]]}, "{'$set': [1]}", '{"$set": [1]}'),
        ({"$float": "-inf"}, "float('-inf')", None),
    ],
)
def test_a_value_is_written_in_the_language(value, python, javascript):
    assert python in (None, source_text.value(value, "python"))
    assert javascript in (None, source_text.value(value, "javascript"))
