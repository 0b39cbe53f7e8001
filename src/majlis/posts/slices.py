"""Slices of time, from minutes to years, in which the index of words holds the posts.

Posts are searched newest first, and an index of words alone knows nothing of time. So ``posts_search`` holds,
beside the words, the numbers of the slices that a post's id falls in, one of each width; words and slices are
intersected inside the index, and a walk from the newest slice back reads little more than the hits it wants.
The slices are the first column: PostgreSQL leaps over all that is not in the first before it compares the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SHIFTS: Final = (36, 40, 44, 48, 52)
"""Bits of an id that a slice leaves out: slices of 17 minutes, 4.7 hours, 3.1 days, 50 days and 2.2 years."""
_WIDER: Final = {fine: coarse - fine for fine, coarse in pairwise(SHIFTS)}
_LEVEL: Final = 28  # ids have 63 bits, so that the finest number has 27
_MOST: Final = 8


def keys_sql(column: str) -> str:
    """The numbers of the slices of an id, in SQL; the index and its readers must say it with the same words."""
    numbers = (f"{level << _LEVEL} + ({column} >> {shift})::integer" for level, shift in enumerate(SHIFTS))
    return f"ARRAY[{', '.join(numbers)}]"


@dataclass(frozen=True, slots=True)
class Slice:
    """Neighbouring slices of one width, ``first`` to ``last`` (the newest); level 0 is the finest."""

    level: int
    first: int
    last: int

    @property
    def keys(self) -> list[int]:
        """Their numbers in the index."""
        return [(self.level << _LEVEL) + number for number in range(self.first, self.last + 1)]

    @property
    def end(self) -> int:
        """The lowest id that is newer than all in it."""
        return (self.last + 1) << SHIFTS[self.level]

    def finer(self) -> list[Slice]:
        """The same time in finer slices, newest first. There is nothing finer than level 0."""
        bits = _WIDER[SHIFTS[self.level - 1]]
        return list(_grouped(self.level - 1, self.first << bits, ((self.last + 1) << bits) - 1))


def slices(*, above: int, below: int) -> Iterator[Slice]:
    """Slices that hold all ids between the two (neither included), newest first, wider and wider.

    Of each width at least eight, down to where a wider one begins: what comes next is never much more than
    what went before.
    """
    newest, oldest = below - 1, above + 1
    for level, shift in enumerate(SHIFTS):
        last, bottom = newest >> shift, oldest >> shift
        bits = _WIDER.get(shift)
        first = bottom if bits is None else max((last - _MOST + 1) >> bits << bits, bottom)
        yield from _grouped(level, first, last)
        newest = (first << shift) - 1
        if newest < oldest:
            return


def _grouped(level: int, first: int, last: int) -> Iterator[Slice]:
    """One, two, four, then eight at a time."""
    width = 1
    while last >= first:
        begin = max(last - width + 1, first)
        yield Slice(level, begin, last)
        last, width = begin - 1, min(width * 2, _MOST)
