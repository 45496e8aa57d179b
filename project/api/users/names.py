"""Which user names there may be, and which of them are one and the same."""

import re
import unicodedata

# Control and format characters, surrogates, private use, unassigned, separators of lines and of paragraphs: nobody sees
# them, or each font shows them otherwise.
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that are shown as nothing (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt),
# which have other categories: grapheme joiner, Hangul fillers, Khmer vowels, Mongolian and other variation selectors.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

MAX_NAME_LENGTH = 128
# What is unique, as SQL: names that compatibility characters (NFKC) or case alone tell apart are one. Normalized again,
# since a lower-case letter may be a sequence that can be composed. No longer than a name: one compatibility character
# may stand for 18 others, and what an index can hold is limited.
NAME_KEY = f'"left"(normalize(lower(normalize(username, NFKC)), NFKC), {MAX_NAME_LENGTH})'


def check_username(name: str) -> str:
    """Return a name that can be read and told apart from others.

    Raises:
        ValueError: with what is wrong.

    """
    if any(unicodedata.category(character) in INVISIBLE_CATEGORIES for character in name) or INVISIBLE.search(name):
        raise ValueError("Must have no invisible characters")
    # In the form that is compared: there all spaces are one character, whatever their width.
    shown = unicodedata.normalize("NFKC", name)
    if len(shown) > MAX_NAME_LENGTH:
        raise ValueError(f"Must have at most {MAX_NAME_LENGTH} characters, each as Unicode NFKC writes it")
    if " ".join(shown.split()) != shown:
        raise ValueError("Must have no space at either end, and no two in a row")
    return name
