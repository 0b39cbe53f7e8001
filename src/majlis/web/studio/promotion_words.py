"""Promotion in words: prices, for whom it is meant, how it stands. Shared by what the team and the members read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel.lists import format_list
from babel.numbers import format_currency, get_currency_precision
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from majlis.core.text.bidi import POP_DIRECTIONAL_ISOLATE, direction, isolate, without_bidi_marks
from majlis.studio.promotion import audience as audiences
from majlis.studio.promotion import money
from majlis.studio.promotion.audience import Audience
from majlis.studio.promotion.queries import State
from majlis.web import composer, formats

LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
RIGHT_TO_LEFT_ISOLATE: Final = "\u2067"
_FINEST: Final = 4
STATES: Final[Mapping[State, tuple[str | Promise, str]]] = {
    "waiting": (pgettext_lazy("promotion", "Not started"), ""),
    "running": (pgettext_lazy("promotion", "Running"), "good"),
    "paused": (pgettext_lazy("promotion", "Paused"), "warn"),
    "spent": (pgettext_lazy("promotion", "Budget spent"), ""),
    "over": (pgettext_lazy("promotion", "Over"), ""),
    "stopped": (pgettext_lazy("promotion", "Stopped"), ""),
}


def price(amount: Decimal) -> str:
    """An amount of the house's currency as money: as many decimals as that currency has (CLDR). More than nothing
    and less than its smallest coin is said to be less than that coin, never nothing; so small a charge is exact."""
    digits = get_currency_precision(money.currency())
    coin = Decimal(1).scaleb(-digits)
    if 0 < amount < coin:
        return _("under %(amount)s") % {"amount": _written(coin, digits)}
    if -coin < amount < 0:
        return exact(amount)
    return _written(amount, digits)


def exact(amount: Decimal) -> str:
    """The same to the last decimal, for prices of one impression, and on demand: the currency's decimals, up to
    four where they say something."""
    exponent = amount.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) else 0
    return _written(amount, min(max(needed, get_currency_precision(money.currency())), _FINEST))


def _written(amount: Decimal, digits: int) -> str:
    """With so many decimals.

    It stands apart in the text around it, in the direction of the currency's sign: in Arabic pages US$ would
    otherwise be torn apart.
    """
    pattern = formats.locale().currency_formats["standard"].pattern.split(";")[0]
    text = format_currency(
        amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP),
        money.currency(),
        format=pattern.replace("0.00", f"0.{'0' * digits}" if digits else "0"),
        locale=formats.locale(),
        currency_digits=False,
        numbering_system="default",
    )
    text = without_bidi_marks(text).replace("\u200f", "").replace("\u200e", "")
    opening = RIGHT_TO_LEFT_ISOLATE if direction(text) == "rtl" else LEFT_TO_RIGHT_ISOLATE
    return f"{opening}{text}{POP_DIRECTIONAL_ISOLATE}"


def audience_sentences(audience: Audience, *, page: str) -> list[str]:
    """For whom it is meant, a sentence for each condition."""
    name = isolate(page)
    who = {
        "everyone": _("It is meant for everybody of this house."),
        "followers": _("It is meant for those who follow %(name)s.") % {"name": name},
        "not_followers": _("It is meant for those who do not follow %(name)s.") % {"name": name},
    }
    said = [who[audience.who]]
    if audience.languages:
        names = dict(composer.LANGUAGES)
        shown = _list([str(names.get(code, code)) for code in audience.languages])
        said.append(_("For those who write in %(languages)s.") % {"languages": shown})
    if audience.tags:
        shown = _list([isolate(f"#{tag}") for tag in audience.tags])
        said.append(_("For those who read %(tags)s.") % {"tags": shown})
    if audience.segment:
        said.append(_("For a group of its customers who allowed it to know them."))
    return said


def _list(words: list[str]) -> str:
    return str(format_list(words, style="or", locale=formats.locale()))


def reach_sentence(people: int) -> str:
    """Before starting: how many can see it, as a sentence with a number."""
    shown = audiences.about(people)
    if not shown:
        return _("Fewer than ten people of this house can see it. To so few nothing is promoted.")
    return ngettext(
        "About %(shown)s person of this house can see it.",
        "About %(shown)s people of this house can see it.",
        shown,
    ) % {"shown": formats.number(shown)}
