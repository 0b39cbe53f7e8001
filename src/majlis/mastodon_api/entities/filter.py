"""Filter and V1::Filter: what a member does not want to read."""

from __future__ import annotations

import msgspec

from majlis.feeds.access import FilterPostView, KeywordView, OwnFilter
from majlis.mastodon_api.entities.account import moment


class FilterKeyword(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/FilterKeyword/"""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/FilterStatus/"""

    id: str
    status_id: str


class Filter(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Filter/"""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class V1Filter(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/V1_Filter/: one word, with what its filter says.
    Its id is that of the word."""

    id: str
    phrase: str
    context: list[str]
    expires_at: str | None
    irreversible: bool
    whole_word: bool


def keyword(view: KeywordView) -> FilterKeyword:
    """A word of a filter."""
    return FilterKeyword(id=str(view.id), keyword=view.keyword, whole_word=view.whole_word)


def filter_status(view: FilterPostView) -> FilterStatus:
    """A post that a filter names."""
    return FilterStatus(id=str(view.id), status_id=str(view.post_id))


def filter_(view: OwnFilter) -> Filter:
    """A filter with its words and posts."""
    return Filter(
        id=str(view.id),
        title=view.title,
        context=list(view.contexts),
        expires_at=moment(view.expires_at) if view.expires_at else None,
        filter_action=view.action,
        keywords=[keyword(each) for each in view.keywords],
        statuses=[filter_status(each) for each in view.posts],
    )


def v1_filter(view: OwnFilter, word: KeywordView) -> V1Filter:
    """A word as older apps know filters."""
    return V1Filter(
        id=str(word.id),
        phrase=word.keyword,
        context=list(view.contexts),
        expires_at=moment(view.expires_at) if view.expires_at else None,
        irreversible=view.action == "hide",
        whole_word=word.whole_word,
    )
