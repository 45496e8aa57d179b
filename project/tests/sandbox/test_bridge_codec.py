"""Encoding and decoding of values."""

import contextlib
import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from project.sandbox.inside.bridge.decoder import decode
from project.sandbox.inside.bridge.encoder import encode
from project.sandbox.inside.bridge.errors import MarshallingError, ProtocolViolation
from project.sandbox.inside.bridge.packing import MIN_PACKED
from project.sandbox.inside.bridge.shared_containers import SharedContainers
from project.sandbox.inside.bridge.wire import MAX_DEPTH, MAX_WEIGHT


class Plain(SharedContainers):
    """Marshals plain values only."""

    def marshal(self, _value):
        raise MarshallingError

    def unmarshal(self, _marshalled):
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


@settings(deadline=None)
@given(values)
def test_a_decoded_value_equals_the_encoded_one(value):
    copy = decode(encode(value, Plain()), Plain())
    assert copy == value
    assert types(copy) == types(value)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_rejected(data):
    try:
        value = decode(data, Plain())
    except ProtocolViolation:
        return
    assert len(encode(value, Plain())) <= 2 * len(data) + 20


@settings(deadline=None)
@given(values, st.data())
def test_changed_bytes_are_decoded_or_rejected(value, data):
    written = bytearray(encode(value, Plain()))
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolViolation):
        decode(bytes(written), Plain())


@pytest.mark.parametrize("extra", [-1, 0])
def test_values_are_encoded_up_to_the_maximum_depth(extra):
    value = ()
    for _ in range(MAX_DEPTH + extra):
        value = (value,)
    assert decode(encode(value, Plain()), Plain()) == value
    with pytest.raises(MarshallingError):
        encode((((value,),),), Plain())


def test_a_value_that_contains_itself_is_not_encoded():
    value = []
    value.append(value)
    with pytest.raises(MarshallingError):
        encode(value, Plain())


def test_an_instance_of_a_subclass_is_not_encoded_as_its_base():
    with pytest.raises(MarshallingError):
        encode(type("Five", (int,), {})(5), Plain())


@settings(deadline=None)
@given(st.lists(st.integers(-(2**70), 2**70) | st.integers(-200, 200), min_size=MIN_PACKED, max_size=2 * MIN_PACKED))
def test_many_ints_are_decoded_as_they_were_encoded(numbers):
    for value in (numbers, tuple(numbers), (numbers, numbers)):
        copy = decode(encode(value, Plain()), Plain())
        assert copy == value
        assert types(copy) == types(value)


def test_bools_and_floats_are_not_packed_with_ints():
    value = [*range(100), True, 1.0]
    assert types(decode(encode(value, Plain()), Plain())) == types(value)


@pytest.mark.parametrize(
    "packed",
    [
        b"p" + letter + len(data).to_bytes(4, "big") + data
        for letter, data in ((b"b", bytes(MIN_PACKED - 1)), (b"h", bytes(2 * MIN_PACKED + 1)), (b"s", bytes(999)))
    ]
    + [b"pb" + (MAX_WEIGHT + 1).to_bytes(4, "big") + bytes(MAX_WEIGHT + 1), b"P\0\0\0\0" * 5_000, b"p", b"P"],
)
def test_invalid_packed_ints_are_rejected(packed):
    with pytest.raises(ProtocolViolation):
        decode(packed, Plain())


def test_short_texts_are_interned():
    assert decode(encode(("Rocket", "two words"), Plain()), Plain())[0] is "Rocket"  # noqa: F632 - that is the question
