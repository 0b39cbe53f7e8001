"""Who belongs to a group: a rule as it is stored, read from forms and requests, and as a condition in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import BadInput
from majlis.studio.conversions.currencies import latin_digits
from majlis.studio.customers.statements import OVERDUE, STAGE

STAGES: Final = ("new", "recent", "quiet", "old", "none")
MOST_TAGS: Final = 10


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is said has to be true of a customer; of stages and tags, one.

    ``recency`` to ``money``: at least this fifth. ``value_from``/``value_to``: paid in her main currency.
    ``last_from``/``last_to``: days since her last order, at least and at most. ``consent``: may be written to.
    ``named``: the business knows a name.
    """

    stages: tuple[str, ...] = ()
    overdue: bool = False
    tags: tuple[str, ...] = ()
    recency: int | None = None
    frequency: int | None = None
    money: int | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    currency: str = ""
    last_from: int | None = None
    last_to: int | None = None
    campaign_id: int | None = None
    consent: bool = False
    named: bool = False


EVERYBODY: Final = Rule()
stored: Final = json.own_reader(Rule)


def read(given: Mapping[str, Any], *, stages: Iterable[str] = (), tags: Iterable[str] = ()) -> Rule:
    """A rule from a form or a request.

    Raises:
        BadInput: one of it is no choice or no number.
    """
    chosen = tuple(dict.fromkeys(stages))
    if any(stage not in STAGES for stage in chosen):
        raise BadInput(_("There is no such choice."), field="stages")
    kept_tags = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept_tags) > MOST_TAGS:
        raise BadInput(_("Ten tags at the most."), field="tags")
    return Rule(
        stages=chosen,
        overdue=bool(given.get("overdue")),
        tags=kept_tags,
        recency=_whole(given, "recency", 1, 5),
        frequency=_whole(given, "frequency", 1, 5),
        money=_whole(given, "money", 1, 5),
        value_from=_amount(given, "value_from"),
        value_to=_amount(given, "value_to"),
        currency=str(given.get("currency") or "").strip().upper()[:3],
        last_from=_whole(given, "last_from", 0, 36_500),
        last_to=_whole(given, "last_to", 0, 36_500),
        campaign_id=_whole(given, "campaign_id", 1, 2**63 - 1),
        consent=bool(given.get("consent")),
        named=bool(given.get("named")),
    )


def _whole(given: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    text = latin_digits(str(given.get(name) if given.get(name) is not None else "")).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise BadInput(_("This is no number that can be taken."), field=name)
    return int(text)


def _amount(given: Mapping[str, Any], name: str) -> Decimal | None:
    text = latin_digits(str(given.get(name) if given.get(name) is not None else "")).strip()
    if not text:
        return None
    try:
        found = Decimal(text[:20])
        if not found.is_finite() or not 0 <= found < Decimal(10) ** 11:
            raise InvalidOperation
    except InvalidOperation:
        raise BadInput(_("This is no number that can be taken."), field=name) from None
    return found


def condition(rule: Rule) -> tuple[str, dict[str, Any]]:
    """The rule as SQL over ``brands_customer c LEFT JOIN studio_standing s``, and its parameters."""
    parts: list[str] = []
    values: dict[str, Any] = {}

    def needs(part: str, **given: Any) -> None:
        parts.append(part)
        values.update(given)

    real = [stage for stage in rule.stages if stage != "none"]
    if rule.stages == ("none",):
        needs("s.customer_id IS NULL")
    elif rule.stages:
        of_stage = f"(s.customer_id IS NOT NULL AND ({STAGE}) = ANY(%(stages)s::text[]))"
        needs(f"({of_stage} OR s.customer_id IS NULL)" if "none" in rule.stages else of_stage, stages=real)
    if rule.stages == ("new",):
        needs("s.first_at >= %(new_since)s::timestamptz")  # said again in a way that an index answers
    if rule.overdue:
        needs(f"coalesce({OVERDUE}, false)")
    if rule.tags:
        needs(
            "(" + " OR ".join(f"c.tags @> %(tag{n})s::jsonb" for n in range(len(rule.tags))) + ")",
            **{f"tag{n}": json.encode([tag]).decode() for n, tag in enumerate(rule.tags)},
        )
    for column in ("recency", "frequency", "money"):
        if (least := getattr(rule, column)) is not None:
            needs(f"s.{column} >= %(least_{column})s", **{f"least_{column}": least})
    if rule.value_from is not None:
        needs("s.value >= %(value_from)s", value_from=rule.value_from)
    if rule.value_to is not None:
        needs("s.value <= %(value_to)s", value_to=rule.value_to)
    if rule.currency:
        needs("s.currency = %(currency)s", currency=rule.currency)
    if rule.last_from is not None:
        needs(
            "s.last_at <= %(now)s::timestamptz - make_interval(days => %(last_from)s)",
            last_from=rule.last_from,
        )
    if rule.last_to is not None:
        needs("s.last_at >= %(now)s::timestamptz - make_interval(days => %(last_to)s)", last_to=rule.last_to)
    if rule.campaign_id is not None:
        needs(_IN_CAMPAIGN, campaign=rule.campaign_id)
    if rule.consent:
        needs("c.consent = 'yes'")
    if rule.named:
        needs("c.name <> ''")
    return " AND ".join(parts) or "TRUE", values


_IN_CAMPAIGN: Final = """c.id IN (
    SELECT k.customer_id FROM brands_customerkey k
    JOIN studio_order o ON o.page_id = k.page_id AND o.customer = k.key AND o.customer <> ''
    LEFT JOIN studio_promocode w ON w.id = o.promo_code_id
    LEFT JOIN studio_click i ON i.id = o.click_id LEFT JOIN studio_trackedlink l ON l.id = i.link_id
    WHERE k.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.value > 0
      AND (w.campaign_id = %(campaign)s OR l.campaign_id = %(campaign)s))"""
