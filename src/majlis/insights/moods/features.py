"""What of a text the model sees: places in a table, one for each word, pair of words, and piece of a word.

Feature hashing (Weinberger et al. 2009, "Feature hashing for large scale multitask learning") without signs. Pieces of
3 to 5 letters stay within words: with them الخدمة, خدمتكم and بخدمه meet, and so do spellings and dialects.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from zlib import crc32

import regex

from majlis.core.text.arabic import fold

BITS: Final = 19
PLACES: Final = 1 << BITS
LONGEST: Final = 1_000
"""Characters that are read: of a longer text the first and the last halves of so many, where people say what they feel."""

_MASK: Final = PLACES - 1
_LINK: Final = re.compile(r"https?://\S+|www\.\S+")
_NAME: Final = re.compile(r"@[\w.@-]+")
_NUMBER: Final = re.compile(r"\d[\d.,:]*")
_RUN: Final = re.compile(r"(\w)\1{2,}")
"""Letters said long (جمييييل, sooo) are written twice, so that the length of the cry makes no new word."""
_ENTITY: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
_FACES: Final = re.compile(r"[:;=]['-]?[()\[\]dDpP/\\|3]|<3|\b[xX]D\b|♥|\^_\^")
_TOKEN: Final = regex.compile(r"\p{Extended_Pictographic}|[\w']+|[!?؟…]+|\.\.+")
_PIECES: Final = (3, 4, 5)


def spelt(text: str) -> str:
    """The text as the model reads it: one spelling, no names, links or numbers; emoji and faces stay.

    >>> spelt("الخِدمــة سيئـــة جدااااا 😡 @Bakery https://a.b/c")
    'الخدمه سييه جداا 😡 ‹name› ‹link›'
    """
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    for entity, meant in _ENTITY.items():
        if entity in text:
            text = text.replace(entity, meant)
    text = _FACES.sub(_face, _NAME.sub(" ‹name› ", _LINK.sub(" ‹link› ", text)))
    text = fold(text.replace("’", "'")).replace("_", " ").replace("#", " ")
    return " ".join(_RUN.sub(r"\1\1", _NUMBER.sub("0", text)).split())


def _face(match: re.Match[str]) -> str:
    """Faces of letters become the emoji they stand for."""
    face = match[0]
    return " 💔 " if face == "</3" else " 😞 " if face[-1] in "([/\\|" else " 🙂 "


def tokens(text: str) -> list[str]:
    """Words, emoji and cries of a spelt text, in order."""
    found: list[str] = _TOKEN.findall(text)
    return found


def is_arabic(text: str) -> bool:
    """Whether it has more Arabic letters than Latin ones."""
    return sum("\u0620" <= each <= "\u06ff" for each in text) > sum(
        "a" <= each <= "z" or "A" <= each <= "Z" for each in text
    )


def places(text: str) -> tuple[list[int], int]:
    """Places in the table, none twice: those of words and pairs first, and how many these are.

    What is written in Arabic has a place for that: how often people say what is not known in words differs.
    """
    words = tokens(spelt(text))
    whole = {_place(word, 1) for word in words}
    whole |= {_place(f"{one} {two}", 2) for one, two in zip(["‹", *words], [*words, "›"], strict=True)}
    whole.add(_place("arabic" if is_arabic(text) else "latin", 9))
    pieces: set[int] = set()
    for word in words:
        pieces.update(_pieces(word))
    pieces -= whole
    return [*sorted(whole), *sorted(pieces)], len(whole)


def _place(word: str, kind: int) -> int:
    return crc32(word.encode("utf-16-le"), kind) & _MASK


@lru_cache(maxsize=4_096)
def _pieces(word: str) -> tuple[int, ...]:
    data = f" {word[:40]} ".encode("utf-16-le")
    return tuple(
        crc32(data[at : at + 2 * length], length) & _MASK
        for length in _PIECES
        for at in range(0, len(data) - 2 * length + 1, 2)
    )
