"""The first thing done to any text that came from outside, before it is counted, shown or kept."""

from __future__ import annotations

import re
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n?|\u2028|\u2029")

# PostgreSQL refuses U+0000; XML (Atom) refuses the other controls; nobody types them. Surrogates
# cannot be encoded, and the noncharacters U+FFFE, U+FFFF and U+FDD0..FDEF are parse errors in HTML.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text with LF line ends and without what cannot be stored or sent; nothing visible is lost.

    Takes out control characters except tab and line feed (C0, DEL, C1) and noncharacters, and puts
    U+FFFD for a lone surrogate. Everything else, bidi marks and joiners included, stays as typed.
    """
    text = _LINE_ENDS.sub("\n", text)
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))
