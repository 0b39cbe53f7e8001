"""Writing direction: which way a text runs, and how to put one text inside another unharmed.

Unicode Bidirectional Algorithm (UAX #9): rules P2 and P3 for the first strong character, and the
isolates of section 2.4.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_DIRECTIONAL_ISOLATE: Final = "\u2069"
_OPENERS: Final = frozenset({"LRI", "RLI", "FSI"})

# Marks that can leak out of a text: embeddings and overrides, isolates, and the two that close them.
_EXPLICIT: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBEDDINGS: Final = "\u202a\u202b\u202d\u202e"
_POP_EMBEDDING: Final = "\u202c"
_ISOLATES: Final = "\u2066\u2067\u2068"


def direction(text: str) -> Direction | None:
    """The way the first strong character runs, isolated parts skipped; None when there is none."""
    depth = 0
    for character in text:
        if character < "\u0590":  # quick way for ASCII, Latin, Greek and Cyrillic
            if depth == 0 and character.isalpha():
                return "ltr"
            continue
        kind = unicodedata.bidirectional(character)
        if kind in _OPENERS:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return None


def isolate(text: str) -> str:
    """The text for embedding in a sentence of any direction (plain text: titles, mails, notifications).

    It finds its own direction between the isolates, and its own marks cannot close them.
    """
    return f"{FIRST_STRONG_ISOLATE}{balanced(text)}{POP_DIRECTIONAL_ISOLATE}"


def balanced(text: str) -> str:
    """The text with every embedding, override and isolate that it opens closed, and no stray closer."""
    if not _EXPLICIT.search(text):
        return text
    kept: list[str] = []
    open_: list[str] = []
    for character in text:
        if character in _EMBEDDINGS:
            open_.append(_POP_EMBEDDING)
        elif character in _ISOLATES:
            open_.append(POP_DIRECTIONAL_ISOLATE)
        elif character in (_POP_EMBEDDING, POP_DIRECTIONAL_ISOLATE):
            if not open_ or open_[-1] != character:
                continue
            open_.pop()
        kept.append(character)
    return "".join([*kept, *reversed(open_)])


def without_bidi_marks(text: str) -> str:
    """The text without any embedding, override or isolate (the harmless marks LRM, RLM, ALM stay)."""
    return _EXPLICIT.sub("", text)
