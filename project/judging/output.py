"""The output of answers as learners see it: shortened, and safe to display."""

import re

SHOWN_BYTES = 4096  # of the beginning, and of the end
MAX_SHOWN = 2 * SHOWN_BYTES + 64  # characters, with the line that says how much was left out

# Control characters except line ends and tabs; lone surrogates; characters that change the direction of text, annotate
# or hide it, or end lines invisibly; and code points that are not characters.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def visible(data: bytes | str) -> str:
    """Return any output as displayable text: the first and last 4 KiB, with unsafe characters escaped."""
    if isinstance(data, str):
        data = data.encode("utf-8", "backslashreplace")
    if len(data) > 2 * SHOWN_BYTES:
        left_out = len(data) - 2 * SHOWN_BYTES
        data = b"%s\n... %d bytes left out ...\n%s" % (data[:SHOWN_BYTES], left_out, data[-SHOWN_BYTES:])
    text = UNSAFE.sub(_escaped, data.decode("utf-8", "backslashreplace").replace("\r\n", "\n"))
    # Escaping turns one character into up to ten.
    return text if len(text) <= MAX_SHOWN else f"{text[:SHOWN_BYTES]}\n...\n{text[-SHOWN_BYTES:]}"


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
