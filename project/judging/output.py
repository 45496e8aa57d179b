"""What learners see of what their code printed: capped, and harmless wherever it is shown."""

import re

SHOWN_BYTES = 4096  # of the beginning, and of the end
MAX_SHOWN = 2 * SHOWN_BYTES + 64  # characters, with the line that says how much was left out

# Control characters but for line ends and tabs; lone surrogates; what turns the direction of text, marks or hides parts
# of it, or ends lines unseen; and what is no character.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def visible(data: bytes | str) -> str:
    """Return output of any bytes as text for a page: first and last 4 KiB, with unsafe characters escaped."""
    if isinstance(data, str):
        data = data.encode("utf-8", "backslashreplace")
    if len(data) > 2 * SHOWN_BYTES:
        left_out = len(data) - 2 * SHOWN_BYTES
        data = b"%s\n... %d bytes left out ...\n%s" % (data[:SHOWN_BYTES], left_out, data[-SHOWN_BYTES:])
    text = UNSAFE.sub(_escaped, data.decode("utf-8", "backslashreplace").replace("\r\n", "\n"))
    # Escaping makes up to ten characters of one.
    return text if len(text) <= MAX_SHOWN else f"{text[:SHOWN_BYTES]}\n...\n{text[-SHOWN_BYTES:]}"


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
