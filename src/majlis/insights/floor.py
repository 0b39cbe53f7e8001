"""The privacy floor for any set of groups: none of one to nine is shown, and none can be worked out from the rest."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from majlis.insights.kinds import FEWEST_SHOWN

Key = TypeVar("Key", bound=Hashable)


def too_few(count: int) -> bool:
    """Whether a group is one of one to nine."""
    return 0 < count < FEWEST_SHOWN


def hidden(counts: Mapping[Key, int]) -> frozenset[Key]:
    """The groups to hide, when their sum is known too: the small ones; and where these are fewer than ten
    together, the smallest others with them. Those of nobody hide nobody."""
    small = {key for key, count in counts.items() if too_few(count)}
    others = sorted(
        (key for key, count in counts.items() if count >= FEWEST_SHOWN), key=lambda key: counts[key]
    )
    while small and sum(counts[key] for key in small) < FEWEST_SHOWN and others:
        small.add(others.pop(0))
    return frozenset(small)


def shown(counts: Mapping[Key, int], *, sum_told: bool = True) -> dict[Key, int | None]:
    """The same, with None for what is hidden. Where the sum must not be told, something always is."""
    away = hidden(counts)
    if not sum_told and not away:
        away = frozenset(
            sorted((key for key, count in counts.items() if count), key=lambda key: counts[key])[:1]
        )
    return {key: None if key in away else count for key, count in counts.items()}


def total(counts: Mapping[Key, int]) -> int | None:
    """The sum, or None where even that is of one to nine, or would tell of the hidden."""
    away = hidden(counts)
    together = sum(counts[key] for key in away)
    return None if away and too_few(together) else sum(counts.values())
