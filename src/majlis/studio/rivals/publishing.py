"""What the page and its rivals publish for everybody to see: how often, and what others do with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.insights.windows import Window
from majlis.studio.rivals.naming import SQL, Rival

POSTS_A_WEEK: Final = _("Public posts, not answers to others, ÷ weeks of the window.")
PER_FOLLOWER: Final = _(
    "Reactions, comments, boosts and quotes of the public posts of the window ÷ posts ÷ followers now."
)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What one of those compared published. ``per_follower``: reactions, comments and shares a post and follower; None
    without posts or followers. ``own``: it is the page itself."""

    name: str
    profile_id: int
    own: bool
    followers: int
    posts: int
    days: int
    a_week: float
    reactions: int
    comments: int
    shares: int
    per_follower: float | None
    last_at: datetime | None


def published(team: OnTeam, *, window: Window, among: Sequence[Rival]) -> list[Published]:
    """The page first, then those of its rivals that have a profile here, by how often they publish. One query.

    All of it can be seen by anybody who is not signed in: posts, their counters, how many follow.

    Raises:
        NotAllowed: her role does not include figures.
    """
    team.require(Permission.MEASURE)
    if window.since is None:
        raise ValueError("a window without beginning")
    names = {team.page_id: team.name} | {each.profile_id: each.name for each in among if each.profile_id}
    rows = sql.rows(
        SQL["published"], profiles=list(names), since=window.since, until=window.until, zone=team.time_zone,
        first=lowest_id_at(window.since), viewer=None,
    )  # fmt: skip
    weeks = max((window.until - window.since).total_seconds() / (7 * 86_400), 1 / 7)
    found = [_published(row, names[row[0]], own=row[0] == team.page_id, weeks=weeks) for row in rows]
    return sorted(found, key=lambda each: (not each.own, -each.posts, each.name))


def _published(row: Sequence[Any], name: str, *, own: bool, weeks: float) -> Published:
    profile, followers, posts, days, reactions, comments, shares, last = row
    done = int(reactions) + int(comments) + int(shares)
    return Published(
        name=name, profile_id=profile, own=own, followers=followers, posts=posts, days=days, a_week=posts / weeks,
        reactions=int(reactions), comments=int(comments), shares=int(shares),
        per_follower=done / posts / followers if posts and followers else None, last_at=last,
    )  # fmt: skip
