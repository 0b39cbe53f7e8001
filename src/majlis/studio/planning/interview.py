"""What a business says of itself, step by step: begun, left, and taken up where it was. Nothing of it is asked twice.

Price and margin are asked of those who keep the money; the others are not shown them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.text.clean import clean_text
from majlis.studio import access
from majlis.studio.actions.campaigns import GOALS
from majlis.studio.conversions import currencies
from majlis.studio.planning.tables import SQL
from majlis.studio.rivals import naming

MOST_LISTED: Final = 10
_MOST_HOURS: Final = Decimal(168)
_MOST_MONEY: Final = Decimal(10) ** 9
_LONGEST: Final = {"trade": 80, "place": 120, "serves": 500, "rival": 80, "tried": 200}


class Went(StrEnum):
    """How something that was tried went."""

    WELL = "well"
    SO_SO = "so_so"
    BADLY = "badly"
    UNKNOWN = "unknown"


WENT: Final[dict[Went, str | Promise]] = {
    Went.WELL: pgettext_lazy("how something tried went", "It went well"),
    Went.SO_SO: pgettext_lazy("how something tried went", "So-so"),
    Went.BADLY: pgettext_lazy("how something tried went", "It went badly"),
    Went.UNKNOWN: pgettext_lazy("how something tried went", "Nobody knows"),
}


class About(StrEnum):
    """What of a plan something that was tried is about: a kind of post, a part of the day, how often, promotion. Empty: of
    none."""

    NOTHING = ""
    PHOTO = "photo"
    TEXT = "text"
    POLL = "poll"
    ARTICLE = "article"
    EARLY = "part_6"
    MORNING = "part_9"
    NOON = "part_12"
    EVENING = "part_15"
    OFTEN = "often"
    PROMOTION = "promotion"


ABOUT: Final[dict[About, str | Promise]] = {
    About.NOTHING: pgettext_lazy("what was tried", "Something else"),
    About.PHOTO: pgettext_lazy("what was tried", "Posts with photos"),
    About.TEXT: pgettext_lazy("what was tried", "Posts of words alone"),
    About.POLL: pgettext_lazy("what was tried", "Polls"),
    About.ARTICLE: pgettext_lazy("what was tried", "Articles"),
    About.EARLY: pgettext_lazy("what was tried", "Posting early (6 to 9)"),
    About.MORNING: pgettext_lazy("what was tried", "Posting in the morning (9 to 12)"),
    About.NOON: pgettext_lazy("what was tried", "Posting at noon (12 to 15)"),
    About.EVENING: pgettext_lazy("what was tried", "Posting in the afternoon or evening"),
    About.OFTEN: pgettext_lazy("what was tried", "Posting more often"),
    About.PROMOTION: pgettext_lazy("what was tried", "Paid promotion"),
}
_CHOICES: Final = (
    (About.PHOTO, About.TEXT, About.POLL, About.ARTICLE),
    (About.EARLY, About.MORNING, About.NOON, About.EVENING),
)
"""Of each of these a plan needs one that did not go badly."""


class Crowd(StrEnum):
    """Whom a business serves, as far as it says when they might read."""

    FAMILIES = "families"
    WORKERS = "workers"
    STUDENTS = "students"
    VISITORS = "visitors"
    BUSINESSES = "businesses"


CROWDS: Final[dict[Crowd, str | Promise]] = {
    Crowd.FAMILIES: pgettext_lazy("whom a business serves", "Families"),
    Crowd.WORKERS: pgettext_lazy("whom a business serves", "People on their way to work"),
    Crowd.STUDENTS: pgettext_lazy("whom a business serves", "Students and the young"),
    Crowd.VISITORS: pgettext_lazy("whom a business serves", "Visitors of the town"),
    Crowd.BUSINESSES: pgettext_lazy("whom a business serves", "Other businesses"),
}


READ: Final[dict[str, str | Promise]] = {
    "ar": pgettext_lazy("language that customers read", "Arabic"),
    "en": pgettext_lazy("language that customers read", "English"),
    "fr": pgettext_lazy("language that customers read", "French"),
}
"""Languages that a business may say its customers read."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was tried, and how it went. ``about``: what of a plan it bears on."""

    what: str
    went: Went = Went.UNKNOWN
    about: About = About.NOTHING


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered so far. ``goal`` is one of a campaign's; ``hours_week``: for posts, of all together; ``price``
    of a usual order and the share of it that is left (``margin``, of one), in ``currency``; ``read``: languages that those
    whom it serves read."""

    trade: str = ""
    place: str = ""
    serves: str = ""
    goal: str = ""
    hours_week: Decimal | None = None
    price: Decimal | None = None
    margin: Decimal | None = None
    currency: str = ""
    rivals: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    read: tuple[str, ...] = ()


class Interview(msgspec.Struct, frozen=True):
    """The answers, the step at which it is taken up, and whether it came to the end."""

    answers: Answers
    step: int
    done_at: datetime | None
    changed_at: datetime | None


STEPS: Final[tuple[tuple[str, str | Promise, tuple[str, ...]], ...]] = (
    ("business", _("What you do, and where"), ("trade", "place")),
    ("people", _("Whom it is for, and what for"), ("serves", "crowds", "read", "goal")),
    ("hours", _("The time you have"), ("hours_week",)),
    ("money", _("What an order brings"), ("price", "margin", "currency")),
    ("others", _("Others, and what you have tried"), ("rivals", "tried")),
)
"""The steps in their order: a name, its heading, what it asks."""
MONEY_STEP: Final = "money"
_read: Final = json.own_reader(Answers)


def steps(team: OnTeam) -> list[tuple[str, str | Promise, tuple[str, ...]]]:
    """The steps that somebody is asked; without the money for who does not keep it."""
    return [each for each in STEPS if each[0] != MONEY_STEP or team.may(Permission.BUDGET)]


def interview(team: OnTeam) -> Interview:
    """What was answered so far; price and margin only for who sees the money."""
    found = of_page(team.page_id)
    if team.may(Permission.MONEY):
        return found
    hidden = msgspec.structs.replace(found.answers, price=None, margin=None, currency="")
    return msgspec.structs.replace(found, answers=hidden)


def of_page(page_id: int) -> Interview:
    """All of it, for the plan. One query."""
    row = sql.one(SQL["interview"], page=page_id)
    return Interview(_read(row[0]), *row[1:]) if row else Interview(Answers(), 0, None, None)


def answer(
    team: OnTeam, *, given: Mapping[str, Any], step: int = 0, done: bool = False, at: datetime
) -> None:
    """Keep answers; what is not given stays. ``step``: how many steps are answered now.

    Raises:
        BadInput: with a sentence, and in ``field`` which answer it is about; nothing is kept then.
        NotAllowed: price, margin or currency, and she does not keep the money.
    """
    with transaction.atomic():
        team = access.again(team, Permission.WRITE)
        if {"price", "margin", "currency"} & given.keys():
            team.require(Permission.BUDGET)
        present = of_page(team.page_id).answers
        checked = {name: _CHECKS[name](value) for name, value in given.items()}
        answers = msgspec.structs.replace(present, **checked)
        if answers.price is not None and not answers.currency:
            raise BadInput(_("Say in which currency: three letters, like USD."), field="currency")
        sql.execute(
            SQL["keep_interview"], page=team.page_id, answers=json.encode(answers).decode(), step=step,
            done_at=at if done else None, by=team.by, at=at,
        )  # fmt: skip
        _name_rivals(team, set(answers.rivals) - set(present.rivals), at=at)
        deeds.note(team, "interview.answered", at=at)


def _name_rivals(team: OnTeam, names: Collection[str], *, at: datetime) -> None:
    """Whom she names is compared with from now on: an account of this server by its address (@name), anybody else by
    his name as a word. What cannot be looked for stays an answer and no more."""
    if not team.may(Permission.TRACK):
        return
    for name in sorted(names):
        acct = name if name.startswith("@") else ""
        with contextlib.suppress(BadInput, Conflict, NotThere), transaction.atomic():
            naming.name_rival(team, name="" if acct else name, acct=acct, at=at)


def _line(value: str, longest: int) -> str:
    return " ".join(clean_text(value).split())[:longest]


def _goal(value: str) -> str:
    if value and value not in GOALS:
        raise BadInput(_("Choose what it is for."), field="goal", code="goal")
    return value


def _hours(value: Decimal | None) -> Decimal | None:
    if value is not None and (not value.is_finite() or not 0 < value <= _MOST_HOURS):
        raise BadInput(
            _("Hours of a week are more than 0 and at most 168."), field="hours_week", code="hours"
        )
    return None if value is None else value.quantize(Decimal("0.01"))


def _price(value: Decimal | None) -> Decimal | None:
    if value is not None and (not value.is_finite() or not 0 < value <= _MOST_MONEY):
        raise BadInput(_("A price is an amount above zero, like 12.50."), field="price", code="price")
    return None if value is None else value.quantize(Decimal("0.001"))


def _margin(value: Decimal | None) -> Decimal | None:
    if value is not None and (not value.is_finite() or not 0 <= value <= 1):
        raise BadInput(
            _("What is left of a price lies between 0 and 100 percent."), field="margin", code="margin"
        )
    return None if value is None else value.quantize(Decimal("0.0001"))


def _currency(value: str) -> str:
    return currencies.currency(value) if value.strip() else ""


def _rivals(value: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for each in value if (name := _line(each, _LONGEST["rival"]))))
    if len(names) > MOST_LISTED:
        raise BadInput(_("Name ten at the most."), field="rivals", code="too_many")
    return names


def _tried(value: tuple[Tried, ...]) -> tuple[Tried, ...]:
    kept = tuple(
        Tried(what=what, went=each.went, about=each.about)
        for each in value
        if (what := _line(each.what or str(ABOUT[each.about] if each.about else ""), _LONGEST["tried"]))
    )
    if len(kept) > MOST_LISTED:
        raise BadInput(_("Name ten at the most."), field="tried", code="too_many")
    told = went_of(kept)
    if any(all(told.get(about) is Went.BADLY for about in choices) for choices in _CHOICES):
        raise BadInput(
            _("If all kinds of post or all hours went badly, nothing is left to propose. Leave out the least bad one."),
            field="tried", code="nothing_left",
        )  # fmt: skip
    return kept


def went_of(tried: Collection[Tried]) -> dict[About, Went]:
    """How each thing went that a plan knows of. What is said to have gone well and badly is told of neither."""
    said: dict[About, set[Went]] = {}
    for each in tried:
        if each.about and each.went in (Went.WELL, Went.BADLY):
            said.setdefault(each.about, set()).add(each.went)
    return {about: went.pop() for about, went in said.items() if len(went) == 1}


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if set(value) - READ.keys():
        raise BadInput(_("Choose among the languages that are offered."), field="read", code="language")
    return tuple(dict.fromkeys(value))


_CHECKS: Final[Mapping[str, Any]] = {
    "trade": lambda value: _line(value, _LONGEST["trade"]),
    "place": lambda value: _line(value, _LONGEST["place"]),
    "serves": lambda value: clean_text(value).strip()[: _LONGEST["serves"]],
    "crowds": lambda value: tuple(dict.fromkeys(value)),
    "read": _languages,
    "goal": _goal,
    "hours_week": _hours,
    "price": _price,
    "margin": _margin,
    "currency": _currency,
    "rivals": _rivals,
    "tried": _tried,
}
