"""The model as it is used: four numbers a place, summed over the places of a text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from majlis.core import json
from majlis.insights.moods.features import LONGEST, is_arabic, places, spelt, tokens

if TYPE_CHECKING:
    import numpy as np

HERE: Final = Path(__file__).parent
WEIGHTS: Final = HERE / "weights.npy"
TERMS: Final = HERE / "terms.json"


class Sound(StrEnum):
    """How a text sounds."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


SOUNDS: Final = tuple(Sound)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities of one text: ``negative``, ``neutral`` and ``positive`` sum to 1; ``complaint`` is its own."""

    negative: float
    neutral: float
    positive: float
    complaint: float

    @property
    def sound(self) -> Sound:
        """The most probable."""
        return max(SOUNDS, key=lambda each: getattr(self, each))

    @property
    def confidence(self) -> float:
        """Of that: how often readings like this one are right, on texts of the kind it was trained on."""
        return max(self.negative, self.neutral, self.positive)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What turns sums into probabilities, for one script. ``scale`` of each column undoes the rounding to 8 bits;
    ``cold`` (Guo et al. 2017, "On calibration of modern neural networks") and ``slope`` (Platt 1999) calibrate."""

    bias: tuple[float, ...]
    cold: float
    slope: float
    offset: float


class Model(msgspec.Struct, frozen=True):
    """``weights``: int8, a row a place, columns negative, neutral, positive, complaint; ``scale``: one a column."""

    weights: Any
    scale: tuple[float, ...]
    arabic: Terms
    latin: Terms

    def read(self, text: str) -> Reading:
        """One text. Of an empty one nothing is known: neutral, and no complaint."""
        import numpy as np  # noqa: PLC0415  # loaded with the first text

        if not tokens(spelt(text[:LONGEST])):
            return Reading(negative=0.0, neutral=1.0, positive=0.0, complaint=0.0)
        terms = self.arabic if is_arabic(text) else self.latin
        found, words = places(text)
        rows = self.weights[found]
        sums = rows[:words].sum(axis=0, dtype=np.int32) / math.sqrt(words)
        if len(found) > words:
            sums = sums + rows[words:].sum(axis=0, dtype=np.int32) / math.sqrt(len(found) - words)
        values = [float(value) * scale + bias
                  for value, scale, bias in zip(sums, self.scale, terms.bias, strict=True)]  # fmt: skip
        return _reading(values, terms)


def _reading(values: list[float], terms: Terms) -> Reading:
    cold = [value / terms.cold for value in values[:3]]
    parts = [math.exp(value - max(cold)) for value in cold]
    whole = math.fsum(parts)
    return Reading(
        negative=parts[0] / whole, neutral=parts[1] / whole, positive=parts[2] / whole,
        complaint=_logistic(terms.slope * values[3] + terms.offset),
    )  # fmt: skip


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


@cache
def shipped() -> Model:
    """The model of the package. It is mapped, not read: pages of the table come as they are needed."""
    import numpy as np  # noqa: PLC0415  # loaded with the first text

    told: Any = json.decode_own(TERMS.read_bytes())
    weights: np.ndarray[Any, Any] = np.load(WEIGHTS, mmap_mode="r")
    return Model(
        weights=weights, scale=tuple(told["scale"]), arabic=msgspec.convert(told["arabic"], Terms),
        latin=msgspec.convert(told["latin"], Terms),
    )  # fmt: skip


def read(text: str) -> Reading:
    """How a text sounds, by the shipped model."""
    return shipped().read(text)


def read_all(texts: Iterable[str]) -> Iterator[Reading]:
    """How each text sounds, in their order."""
    model = shipped()
    return (model.read(text) for text in texts)
