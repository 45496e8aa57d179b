import pytest

from project.sandbox.nesting import MAX_NESTING, is_nested_too_deeply

DEEP = MAX_NESTING
MANY = b"[]" * (DEEP + 1)  # enough brackets for a full check, but not deep
TEXTS = {
    "as deep as may be": (b"[" * DEEP + b"]" * DEEP, False),
    "one deeper": (b"[" * (DEEP + 1) + b"]" * (DEEP + 1), True),
    "objects": (b'{"x":' * (DEEP + 1) + b"1" + b"}" * (DEEP + 1), True),
    "lists and objects in turn": (b'[{"x":' * DEEP + b"1" + b"}]" * DEEP, True),
    "many beside one another": (b"[" + b",".join([b"[]"] * 1000) + b"]", False),
    "brackets in a string": (b'["' + b"[{" * 1000 + b'"]', False),
    "behind an escaped quote": (b'["\\"' + b"[" * 1000 + b'"]', False),
    "behind an escaped backslash": (b'["\\\\", ' + b"[" * 1000, True),
    "never closed": (b"[" * 100_000, True),
    "a string that never ends": (b'"' + b"\\" * 1_000_001, False),
    "a string of backslashes that never ends": (MANY + b'"' + b"\\" * 1_000_001, False),
    "a string of quotes that never ends": (MANY + b'"' + b'\\"' * 500_000, False),
    "brackets in a string that never ends": (MANY + b'"' + b"[" * 1000, False),
    "before a string that never ends": (b"[" * (DEEP + 1) + b'"', True),
}


@pytest.mark.parametrize(("text", "too_deep"), TEXTS.values(), ids=TEXTS)
def test_texts_that_are_nested_too_deeply_are_detected(text, too_deep):
    assert is_nested_too_deeply(text) is too_deep
