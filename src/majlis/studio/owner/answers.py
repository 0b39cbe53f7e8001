"""What a question is answered with: a sentence first, the figures it rests on, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.insights.exports.sheet import Sheet
from majlis.insights.figures import Figure
from majlis.insights.plots.plot import Plot

CENT: Final = Decimal("0.01")


class Question(StrEnum):
    """The four, in this order."""

    PAID = "paid"
    EARNED = "earned"
    SLIPPING = "slipping"
    STOP = "stop"


ASKED: Final[Mapping[Question, str | Promise]] = {
    Question.PAID: _("Did the month pay?"),
    Question.EARNED: _("Which post earned most per hour?"),
    Question.SLIPPING: _("Which customers are slipping away?"),
    Question.STOP: _("What should I stop doing?"),
}


class Todo(msgspec.Struct, frozen=True):
    """What to do about it. ``part`` is where: the address after the page's handle in the studio."""

    text: str
    part: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``enough`` False: the sentence says what is missing; ``more`` about how much of it, where that can be said."""

    question: Question
    sentence: str
    enough: bool
    more: int | None = None
    figures: tuple[Figure, ...]
    todo: tuple[Todo, ...]
    sheet: Sheet
    plot: Plot | None = None

    @property
    def asked(self) -> str:
        """The question in the reader's language."""
        return str(ASKED[self.question])


def cents(value: Decimal | None) -> Decimal | None:
    """An amount to the cent."""
    return None if value is None else value.quantize(CENT)
