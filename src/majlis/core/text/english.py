"""Light English stems: plurals, possessives, -ing and -ed; nothing that changes what a word is about.

Small on purpose. A full stemmer (Porter) joins "university" and "universe"; here a member's own words
find her own words.
"""

from __future__ import annotations

import re
from typing import Final

_STOP_WORDS: Final = """
a an the and or but if of in on at to for from by with as is are was were be been being am it its it's this
that these those i i'm you he she we they me him her us them my your his our their not no do does did don't
so than then there here what which who when where how why will would can could should have has had just too
very
"""
ENGLISH_STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

# Where an ending is none.
_WHOLE: Final = frozenset({"news", "lens", "series", "species", "bring", "morning", "evening", "wedding"})
_VOWEL: Final = re.compile("[aeiouy]")
_DOUBLED: Final = re.compile(r"([bdfgmnprt])\1$")
_LEAST: Final = 3


def english_stem(word: str) -> str:
    """The stem of a lower-case ASCII word; words with digits and short words stay as they are."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) <= _LEAST or word in _WHOLE or not word.isalpha():
        return word
    return _without_e(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST and _VOWEL.search(stem):
            return _DOUBLED.sub(r"\1", stem)
    return word


def _without_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > _LEAST else word
