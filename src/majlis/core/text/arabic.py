"""Arabic spellings that mean the same, folded into one form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Vowel marks, Quranic signs, tatweel, and the invisible joiners and bidi marks between letters.
_DROPPED: Final = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08ff"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
# One letter for the forms that writers mix: alef with and without hamza, final ya with and without
# dots, ta marbuta and ha, the Persian and Urdu shapes of ya, kaf and ha; one set of digits.
_SAME: Final = str.maketrans(
    "أإآٱٲٳؤئىیېےکڪةۃہھەۀ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "ااااااويييييككهههههه01234567890123456789",
    "ء",
)


def fold(text: str) -> str:
    """The text with width, case and Arabic spelling folded (NFKC inside); the same for every spelling.

    Hamza is dropped with its seat kept, vowel marks and tatweel go, digits become 0-9. Folding what
    is folded changes nothing. Latin accents stay: they tell words apart in other languages.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _DROPPED.sub("", text).translate(_SAME)
    return unicodedata.normalize("NFKC", text)


def tokens_for_index(text: str) -> list[str]:
    """The words of a text as they are searched: folded, without what joins no words."""
    return re.findall(r"\w+", fold(text))
