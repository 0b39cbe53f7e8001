"""Notification, NotificationGroup and what hangs on them, put together from one batch per page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from majlis.feeds.hydration import Batch, load_people
from majlis.feeds.lists import by_ids
from majlis.mastodon_api import presentation
from majlis.mastodon_api.entities.account import account, moment
from majlis.mastodon_api.entities.report import report, warning
from majlis.notifications.queries import GroupView, NotificationView
from majlis.people.views import ProfileView
from majlis.safety import queries as safety


class Notification(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Notification/. ``majlis_reaction`` is the kind of a reaction,
    which older apps know as a favourite."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: msgspec.Raw
    status: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    report: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    majlis_reaction: str | msgspec.UnsetType = msgspec.UNSET


class NotificationGroup(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/NotificationGroup/"""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str
    page_max_id: str
    latest_page_notification_at: str
    sample_account_ids: list[str]
    status_id: str | msgspec.UnsetType = msgspec.UNSET
    report: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class PartialAccount(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/PartialAccountWithAvatar/"""

    id: str
    acct: str
    locked: bool
    bot: bool
    url: str
    avatar: str
    avatar_static: str
    avatar_description: str


def partial_account(profile: ProfileView) -> PartialAccount:
    """What a row of small pictures needs."""
    whole = account(profile)
    return PartialAccount(**{name: getattr(whole, name) for name in PartialAccount.__struct_fields__})


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that a page of notifications mentions."""

    viewer: int
    at: datetime
    batch: Batch
    people: dict[int, ProfileView]

    def status(self, post_id: int) -> msgspec.Raw:
        """A post of the page."""
        post = self.batch.posts[post_id]
        return msgspec.Raw(presentation.status_json(self.batch, post, at=self.at))

    def complete(self, view: NotificationView) -> bool:
        """Whether all of it is still there; what went between two queries is left out."""
        return view.actor_id in self.people and (view.post_id is None or view.post_id in self.batch.posts)

    def report_of(self, view: NotificationView) -> dict[str, Any] | msgspec.UnsetType:
        """The report that operators are told of; they alone are shown such a notification."""
        found = safety.report(report_id=view.cause_id or 0) if view.kind == "admin.report" else None
        about = load_people([found.about]).get(found.about) if found else None
        return report(found, about) if found and about else msgspec.UNSET

    def warning_of(self, view: NotificationView) -> dict[str, Any] | msgspec.UnsetType:
        """What was decided about the reader."""
        if view.kind != "moderation_warning":
            return msgspec.UNSET
        decided = safety.decision(decision_id=view.cause_id or 0, about=self.viewer)
        return warning(decided, self.people[view.actor_id]) if decided else msgspec.UNSET


def load(
    views: Iterable[NotificationView], *, viewer: int, at: datetime, others: Iterable[int] = ()
) -> Loaded:
    """Everything that notifications mention, in a few queries whatever their number."""
    views = list(views)
    posts = dict.fromkeys(view.post_id for view in views if view.post_id is not None)
    batch = by_ids(ids=posts, viewer=viewer, at=at, context="notifications")
    people = load_people(list(dict.fromkeys([*(view.actor_id for view in views), *others])))
    return Loaded(viewer, at, batch, people)


def notification(view: NotificationView, loaded: Loaded) -> Notification:
    """One notification of a page."""
    return Notification(
        id=str(view.id),
        type=view.type,
        created_at=moment(view.made_at),
        group_key=view.group_key or f"ungrouped-{view.id}",
        account=msgspec.Raw(presentation.account_json(loaded.people[view.actor_id])),
        status=msgspec.UNSET if view.post_id is None else loaded.status(view.post_id),
        report=loaded.report_of(view),
        moderation_warning=loaded.warning_of(view),
        majlis_reaction=view.detail.get("reaction", msgspec.UNSET),
    )


def notifications(views: Sequence[NotificationView], *, viewer: int, at: datetime) -> list[Notification]:
    """A page of them."""
    loaded = load(views, viewer=viewer, at=at)
    return [notification(view, loaded) for view in views if loaded.complete(view)]


def group(view: GroupView, loaded: Loaded) -> NotificationGroup:
    """One group of a page."""
    newest = view.newest
    return NotificationGroup(
        group_key=view.key,
        notifications_count=view.count,
        type=newest.type,
        most_recent_notification_id=view.newest_id,
        page_min_id=str(view.oldest_id),
        page_max_id=str(view.newest_id),
        latest_page_notification_at=moment(newest.made_at),
        sample_account_ids=[str(id_) for id_ in view.actor_ids if id_ in loaded.people],
        status_id=msgspec.UNSET if newest.post_id is None else str(newest.post_id),
        report=loaded.report_of(newest),
        moderation_warning=loaded.warning_of(newest),
    )


def groups(views: Sequence[GroupView], *, viewer: int, at: datetime, partial: bool = False) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/GroupedNotificationsResults/: each account and status once.

    ``partial``: the newest account of each group whole, the others only as small pictures need them.
    """
    actors = [id_ for view in views for id_ in view.actor_ids]
    loaded = load((view.newest for view in views), viewer=viewer, at=at, others=actors)
    shown = [view for view in views if loaded.complete(view.newest)]
    whole = dict.fromkeys(view.newest.actor_id for view in shown) if partial else loaded.people
    answer: dict[str, Any] = {
        "accounts": [msgspec.Raw(presentation.account_json(loaded.people[id_])) for id_ in whole],
        "statuses": [
            loaded.status(id_)
            for id_ in dict.fromkeys(view.newest.post_id for view in shown)
            if id_ is not None
        ],
        "notification_groups": [group(view, loaded) for view in shown],
    }
    if partial:
        others = [profile for id_, profile in loaded.people.items() if id_ not in whole]
        answer["partial_accounts"] = [partial_account(profile) for profile in others]
    return answer
