"""The output of answers as learners see it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.judging.output import SHOWN_BYTES, visible

MOST = 2 * SHOWN_BYTES * len("\\u2028") + 100


@given(st.binary(max_size=4 * SHOWN_BYTES) | st.text(max_size=4 * SHOWN_BYTES))
def test_output_of_any_bytes_can_be_stored_and_shown(data):
    shown = visible(data)
    assert len(shown) <= MOST
    assert json.loads(json.dumps(shown)) == shown
    shown.encode()  # no lone surrogates
    assert not [char for char in shown if not char.isprintable() and ord(char) < 0x300 and char not in "\n\t\xa0\xad"]


@pytest.mark.parametrize(
    "char", [0, 7, 8, 13, 27, 127, 128, 155, 0x200F, 0x2028, 0x202E, 0x2066, 0x2069, 0xFFFF, 0x061C]
)
def test_unsafe_characters_are_escaped(char):
    shown = visible(f"a{chr(char)}b")
    assert chr(char) not in shown
    assert shown.startswith("a\\")


def test_line_ends_tabs_and_all_scripts_are_unchanged():
    assert visible("a\tb\r\nc\n") == "a\tb\nc\n"
    assert visible("Žluťoučký 日本 🙂 \u200d") == "Žluťoučký 日本 🙂 \u200d"


def test_long_output_is_shortened_in_the_middle():
    shown = visible(b"A" * 5000 + b"M" * 100_000 + b"Z" * 5000)
    assert shown.startswith("A" * SHOWN_BYTES)
    assert shown.endswith("Z" * SHOWN_BYTES)
    assert f"{110_000 - 2 * SHOWN_BYTES} bytes left out" in shown
    assert "M" not in shown


def test_output_may_be_cut_within_a_character():
    visible("x" + "€" * 10_000).encode()


@given(st.text())
def test_escaped_output_is_not_escaped_again(text):
    once = visible(text)
    assert visible(once) == once or len(once) > 2 * SHOWN_BYTES
