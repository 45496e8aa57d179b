"""What copies of an answer are good for: the tags of its states, and who may keep it (RFC 9110 and 9111).

Plain functions of bytes and numbers, so that whoever answers, with Flask or without, answers the same.
docs/adr/0012 says which tags are strong and why.
"""

import re
from hashlib import sha256

from werkzeug.http import parse_etags

# Any cache may store it, but must revalidate before each use: users must find what they have just written.
PUBLIC = "public, no-cache"
# The same, but only by the one who asked.
PRIVATE = "private, no-cache"
# Secrets, errors, and answers to writes.
NOT_KEPT = "no-store"

# Of a private answer, and of a public one that shows some callers more.
BY_CALLER = "Authorization"
BY_ENCODING = "Accept-Encoding"

HASH_DIGITS = 32
# As we write it: with one digit more, it might be no bigint.
CHANGE_ID = re.compile(r"[1-9][0-9]{0,17}")


def tag_of(data: bytes, following: str | None = None) -> str:
    """Return the tag of an answer's `data`, as it is sent, and of its `next`.

    It is weak: the same data comes with another request id each time, and compressed or not. SHA-256 takes 9 µs for
    12 KB where the processor knows it, as SHA-1 does; BLAKE2b and MD5 take more than twice that.
    """
    state = sha256(data)
    if following is not None:
        state.update(following.encode())
    return f'W/"{state.hexdigest()[:HASH_DIGITS]}"'


def strong_tag(state: int | str) -> str:
    """Return the tag of a resource whose states have names: a score's is its `change_id`."""
    return f'"{state}"'


def is_same(tag: str, if_none_match: str) -> bool:
    """Whether a copy that If-None-Match names is still good: by weak comparison (RFC 9110, 13.1.2)."""
    return parse_etags(if_none_match).contains_weak(_opaque(tag))


def wanted_states(if_match: str | None) -> frozenset[str] | None:
    """Return the states that If-Match names, by strong comparison (RFC 9110, 13.1.1); None when any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(filter(None, parse_etags(if_match).as_set()))  # Werkzeug reads None for the tag ""


def change_ids(states: frozenset[str] | None) -> list[int] | None:
    """Return the states of a score as the database has them; what can be none is left out."""
    if states is None:
        return None
    return [int(state) for state in states if CHANGE_ID.fullmatch(state)]


def _opaque(tag: str) -> str:
    """Return what stands between the quotes."""
    return tag.removeprefix("W/").strip('"')
