"""What facts add up to, said plainly over a list of them: the oracle of recording."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from majlis.insights.kinds import INTERACTIONS, Kind, State
from majlis.insights.models import DayViewer, Encounter, Fact, Hourly
from majlis.insights.recording import NewFact

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_of_each(facts: list[NewFact], viewers: dict[int, int]) -> dict[tuple[int, int, int, int], NewFact]:
    """The facts that count: the first with its key. ``viewers``: pseudonyms of who is measured."""
    kept: dict[tuple[int, int, int, int], NewFact] = {}
    for fact in facts:
        if fact.profile_id == fact.page_id or (fact.profile_id and fact.profile_id not in viewers):
            continue
        key = (fact.post_id, viewers.get(fact.profile_id, 0), int(fact.kind), fact.nonce)
        kept.setdefault(key, fact)
    return kept


def rollups(facts: dict[tuple[int, int, int, int], NewFact]) -> dict[tuple[Any, ...], list[int]]:
    """By (page, hour, post, kind, source, paid): facts, and viewers who viewed the post there first."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    firsts: dict[tuple[int, int], tuple[Any, ...]] = {}
    for (post, viewer, _kind, _nonce), fact in facts.items():
        found[_hour(fact)][0] += 1
        if fact.kind is Kind.IMPRESSION and post and viewer:
            candidate = (fact.at, int(fact.source), fact.paid, fact)
            earlier = firsts.get((post, viewer))
            if earlier is None or candidate[:3] < earlier[:3]:
                firsts[post, viewer] = candidate
    for *_order, fact in firsts.values():
        found[_hour(fact)][1] += 1
    return dict(found)


def _hour(fact: NewFact) -> tuple[Any, ...]:
    hour = fact.at.replace(minute=0, second=0, microsecond=0)
    return (fact.page_id, hour, fact.post_id, int(fact.kind), int(fact.source), fact.paid)


def encounters(facts: dict[tuple[int, int, int, int], NewFact]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """By (post, viewer): state, impressions, organic, paid, when first served, viewed, engaged."""
    met: dict[tuple[int, int], list[NewFact]] = defaultdict(list)
    for (post, viewer, _kind, _nonce), fact in facts.items():
        if post and viewer:
            met[post, viewer].append(fact)
    return {pair: _encounter(of_pair) for pair, of_pair in met.items()}


def _encounter(facts: list[NewFact]) -> tuple[Any, ...]:
    views = [fact for fact in facts if fact.kind is Kind.IMPRESSION]
    engaged = [fact for fact in facts if fact.kind in INTERACTIONS]
    served = [fact for fact in facts if fact.kind is Kind.SERVED]
    state = State.ENGAGED if engaged else State.VIEWED if views else State.SERVED
    return (
        int(state),
        len(views),
        any(not fact.paid for fact in views),
        any(fact.paid for fact in views),
        *(min((fact.at for fact in some), default=None) for some in (served, views, engaged)),
    )


def days(facts: dict[tuple[int, int, int, int], NewFact]) -> set[tuple[Any, ...]]:
    """(page, day, viewer) of every impression of somebody known."""
    return {
        (fact.page_id, fact.at.date(), viewer)
        for (_post, viewer, kind, _nonce), fact in facts.items()
        if viewer and kind == Kind.IMPRESSION
    }


def stored() -> tuple[Any, ...]:
    """What is in the tables, in the same shapes."""
    hours = {
        (h.page_id, h.hour, h.post_id, h.kind, h.source, h.paid): [h.facts, h.reach]
        for h in Hourly.objects.exclude(facts=0, reach=0)
    }
    met = {
        (e.post_id, e.viewer): (
            e.state, e.impressions, e.organic, e.paid, e.served_at, e.viewed_at, e.engaged_at,
        )
        for e in Encounter.objects.all()
    }  # fmt: skip
    by_day = set(DayViewer.objects.values_list("page_id", "day", "viewer"))
    keys = set(Fact.objects.values_list("post_id", "viewer", "kind", "nonce"))
    return hours, met, by_day, keys


def firsts_agree() -> bool:
    """The number that sorts says the same as the moment beside it."""
    return all(
        _EPOCH + timedelta(microseconds=number // 64) == at
        for number, at in Encounter.objects.exclude(first_view=None).values_list("first_view", F("viewed_at"))
    )
