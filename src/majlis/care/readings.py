"""How a text of a customer is read: the one place where care and the model of ``insights.moods`` meet."""

from __future__ import annotations

from typing import Final

import msgspec

from majlis.core.text.language import detect_language
from majlis.insights import moods

SOUNDS: Final = ("negative", "neutral", "positive")
COMPLAINT: Final = 0.5
"""From this probability on a text is taken for a complaint, until somebody says otherwise."""
URGENT: Final = 0.7


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities of one text; ``cause`` of the model's list with how sure it is, empty where it does not say."""

    complaint: float
    negative: float
    neutral: float
    positive: float
    language: str = ""
    dialect: str = ""
    cause: str = ""
    cause_sure: float | None = None
    urgency: float | None = None

    @property
    def sound(self) -> str:
        """The most probable of the three."""
        return max(SOUNDS, key=lambda each: float(getattr(self, each)))


def read(text: str) -> Read:
    """A text, by the model that ships."""
    found = moods.read(text)
    return Read(
        complaint=found.complaint, negative=found.negative, neutral=found.neutral, positive=found.positive,
        language=detect_language(text) or "",
    )  # fmt: skip
