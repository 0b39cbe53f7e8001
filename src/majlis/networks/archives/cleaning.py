"""Texts from elsewhere made fit to keep: whole characters, no controls, no garbling.

Meaning is not touched: no normalisation, no trimming of direction marks that Arabic needs.
"""

from __future__ import annotations

import re
from typing import Final

from majlis.core.text.clean import clean_text

_LINE_END: Final = re.compile("\r\n")
LONGEST_LANGUAGE: Final = 16
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
# Retired codes that Java and X still write (ISO 639-1), and what X writes for "no language".
_RENAMED: Final = {"in": "id", "iw": "he", "ji": "yi", "no": "nb"}
_NO_LANGUAGE: Final = frozenset({"und", "zxx", "mul", "mis", "qme", "qam", "qht", "qct", "qst", "art"})


def clean(text: str, notes: set[str]) -> str:
    """The text without what cannot be shown; what was repaired is added to ``notes``."""
    if text.isprintable() and "\ufffd" not in text:
        return text.strip()
    cleaned = clean_text(text)
    if "\ufffd" in cleaned:
        notes.add("half_characters")
    if len(cleaned) != len(_LINE_END.sub("\n", text)):
        notes.add("control_characters")
    return cleaned.strip()


def restored(text: str, notes: set[str]) -> str:
    """The text as it was before Meta's export wrote each UTF-8 byte as a letter of its own (ISO 8859-1).

    Only when the whole text can have come about that way; else it is returned as it is.
    """
    if text.isascii():
        return text
    try:
        repaired = text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    notes.add("mojibake")
    return repaired


def language(code: str | None) -> str | None:
    """A BCP 47 code in today's spelling, or None when there is none to speak of."""
    if code is None or not _LANGUAGE.fullmatch(code):
        return None
    base, dash, rest = code.partition("-")
    base = _RENAMED.get(base.lower(), base.lower())
    if base in _NO_LANGUAGE:
        return None
    return base + dash + rest if len(code) <= LONGEST_LANGUAGE else base
