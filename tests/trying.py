"""A bakery that tries something: followers by the dozen, posts that leave its studio, and who is held back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import plans
from cast import MOMENT, Bakery
from majlis.core.ids import new_id
from majlis.core.paging import Page
from majlis.feeds.home import FeedPage, home_page
from majlis.insights import following, serving
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact, record
from majlis.people.models import Follow
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.withholding import running
from majlis.studio import actions as plan
from majlis.studio.experiments import holding
from promoting import neighbours


def followers(house: Bakery, count: int) -> list[int]:
    """Neighbours who follow the bakery since before the moment; ids of their profiles."""
    ids = neighbours(count)
    Follow.objects.bulk_create(
        Follow(id=new_id(), follower_id=id_, followed_id=house.page.id, made_at=MOMENT) for id_ in ids
    )
    following.put_right(at=MOMENT)
    return ids


def publish(house: Bakery, text: str = "Warm bread from six", *, at: datetime = MOMENT, **more: Any) -> int:
    """A post that leaves the studio; its id."""
    team = plans.team_of(house)
    entry = plan.make(team=team, draft=plan.Draft(content=plans.content(text, **more)), at=at)
    return plan.publish_now(team=team, entry_id=entry, at=at)


def held_back(post_id: int, viewers: list[int], *, at: datetime = MOMENT) -> list[int]:
    """Those from whom the post is withheld."""
    hold = running(at)[post_id]
    return [viewer for viewer in viewers if hold.holds(holding.numbers([viewer]).get(viewer, 0))]


def opens(viewer: int, *, at: datetime, limit: int = 20) -> FeedPage:
    """She opens her home, and what she is served is written down."""
    found = home_page(viewer=viewer, page=Page(limit=limit), at=at)
    serving.served(
        viewer=viewer, ids=found.ids, source=Source.HOME, left_out=found.unwanted, first_page=True, at=at
    )
    serving.Writer().flush()
    return found


def views(viewer: int, post_id: int, *, page: int, at: datetime, kind: Kind = Kind.IMPRESSION) -> None:
    """She views it, or does something with it."""
    record(
        [NewFact(page_id=page, post_id=post_id, profile_id=viewer, kind=kind, source=Source.HOME, nonce=new_id(), at=at)],
        arrived_at=at,
    )  # fmt: skip


def posts_of(profile: int) -> int:
    """A post of somebody who is no page; its id."""
    return posts.publish(by=profile, params=PostParams(text="A walk"), at=MOMENT).post_id
