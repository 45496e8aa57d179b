"""What learners see of what their code printed."""

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
def test_what_could_harm_a_page_or_mislead_its_reader_is_escaped(char):
    shown = visible(f"a{chr(char)}b")
    assert chr(char) not in shown
    assert shown.startswith("a\\")


def test_line_ends_tabs_and_the_worlds_scripts_stay():
    assert visible("a\tb\r\nc\n") == "a\tb\nc\n"
    assert visible("Žluťoučký 日本 🙂 \u200d") == "Žluťoučký 日本 🙂 \u200d"


def test_of_long_output_the_beginning_and_the_end_are_shown():
    shown = visible(b"A" * 5000 + b"M" * 100_000 + b"Z" * 5000)
    assert shown.startswith("A" * SHOWN_BYTES)
    assert shown.endswith("Z" * SHOWN_BYTES)
    assert f"{110_000 - 2 * SHOWN_BYTES} bytes left out" in shown
    assert "M" not in shown


def test_a_character_that_is_cut_in_two_does_no_harm():
    visible("x" + "€" * 10_000).encode()


@given(st.text())
def test_what_was_escaped_is_not_escaped_again(text):
    once = visible(text)
    assert visible(once) == once or len(once) > 2 * SHOWN_BYTES
