"""Bodies, content types and values that an operation must refuse."""

JSON = "application/json"
BOMB = 100_000

WRONG_BODIES = {
    "empty": b"",
    "blank": b" \n",
    "null": b"null",
    "list": b"[]",
    "list of objects": b"[{}]",
    "string": b'"text"',
    "number": b"5",
    "boolean": b"true",
    "cut": b"{",
    "form": b"exercise_id=1&correct=true",
    "single quotes": b"{'exercise_id': 1}",
    "comma": b'{"exercise_id": 1,}',
    "two values": b"{} {}",
    "no UTF-8": b'{"x": "\xff"}',
    "overlong UTF-8": b'{"x": "\xc0\x80"}',
    "surrogate in UTF-8": b'{"x": "\xed\xa0\x80"}',
    "raw NUL": b'{"x": "\x00"}',
    "NUL after it": b"{}\x00",
    "bomb of lists": b"[" * BOMB,
    "bomb of whole lists": b"[" * BOMB + b"]" * BOMB,
    "bomb of objects": b'{"x":' * BOMB,
    "bomb of whole objects": b'{"x":' * BOMB + b"1" + b"}" * BOMB,
    "bomb within": b'{"x":' + b"[" * BOMB + b"]" * BOMB + b"}",
}
# Each makes a body that is good otherwise a bad one, under a key that no operation knows.
WRONG_VALUES = [
    *("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000, "9" * 5000 + ".5", "[" * BOMB, "01", "'x'"),
]
WRONG_TYPES = [
    *("", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("application/jsonx", "application", f"{JSON}; charset=latin-1", f"{JSON}; charset=utf-16", f"{JSON};charset=x"),
]
GOOD_TYPES = [JSON, "Application/JSON", f"{JSON}; charset=utf-8", f"{JSON}; charset=UTF8", f'{JSON}; charset="UTF-8"']

VALUES_OF_TYPES: dict[str, list] = {
    "null": [None],
    "boolean": [True, False],
    "integer": [5, 0, 1, -1, 5.0, 1.0, 0.0],  # 5.0 is an integer of JSON Schema
    "number": [5.5, 0.5],
    "string": ["text", "", "5", "1", "true", "null"],
    "array": [[], [1], [None]],
    "object": [{}, {"x": 1}],
}
NEVER: dict[str, list] = {
    "integer": [2**63, -(2**63) - 1, 10**30],
    "string": ["\0", "a\0b", "\ud800", "a\udc00b", "\udc00\ud800"],
}
