"""The posts of some weeks, each with what it cost, what it brought and whom it reached: what is compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.insights.plots import writing
from majlis.insights.reports.posts import posts as reports_of
from majlis.insights.windows import Window
from majlis.studio.money.atoms import atoms, grouped
from majlis.studio.money.results import Sums, summed

SQL: Final = sql.load("majlis.studio.owner")
LEAST_WORK: Final = 300
"""Seconds: of less work no rate per hour is told, it would be a large number that means nothing."""
_LINE: Final = 70


class Form(StrEnum):
    """What kind of post it is."""

    ARTICLE = "article"
    POLL = "poll"
    PHOTO = "photo"
    TEXT = "text"


class Hours(StrEnum):
    """When of the page's day it appeared, in steps of six hours."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @classmethod
    def of(cls, moment: datetime, *, zone: str) -> Hours:
        """Those of a moment."""
        return list(cls)[moment.astimezone(ZoneInfo(zone)).hour // 6]


FORMS: Final[Mapping[Form, str | Promise]] = {
    Form.ARTICLE: _("Articles"),
    Form.POLL: _("Polls"),
    Form.PHOTO: _("Posts with pictures"),
    Form.TEXT: _("Posts of words alone"),
}
HOURS: Final[Mapping[Hours, str | Promise]] = {
    Hours.NIGHT: _("Posts that appear at night (0 to 6 o’clock)"),
    Hours.MORNING: _("Posts that appear in the morning (6 to 12 o’clock)"),
    Hours.AFTERNOON: _("Posts that appear in the afternoon (12 to 18 o’clock)"),
    Hours.EVENING: _("Posts that appear in the evening (18 to 24 o’clock)"),
}


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A post. ``reached``: followers who saw it; None: it would tell of fewer than ten. ``campaign`` empty: none."""

    id: int
    words: str
    appeared_at: datetime
    form: Form
    hours: Hours
    campaign_id: int | None
    campaign: str
    sums: Sums
    reached: int | None

    @property
    def worked(self) -> bool:
        """Whether enough work on it is known to speak of an hour."""
        return self.sums.seconds >= LEAST_WORK

    @property
    def margin_per_hour(self) -> float | None:
        """Margin that came of it, less all but the hours, for each hour."""
        value = self.sums.per_hour
        return float(value) if value is not None and self.worked else None

    @property
    def reach_per_hour(self) -> float | None:
        """Followers who saw it, for each hour of work on it."""
        if self.reached is None or not self.worked:
            return None
        return self.reached / float(self.sums.hours)


class Pieces(msgspec.Struct, frozen=True, kw_only=True):
    """The posts of a window, newest first. ``unplaced`` seconds were worked for no post in particular."""

    window: Window
    currency: str
    posts: tuple[Piece, ...]
    unplaced: int

    @property
    def sold(self) -> bool:
        """Whether any of them brought an order."""
        return any(each.sums.came_orders for each in self.posts)

    @property
    def reported(self) -> bool:
        """Whether an order among them is a browser script's word."""
        return any(each.sums.reported for each in self.posts)


def pieces(team: OnTeam, *, window: Window) -> Pieces:
    """The posts that appeared in a window, with all that was worked, spent and ordered in it. Ten queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    terms, found = atoms(team, window=window)
    groups = grouped(found, "post_id")
    rows = sql.rows(SQL["posts"], page=team.page_id, since=window.since, until=window.until)
    reached = {each.id: each.seen.value for each in reports_of(team, window=window, limit=len(rows) or 1)}
    posts = []
    for id_, kind, photos, poll, title, text, appeared_at, campaign_id, campaign in rows:
        seen = reached.get(id_)
        posts.append(Piece(
            id=id_, words=in_a_line(title or text), appeared_at=appeared_at, form=_form(kind, photos, poll),
            hours=Hours.of(appeared_at, zone=team.time_zone), campaign_id=campaign_id, campaign=campaign or "",
            sums=summed(groups.get(id_, ()), terms.currency), reached=None if seen is None else int(seen),
        ))  # fmt: skip
    unplaced = sum(atom.seconds for atom in groups.get(None, ()))
    return Pieces(window=window, currency=terms.currency, posts=tuple(posts), unplaced=unplaced)


def _form(kind: str, photos: bool, poll: bool) -> Form:
    if kind == "article":
        return Form.ARTICLE
    if poll:
        return Form.POLL
    return Form.PHOTO if photos else Form.TEXT


def in_a_line(text: str) -> str:
    """The beginning of a text, on one line; "…" where it has no words."""
    return writing.beginning(text, _LINE) or "…"
