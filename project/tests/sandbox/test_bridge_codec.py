"""Values to bytes and back."""

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.sandbox.inside.bridge.codec import MAX_DEPTH, decode, encode
from project.sandbox.inside.bridge.errors import CannotCross, ProtocolViolation
from project.sandbox.inside.bridge.shares import Shares


class Plain(Shares):
    """Nothing but values crosses."""

    def describe(self, _value):
        raise CannotCross

    def find(self, _description):
        raise ProtocolViolation("none")


keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters()),
    st.binary(),
    st.dates(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.timedeltas(),
    st.datetimes(timezones=st.sampled_from([None, datetime.UTC])),
)
values = st.recursive(
    keys,
    lambda inner: st.one_of(
        st.lists(inner),
        st.dictionaries(keys, inner),
        st.sets(keys),
        st.frozensets(keys),
        st.tuples(inner, inner),
        st.slices(9),
    ),
)


def types(value):
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    return [types(item) for item in value] if isinstance(value, list | tuple) else type(value)


@given(values)
def test_what_is_read_is_what_was_written(value):
    copy = decode(encode(value, Plain()), Plain())
    assert copy == value
    assert types(copy) == types(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_refused(data):
    try:
        value = decode(data, Plain())
    except ProtocolViolation:
        return
    assert len(encode(value, Plain())) <= 2 * len(data) + 20


@given(values, st.data())
def test_changed_bytes_are_a_value_or_refused(value, data):
    written = bytearray(encode(value, Plain()))
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolViolation):
        decode(bytes(written), Plain())


@pytest.mark.parametrize("extra", [-1, 0])
def test_the_deepest_value_crosses_and_a_deeper_one_does_not(extra):
    value = ()
    for _ in range(MAX_DEPTH + extra):
        value = (value,)
    assert decode(encode(value, Plain()), Plain()) == value
    with pytest.raises(CannotCross):
        encode((((value,),),), Plain())


def test_a_value_that_holds_itself_does_not_cross():
    value = []
    value.append(value)
    with pytest.raises(CannotCross):
        encode(value, Plain())


def test_subclasses_do_not_cross_as_their_base():
    with pytest.raises(CannotCross):
        encode(type("Five", (int,), {})(5), Plain())
