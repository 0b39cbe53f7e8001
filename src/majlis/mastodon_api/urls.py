"""Every address of the client API: one list ``urls`` per family of endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.urls import URLPattern, URLResolver, include, re_path

from majlis.mastodon_api import (
    accounts,
    announcements,
    blocks_mutes,
    bookmarks,
    conversations,
    credentials,
    directory,
    empty,
    filters,
    filters_v1,
    follow_requests,
    instance,
    interactions,
    lists,
    markers,
    measured,
    media,
    notification_policy,
    notifications,
    notifications_grouped,
    openapi,
    pages,
    polls,
    preferences,
    push,
    relations,
    reports,
    scheduled,
    search,
    statuses,
    studio,
    suggestions,
    tags,
    timelines,
    trends,
    wellknown,
)
from majlis.mastodon_api.request import unknown

FAMILIES: Final[tuple[list[URLPattern], ...]] = (
    credentials.urls,  # these before accounts, whose last address takes every name
    search.urls,
    relations.urls,
    accounts.urls,
    follow_requests.urls,
    lists.urls,
    blocks_mutes.urls,
    filters.urls,
    filters_v1.urls,
    markers.urls,
    measured.urls,
    preferences.urls,
    suggestions.urls,
    directory.urls,
    announcements.urls,
    instance.urls,
    wellknown.urls,
    push.urls,
    reports.urls,
    trends.urls,
    notification_policy.urls,
    notifications.urls,
    notifications_grouped.urls,
    statuses.urls,
    interactions.urls,
    timelines.urls,
    media.urls,
    polls.urls,
    scheduled.urls,
    bookmarks.urls,
    tags.urls,
    conversations.urls,
    studio.urls,
    pages.urls,
    openapi.urls,
    empty.urls,
)

_OFTEN: Final = ("v1/statuses/", "v1/timelines/", "v1/notifications/", "v1/accounts/", "v2/notifications/")
"""First words of what apps ask for all day: tried before the others."""
_OFTEN_ALONE: Final = tuple(f"^api/{words.rstrip('/')}/?" for words in _OFTEN)
_FAMILY: Final = re.compile(r"\^api/(v\d+/\w+/)(?!\?)(.*)")


def _by_first_words(patterns: Iterable[URLPattern]) -> list[URLPattern | URLResolver]:
    """The same addresses, tried family by family: one after the other they would cost each request 0.1 ms,
    those of pages too."""
    families: dict[str, list[URLPattern]] = {words: [] for words in _OFTEN}
    others: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if match := _FAMILY.match(str(pattern.pattern)):
            families.setdefault(match[1], []).append(re_path(f"^{match[2]}", pattern.callback))
        else:
            others.append(pattern)
    grouped = [re_path(f"^{words}", include(each)) for words, each in families.items()]
    often = [each for each in others if str(each.pattern).startswith(_OFTEN_ALONE)]
    return [*often, re_path("^api/", include(grouped)), *(each for each in others if each not in often)]


urlpatterns: Final = _by_first_words(pattern for family in FAMILIES for pattern in family)
"""Included before what other files answer below /api; ``unknown`` comes after everything."""

after_all: list[URLPattern] = [re_path(r"^api/", unknown)]
