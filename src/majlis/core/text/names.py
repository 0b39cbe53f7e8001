"""Names: the handle (unique, part of addresses) and the display name (free, but harmless).

Invariant: a handle is written in one script, ASCII or Arabic, so no letter of another script can
pose as one of its own; and two accounts never have handles with the same :func:`skeleton`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import regex
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, Conflict
from majlis.core.text.arabic import fold
from majlis.core.text.bidi import without_bidi_marks
from majlis.core.text.clean import clean_text
from majlis.core.text.entities import LONGEST_HANDLE, normal_handle
from majlis.core.text.length import first_graphemes
from majlis.core.text.reserved import RESERVED_HANDLES

LONGEST_DISPLAY_NAME: Final = 50

# The letters of Arabic, Persian, Urdu and Kurdish; vowel marks and tatweel are dropped before.
_ARABIC_LETTERS: Final = "ء-غف-يپچژکگیەھہۃۀےٹڈڑںڤڭۆۇێڕڵ"
_HANDLE: Final = re.compile(rf"(?:[a-z0-9_]+|[0-9_{_ARABIC_LETTERS}]+)\Z")
_SOMETHING: Final = re.compile(r"[^_]")


def checked_handle(typed: str) -> str:
    """The handle as it will be kept, from what a person typed (with or without ``@``).

    1 to 30 letters, digits and underscores, all ASCII or all Arabic; lower case, digits 0-9, no vowel
    marks, no tatweel. BadInput with field ``username`` when it cannot be one; Conflict when it is
    reserved. Whether it is free is the caller's question, asked with :func:`skeleton`.
    """
    if len(typed) > 4 * LONGEST_HANDLE:
        raise _no_handle(_("A name has at most 30 characters."), "too_long")
    handle = normal_handle(typed.strip().removeprefix("@"))
    if len(handle) > LONGEST_HANDLE:
        raise _no_handle(_("A name has at most 30 characters."), "too_long")
    if not _SOMETHING.search(handle):
        raise _no_handle(_("A name needs at least one letter or digit."), "too_short")
    if not _HANDLE.match(handle):
        raise _no_handle(
            _("A name has letters, digits and underscores, in Latin or in Arabic letters but not in both."),
            "wrong_characters",
        )
    if is_reserved(handle):
        raise Conflict(
            _("This name is not to be had. Please choose another."), code="reserved", field="username"
        )
    return handle


def _no_handle(sentence: object, code: str) -> BadInput:
    return BadInput(sentence, code=code, field="username")  # type: ignore[arg-type]


def is_reserved(handle: str) -> bool:
    """Whether the handle, or one that looks like it, is kept for the house (admin, api, support, ...)."""
    return skeleton(handle) in _reserved_skeletons()


@cache
def _reserved_skeletons() -> frozenset[str]:
    return frozenset(skeleton(handle) for handle in RESERVED_HANDLES)


# Letters that many typefaces draw alike, after folding: l 1 i I |, o 0, rn m, vv w.
_ALIKE: Final = str.maketrans("i1|0", "lllo")
_PAIRS: Final = (("rn", "m"), ("vv", "w"))
_ARABIC_SCRIPT: Final = regex.compile(r"\p{Script=Arabic}")


def skeleton(name: str) -> str:
    """What is left when everything eyes confuse is made one: equal for names that could be mistaken.

    Width and compatibility forms (NFKC), case, letters of other scripts that look Latin (Unicode's
    confusables), Arabic forms (alef, ya, kaf, ha and ta marbuta, hamza), digits of all three kinds,
    l 1 i, o 0, rn m, vv w; underscores, dots, hyphens and spaces are nothing. Not for display.
    """
    before = ""
    while name != before:  # a lower-case letter may look like what its capital did not
        before, name = name, _less_alike(name)
    return name


def _less_alike(name: str) -> str:
    """One round of making alike what looks alike; it only ever shortens or moves towards ASCII."""
    latin = "".join(_looks_latin().get(letter, letter) for letter in unicodedata.normalize("NFKC", name))
    folded = fold(latin).translate(_ALIKE)
    for pair, single in _PAIRS:
        folded = folded.replace(pair, single)
    return "".join(letter for letter in folded if letter.isalnum())


@cache
def _looks_latin() -> dict[str, str]:
    """For each letter outside Arabic script that looks like an ASCII letter or digit, that one."""
    # half a megabyte of JSON, read when somebody is named and not by every process that starts
    from confusable_homoglyphs.confusables import (  # type: ignore[import-untyped]  # noqa: PLC0415
        confusables_data,
    )

    found: dict[str, str] = {}
    for looks_like in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0":
        for other in confusables_data.get(looks_like, ()):
            letter = other["c"]
            if len(letter) == 1 and not letter.isascii() and not _ARABIC_SCRIPT.match(letter):
                found.setdefault(letter, looks_like.lower())
    return found


# Display names ------------------------------------------------------------------------------

# Blank but not white space: Hangul fillers, Braille blank, and marks that show nothing.
_BLANK: Final = regex.compile(
    r"[\s\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5\u200b\u2060-\u2064\u206a-\u206f\ufeff\u00ad\u034f\u180e\ufff9-\ufffb]+"
)
_DIRECTION: Final = regex.compile("[\u200e\u200f\u061c]")
# A joiner is writing only between letters (Persian, Indic) or inside an emoji.
_STRAY_JOINER: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{Emoji}\ufe0f])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Emoji}])"
)
_TAGS: Final = regex.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_MOST_MARKS: Final = 4
_ZALGO: Final = regex.compile(rf"(\p{{M}}{{{_MOST_MARKS}}})\p{{M}}+")


def clean_display_name(typed: str) -> str:
    """The display name made harmless: one line, nothing hidden, nothing that turns directions, no towers.

    At most 50 characters as people see them (the rest is cut), at most four marks on a letter. May be
    empty: show the handle then. Where it stands among other text it still wants its own direction
    (``<bdi>``, or ``bidi.isolate`` in plain text).
    """
    name = unicodedata.normalize("NFC", clean_text(typed[: 40 * LONGEST_DISPLAY_NAME]))
    name = _DIRECTION.sub("", without_bidi_marks(name))
    name = _TAGS.sub("", _STRAY_JOINER.sub("", name))
    name = _ZALGO.sub(r"\1", _BLANK.sub(" ", name)).strip()
    return first_graphemes(name, LONGEST_DISPLAY_NAME).rstrip()
