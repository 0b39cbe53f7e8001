"""What was expected of the bakery's posts, what it said of itself, and its plan with a few weeks' looks at it.

Each expectation is made as it would have been on its day: from what was known then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.posts.actions.bulk import WholePost
from majlis.studio.planning import forecasts, interview, plans
from majlis.studio.planning.interview import About, Crowd, Tried, Went

_NEWEST: Final = 45
"""Posts of which something was expected: the older ones were out before anybody asked."""
_LOOKS: Final = 3
_SAID: Final = {
    "trade": "مخبز · Bakery",
    "place": "الأشرفية، بيروت · Ashrafieh, Beirut",
    "serves": "عائلات الحيّ، ومكاتب تفطر معًا · Families nearby, and offices that breakfast together",
    "crowds": (Crowd.FAMILIES, Crowd.BUSINESSES),
    "read": ("ar", "en"),
    "goal": "orders",
    "hours_week": Decimal(6),
    "rivals": ("فرن الساحة · Al Saha bakery", "Crust & Co"),
    "tried": (
        Tried(what="منشورات ورقية في الحيّ · Flyers in the neighbourhood", went=Went.BADLY),
        Tried(what="صور من الفرن فجرًا · Pictures from the oven at dawn", went=Went.WELL, about=About.EARLY),
        Tried(what="استطلاعات · Polls about next week's bread", went=Went.BADLY, about=About.POLL),
        Tried(what="إعلان في جريدة · A newspaper advertisement", went=Went.UNKNOWN),
    ),
}  # fmt: skip


def expect(page: int, posts: Sequence[WholePost], *, at: datetime) -> int:
    """Ranges for the newest posts, scored where their seven days are over; how many."""
    newest = sorted(posts, key=lambda post: post.made_at)[-_NEWEST:]
    kept = 0
    for post in newest:
        # those whose week was over by then were known by then
        forecasts.score(at=post.made_at)
        kept += forecasts.keep(page_id=page, post_id=post.id, at=post.made_at)
    forecasts.score(at=at)
    return kept


def plan(team: Mapping[Role, OnTeam], *, at: datetime) -> None:
    """The interview, and the plan as it was made and looked at since."""
    owner = team[Role.OWNER]
    begun = at - timedelta(weeks=_LOOKS, hours=1)
    interview.answer(owner, given=_SAID, step=5, done=True, at=begun)
    price = {"price": Decimal("14.50"), "margin": Decimal("0.42"), "currency": str(settings.MAJLIS.currency)}
    interview.answer(owner, given=price, step=5, at=begun)
    plans.make(owner, at=begun)
    for week in range(1, _LOOKS + 1):
        plans.look_again(page_id=owner.page_id, at=begun + timedelta(weeks=week))
    plans.test_again(page_id=owner.page_id, at=at)
    found = plans.plan(owner, at=at)
    for line in [line for line in (found.lines if found else ()) if line.open and line.due_at > at][:2]:
        plans.take(team[Role.EDITOR], line_id=line.id, at=at - timedelta(minutes=20))
