"""Which things of an archive are here already, where nothing keeps the number they had there.

Each is paired with one that is here, by its surest sign first, so that two that look alike stay two and
what was changed here since is still known again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeAlias

Signs: TypeAlias = tuple[Hashable | None, ...]
"""The surest first, as many for each; None: it has no such sign."""


def missing(brought: Sequence[Signs], *, here: Iterable[Signs]) -> list[bool]:
    """For each that is brought, whether it has no pair among those that are here."""
    left = dict(enumerate(here))
    new = [True] * len(brought)
    for level in range(len(brought[0]) if brought else 0):
        by_sign: dict[Hashable, list[int]] = defaultdict(list)
        for place, signs in left.items():
            by_sign[signs[level]].append(place)
        for number, signs in enumerate(brought):
            if new[number] and signs[level] is not None and (places := by_sign[signs[level]]):
                del left[places.pop(0)]
                new[number] = False
    return new
