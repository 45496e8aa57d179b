"""Entity tags and Cache-Control (RFC 9110 and 9111).

Functions without Flask, so that the hot routes and the views send the same headers. docs/adr/0012 has the reasons why
some tags are strong.
"""

import re
from hashlib import sha256

from werkzeug.http import parse_etags

# Any cache may store it, but must revalidate before each use: users must find what they have just written.
PUBLIC = "public, no-cache"
# The same for private caches, such as a browser's.
PRIVATE = "private, no-cache"
# Secrets, errors, and responses to writes.
NOT_KEPT = "no-store"

# The headers that responses vary by.
BY_CALLER = "Authorization"
BY_ENCODING = "Accept-Encoding"

HASH_DIGITS = 32
# In canonical form. A number with one digit more may exceed bigint.
CHANGE_ID = re.compile(r"[1-9][0-9]{0,17}")


def tag_of(data: bytes, following: str | None = None) -> str:
    """Return the weak tag of a response, from its encoded `data` and its `next`.

    Weak, since responses with the same data differ in their request id and their compression. SHA-256 takes 9 µs for
    12 KB where the processor knows it, as SHA-1 does; BLAKE2b and MD5 take more than twice that.
    """
    state = sha256(data)
    if following is not None:
        state.update(following.encode())
    return f'W/"{state.hexdigest()[:HASH_DIGITS]}"'


def strong_tag(state: int | str) -> str:
    """Return the strong tag of a resource whose states are named, as a score's are by its `change_id`."""
    return f'"{state}"'


def is_same(tag: str, if_none_match: str) -> bool:
    """Whether If-None-Match has the tag, by weak comparison (RFC 9110, 13.1.2)."""
    return parse_etags(if_none_match).contains_weak(_opaque(tag))


def wanted_states(if_match: str | None) -> frozenset[str] | None:
    """Return the states that If-Match names, by strong comparison (RFC 9110, 13.1.1); None for any state."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(filter(None, parse_etags(if_match).as_set()))  # Werkzeug reads None for the tag ""


def change_ids(states: frozenset[str] | None) -> list[int] | None:
    """Return the states of a score as change ids. Tags that cannot be one are left out."""
    if states is None:
        return None
    return [int(state) for state in states if CHANGE_ID.fullmatch(state)]


def _opaque(tag: str) -> str:
    """Return the text between the quotes."""
    return tag.removeprefix("W/").strip('"')
