"""What facts add up to, said plainly over a list of them: the oracle of recording."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from majlis.insights.funnel import Funnel
from majlis.insights.kinds import INTERACTIONS, Kind, State
from majlis.insights.models import Encounter, Fact, Hourly, LastSeen, PageViewer, Standing
from majlis.insights.recording import NewFact

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS = ((Kind.SERVED, Kind.IMPRESSION), (Kind.IMPRESSION,), (Kind.LINK_CLICK,))


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


def lasts(facts: dict[tuple[int, int, int, int], NewFact]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """By (page, viewer): the quarters of an hour in which somebody known was last served or viewed a post of it,
    viewed one, and followed a link."""
    found: dict[tuple[int, int], list[datetime | None]] = defaultdict(lambda: [None, None, None])
    for (_post, viewer, kind, _nonce), fact in facts.items():
        for place, kinds in enumerate(_STEPS):
            if viewer and kind in kinds:
                last = found[fact.page_id, viewer]
                last[place] = max(last[place] or _EPOCH, quarter(fact.at))
    return {pair: tuple(last) for pair, last in found.items()}


def funnel(
    done: Iterable[tuple[int, int, int, datetime]],
    *,
    since: datetime,
    ordered: Collection[int],
    page_id: int | None = None,
) -> Funnel:
    """The steps, of single facts: page, viewer, kind, moment."""
    met, viewed, clicked = (
        {
            viewer
            for page, viewer, kind, at in done
            if viewer and kind in kinds and at >= since and page_id in (None, page)
        }
        for kinds in _STEPS
    )
    clicked &= viewed
    return Funnel(len(met), len(viewed), len(clicked), len(clicked & set(ordered)))


def quarter(at: datetime) -> datetime:
    """When the quarter of an hour began."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


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
    last = {(v.page_id, v.viewer): (v.met_at, v.last_at, v.clicked_at) for v in PageViewer.objects.all()}
    keys = set(Fact.objects.values_list("post_id", "viewer", "kind", "nonce"))
    return hours, met, last, keys


def hours_agree() -> bool:
    """Rollups equal the facts that are stored."""
    counted: dict[tuple[Any, ...], int] = Counter(
        (f.page_id, f.at.replace(minute=0, second=0, microsecond=0), f.post_id, f.kind, f.source, f.paid)
        for f in Fact.objects.all()
    )
    kept = {
        (h.page_id, h.hour, h.post_id, h.kind, h.source, h.paid): h.facts
        for h in Hourly.objects.all()
        if h.facts
    }
    reach = Counter(Encounter.objects.exclude(viewed_at=None).values_list("post_id", flat=True))
    first = Counter(dict.fromkeys(reach, 0))
    for h in Hourly.objects.exclude(reach=0):
        first[h.post_id] += h.reach
    return kept == counted and +first == reach


def counts_agree() -> bool:
    """What the ledger and the windows read equals the encounters and viewers, counted anew."""
    standing: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 5)
    for e in Encounter.objects.all():
        seen = [1, int(e.viewed_at is not None), int(e.organic), int(e.paid), e.impressions]
        key = (e.post_id, e.follower, e.state)
        standing[key] = [a + b for a, b in zip(standing[key], seen, strict=True)]
    kept = {
        (s.post_id, s.follower, s.state): [s.members, s.viewed, s.organic, s.paid, s.impressions]
        for s in Standing.objects.all()
        if s.members
    }
    seen: Counter[tuple[int, datetime, str]] = Counter()
    for viewer in PageViewer.objects.all():
        both = min(viewer.last_at, viewer.clicked_at) if viewer.last_at and viewer.clicked_at else None
        for at, which in (
            (viewer.met_at, "met"),
            (viewer.last_at, "viewers"),
            (viewer.followed_at, "followers"),
            (both, "clicked"),
        ):
            if at:
                seen[viewer.page_id, at, which] += 1
    found = Counter(
        {
            (each.page_id, each.at, which): getattr(each, which)
            for each in LastSeen.objects.all()
            for which in ("met", "viewers", "followers", "clicked")
        }
    )
    return kept == dict(standing) and +found == seen and min(found.values(), default=0) >= 0


def firsts_agree() -> bool:
    """The number that sorts says the same as the moment beside it."""
    return all(
        _EPOCH + timedelta(microseconds=number // 64) == at
        for number, at in Encounter.objects.exclude(first_view=None).values_list("first_view", F("viewed_at"))
    )
