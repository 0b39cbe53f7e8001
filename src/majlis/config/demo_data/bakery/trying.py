"""What the bakery tries: a holdout that begins today, two versions of a post for tomorrow, two targets of a link that
was followed for weeks, a post of this week that is shown once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.posts.actions.bulk import WholePost
from majlis.posts.composing import PostParams
from majlis.studio import actions as plan
from majlis.studio.actions import Draft
from majlis.studio.content import Content
from majlis.studio.experiments import actions, link_tests
from majlis.studio.links import queries

_DAY: Final = timedelta(days=1)
_SHARE: Final = 0.1
_A: Final = "صباح الغد: خبز القمح البلدي من السادسة، والأوّل الواصل له الرغيف الأوّل."
_B: Final = "رائحة الخبز تسبق المنبّه. غدًا من السادسة عند باب بيت زيتون."
_TARGET: Final = "https://example.org/bread/today"


def try_out(
    team: Mapping[Role, OnTeam], posts: Sequence[WholePost], *, since: datetime, at: datetime
) -> None:
    """Begin all of it, through the doors by which a team does."""
    editor = team[Role.EDITOR]
    actions.start_holdout(editor, share=_SHARE, at=at)
    versions = [
        plan.make(
            team=editor, draft=Draft(content=Content(params=PostParams(text=text, language="ar"))), at=at
        )
        for text in (_A, _B)
    ]
    actions.start_versions(
        editor,
        entry_a=versions[0],
        entry_b=versions[1],
        name="صباح الغد · Tomorrow morning",
        ends_at=at + 3 * _DAY,
        at=at,
    )
    recent = [
        post for post in posts if at - 5 * _DAY < post.made_at < at - _DAY and post.audience == "public"
    ]
    if recent:
        actions.second_chance(editor, post_id=recent[-1].id, at=at)
    links = [link for link in queries.links(team[Role.ADVERTISER]) if link.retired_at is None]
    if links:
        oldest = links[-1]
        link_tests.start(
            team[Role.ADVERTISER], link_id=oldest.id, target_b=_TARGET, ends_at=max(since, oldest.made_at) + 60 * _DAY,
            at=max(since, oldest.made_at),
        )  # fmt: skip
