"""Cells: letters repaired when they came in, formulas taken out of the reach of spreadsheets when they go out.

A cell that begins with one of ``= + - @`` is a formula to a spreadsheet, and may fetch or send things. In the
house it is text like any other; written into a file it gets an apostrophe in front, which reading takes off.
"""

from __future__ import annotations

import re
from typing import Final

from majlis.core.text.clean import clean_text
from majlis.networks.archives.cleaning import restored

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
#: Letters that Windows has where ISO 8859-1 has controls.
_OF_WINDOWS: Final = {
    ord(letter): code for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))
}


def read_cell(text: str) -> str:
    """What somebody meant by a cell."""
    text = clean_text(repaired(text)).strip()
    return text[1:] if _ESCAPED.match(text) else text


def written_cell(text: str) -> str:
    """The inverse, for a file that a spreadsheet may open."""
    return f"'{text}" if _FORMULA.match(text) else text


def repaired(text: str) -> str:
    """A text whose UTF-8 was taken for a Western encoding, as it was before."""
    notes: set[str] = set()
    found = restored(text, notes)
    if notes or text.isascii():
        return found
    as_bytes = text.translate(_OF_WINDOWS)  # "Ø®" with the letters of Windows among them
    found = restored(as_bytes, notes)
    return found if notes and _ARABIC.search(found) else text
