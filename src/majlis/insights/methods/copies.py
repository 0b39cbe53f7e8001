"""Texts that are nearly the same, among thousands: MinHash over pairs of words, in bands (Broder 1997; Leskovec, Rajaraman &
Ullman, Mining of Massive Datasets, chapter 3). Names, links, signs and the forms of Arabic letters make no difference.
"""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Sequence
from typing import Final

from majlis.core.text.arabic import fold

ALIKE: Final = 0.6
"""Of all pairs of words of two texts, so many are in both (Jaccard)."""
_PRIME: Final = (1 << 61) - 1
_BANDS: Final = 10
_ROWS: Final = 3
"""Two texts that share six tenths meet in a band with 1 − (1 − .6³)¹⁰ = 91 %, and copies always."""
_random: Final = random.Random(2008)  # noqa: S311  # any fixed numbers do
_HASHES: Final = [(_random.randrange(1, _PRIME), _random.randrange(_PRIME)) for _ in range(_BANDS * _ROWS)]
_LEFT_OUT: Final = re.compile(r"https?://\S+|[@#]\S+")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def words_of(text: str) -> list[str]:
    """The words of a text in order, folded; of its first 1,000 signs."""
    return _WORD.findall(fold(_LEFT_OUT.sub(" ", text[:1000]).lower()))


def _pairs(text: str) -> frozenset[int]:
    words = words_of(text)
    return frozenset(zlib.crc32(f"{one} {two}".encode()) for one, two in itertools.pairwise(words))


def groups(texts: Sequence[str]) -> list[list[int]]:
    """Places of texts that are nearly the same, groups of two or more, the largest first. Texts of fewer than four words
    say too little to be copies. Each is compared with the first of its bands, so the time is that of the number of texts."""
    pairs = [_pairs(text) for text in texts]
    same: dict[frozenset[int], int] = {}  # equal sets are hashed once
    first: dict[tuple[int, ...], int] = {}
    leader = list(range(len(texts)))
    for place, those in enumerate(pairs):
        if len(those) < 3:
            continue
        if those in same:
            leader[place] = _root(leader, same[those])
            continue
        same[those] = place
        for band in _bands(those):
            other = first.setdefault(band, place)
            if other != place and _alike(those, pairs[other]):
                leader[_root(leader, place)] = _root(leader, other)
    found: dict[int, list[int]] = {}
    for place in range(len(texts)):
        found.setdefault(_root(leader, place), []).append(place)
    return sorted(
        (group for group in found.values() if len(group) > 1), key=lambda group: (-len(group), group)
    )


def _root(leader: list[int], place: int) -> int:
    while leader[place] != place:
        leader[place] = leader[leader[place]]
        place = leader[place]
    return place


def _bands(those: frozenset[int]) -> list[tuple[int, ...]]:
    least = [min((a * each + b) % _PRIME for each in those) for a, b in _HASHES]
    return [(band, *least[band * _ROWS : (band + 1) * _ROWS]) for band in range(_BANDS)]


def _alike(one: frozenset[int], two: frozenset[int]) -> bool:
    return len(one & two) >= ALIKE * len(one | two)
