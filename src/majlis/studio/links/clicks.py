"""Clicks, written many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.insights import members, recording
from majlis.insights.kinds import Kind, Source
from majlis.studio.links.memory import SQL


class NewClick(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody was redirected. ``profile_id`` is 0 for somebody who is not signed in."""

    link_id: int
    page_id: int
    post_id: int
    token: str
    at: datetime
    profile_id: int = 0
    source: Source = Source.OUTSIDE
    paid: bool = False


def record(clicks: Sequence[NewClick], *, arrived_at: datetime) -> int:
    """Keep the clicks and the facts that they are, all or nothing; the same ones again change nothing.

    Who is not measured is counted as somebody unknown. Returns how many were new.
    """
    if not clicks:
        return 0
    with transaction.atomic():
        recording.hold_still()
        members.ensure(click.profile_id for click in clicks)
        rows = sql.rows(
            SQL["record_clicks"],
            ids=[new_id() for _ in clicks],
            links=[click.link_id for click in clicks],
            posts=[click.post_id for click in clicks],
            tokens=[click.token for click in clicks],
            profiles=[click.profile_id for click in clicks],
            sources=[int(click.source) for click in clicks],
            paids=[click.paid for click in clicks],
            ats=[click.at for click in clicks],
        )
        kept = {token: (click_id, viewer) for token, click_id, viewer in rows}
        facts = [_fact(click, *kept[click.token]) for click in clicks if click.token in kept]
        recording.record(facts, arrived_at=arrived_at)
    return len(kept)


def _fact(click: NewClick, click_id: int, viewer: int) -> recording.NewFact:
    return recording.NewFact(
        page_id=click.page_id,
        post_id=click.post_id,
        profile_id=click.profile_id if viewer else 0,
        kind=Kind.LINK_CLICK,
        source=_source(click, viewer),
        paid=click.paid,
        nonce=click_id,
        at=click.at,
        link_id=click.link_id,
    )


def _source(click: NewClick, viewer: int) -> Source:
    """Rates are of members: OUTSIDE is for whoever is not known, and for nobody else."""
    if not viewer:
        return Source.OUTSIDE
    return Source.APP if click.source is Source.OUTSIDE else click.source
