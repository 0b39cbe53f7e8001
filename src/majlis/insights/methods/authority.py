"""Brand authority: a composite that never stands without its parts.

METRICS: distinct people talking, share of voice, net sentiment, follower quality, branded visits, inbound links,
survey recall. There is no published scale for such a score; ours is a plain mean of named parts, each put between
0 and 1 in a way that is said, and a part that is not known is named as missing and not counted as nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

FEWEST_PARTS: Final = 3
"""Of fewer known parts no score is made: it would be one number under another name."""


class Aspect(StrEnum):
    """The parts, in the order in which they are shown."""

    PEOPLE_TALKING = "people_talking"
    SHARE_OF_VOICE = "share_of_voice"
    NET_SENTIMENT = "net_sentiment"
    FOLLOWER_QUALITY = "follower_quality"
    BRANDED_VISITS = "branded_visits"
    INBOUND_LINKS = "inbound_links"
    SURVEY_RECALL = "survey_recall"


COUNTED: Final = frozenset({Aspect.PEOPLE_TALKING, Aspect.BRANDED_VISITS, Aspect.INBOUND_LINKS})
"""Counts have no upper end, so they are told against the largest compared: a named rival's, or one's own before."""


class Measured(msgspec.Struct, frozen=True):
    """A part: a count with the ``largest`` it is compared with; a share of one; or sentiment from −1 to 1."""

    value: float
    largest: float = 0.0


class AuthorityPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part as it went in. ``score`` is between 0 and 1, ``weight`` its part of the whole score."""

    aspect: Aspect
    value: float
    score: float
    weight: float


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """``score`` between 0 and 100, or None when fewer than three parts are known; what it is made of stands with it."""

    score: float | None
    parts: tuple[AuthorityPart, ...]
    missing: tuple[Aspect, ...]


def authority(
    measured: Mapping[Aspect, Measured | None], *, weights: Mapping[Aspect, float] | None = None
) -> Authority:
    """The mean of the known parts' scores × 100. ``weights``: 1 each unless given; one may not be below nothing.

    Score of a count: log(1 + value) ÷ log(1 + largest), as the tenth mention tells more than the thousandth; of a
    share: itself; of net sentiment: (net + 1) ÷ 2. Raises ValueError for a value out of its range.
    """
    known = [(aspect, found) for aspect in Aspect if (found := measured.get(aspect)) is not None]
    weighed = {aspect: (weights or {}).get(aspect, 1.0) for aspect, _ in known}
    if any(not weight >= 0 or math.isinf(weight) for weight in weighed.values()):
        raise ValueError("a weight is a number, not below nothing")
    together = math.fsum(weighed.values())
    parts = tuple(
        AuthorityPart(
            aspect=aspect, value=found.value, score=_score(aspect, found),
            weight=weighed[aspect] / together if together else 0.0,
        )
        for aspect, found in known
    )  # fmt: skip
    enough = sum(part.weight > 0 for part in parts) >= FEWEST_PARTS
    return Authority(
        score=100 * math.fsum(part.score * part.weight for part in parts) if enough else None,
        parts=parts,
        missing=tuple(aspect for aspect in Aspect if measured.get(aspect) is None),
    )


def _score(aspect: Aspect, found: Measured) -> float:
    if aspect in COUNTED:
        if not (0 <= found.value < math.inf):
            raise ValueError("a count is not below nothing")
        largest = max(found.largest, found.value)
        return math.log1p(found.value) / math.log1p(largest) if largest else 0.0
    low = -1.0 if aspect == Aspect.NET_SENTIMENT else 0.0
    if not low <= found.value <= 1:
        raise ValueError(f"{aspect} is between {low:g} and 1")
    return (found.value - low) / (1 - low)


def strongest(of: Authority) -> Sequence[AuthorityPart]:
    """Its parts, what helps most first: the answer to "what should I work on" stands at the end."""
    return sorted(of.parts, key=lambda part: (-part.score, part.aspect))
