"""Which user names are allowed, and which of them are the same."""

import re
import unicodedata

# Control and format characters, surrogates, private use, unassigned, separators of lines and of paragraphs: they are
# invisible, or look different in each font.
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that are displayed as nothing (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt),
# which have other categories: grapheme joiner, Hangul fillers, Khmer vowels, Mongolian and other variation selectors.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

MAX_NAME_LENGTH = 128
# The unique key of a name, as SQL: the same for names that differ by compatibility characters (NFKC) or case alone.
# Normalized again, since a lower-case letter may be a sequence that can be composed. No longer than a name: one
# compatibility character may stand for 18 others, and the size of index entries is limited.
NAME_KEY = f'"left"(normalize(lower(normalize(username, NFKC)), NFKC), {MAX_NAME_LENGTH})'


def check_username(name: str) -> str:
    """Return the name if it is visible and can be distinguished from others.

    Raises:
        ValueError: the name is not allowed; the message says why.

    """
    if any(unicodedata.category(character) in INVISIBLE_CATEGORIES for character in name) or INVISIBLE.search(name):
        raise ValueError("Must have no invisible characters")
    # In the form that is compared, where spaces of all widths are the same character.
    shown = unicodedata.normalize("NFKC", name)
    if len(shown) > MAX_NAME_LENGTH:
        raise ValueError(f"Must have at most {MAX_NAME_LENGTH} characters, each as Unicode NFKC writes it")
    if " ".join(shown.split()) != shown:
        raise ValueError("Must have no space at either end, and no two in a row")
    return name
