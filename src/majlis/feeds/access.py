"""The doors to a member's filters: whoever holds one of these types has been checked.

"Not hers" and "not there" are the same refusal, word for word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.feeds.models import Filter, FilterKeyword, FilterPost

Action = Literal["warn", "hide", "blur"]


class KeywordView(msgspec.Struct, frozen=True):
    """One word or phrase of a filter."""

    id: int
    filter_id: int
    keyword: str
    whole_word: bool


class FilterPostView(msgspec.Struct, frozen=True):
    """One post that a filter names."""

    id: int
    filter_id: int
    post_id: int


class OwnFilter(msgspec.Struct, frozen=True):
    """A filter of the profile that asked, in force or not."""

    id: int
    title: str
    contexts: tuple[str, ...]
    action: Action
    expires_at: datetime | None
    keywords: tuple[KeywordView, ...]
    posts: tuple[FilterPostView, ...]


class OwnKeyword(KeywordView, frozen=True):
    """A keyword of a filter of the profile that asked."""


class OwnFilterPost(FilterPostView, frozen=True):
    """A post named by a filter of the profile that asked."""


def own_filters(*, by: int) -> list[OwnFilter]:
    """All filters of a profile, those that ended too, the oldest first. Three queries."""
    return _complete(Filter.objects.filter(owner_id=by).order_by("id"))


def own_filter(*, filter_id: int, by: int) -> OwnFilter:
    """A filter of the profile ``by``.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    found = _complete(Filter.objects.filter(id=filter_id, owner_id=by))
    if not found:
        raise no_filter()
    return found[0]


def no_filter() -> NotThere:
    """The one answer for filters, and parts of filters, that are not there or not hers."""
    return NotThere(_("There is no such filter."))


def _complete(rows: Iterable[Filter]) -> list[OwnFilter]:
    rows = list(rows)
    ids = [row.id for row in rows]
    keywords: defaultdict[int, list[KeywordView]] = defaultdict(list)
    for word in FilterKeyword.objects.filter(filter_id__in=ids).order_by("id"):
        keywords[word.filter_id].append(KeywordView(*_keyword(word)))
    posts: defaultdict[int, list[FilterPostView]] = defaultdict(list)
    for named in FilterPost.objects.filter(filter_id__in=ids).order_by("id"):
        posts[named.filter_id].append(FilterPostView(named.id, named.filter_id, named.post_id))
    return [_view(row, keywords[row.id], posts[row.id]) for row in rows]


def _view(row: Filter, keywords: Sequence[KeywordView], posts: Sequence[FilterPostView]) -> OwnFilter:
    return OwnFilter(
        id=row.id,
        title=row.title,
        contexts=tuple(row.contexts),
        action=msgspec.convert(row.action, Action),
        expires_at=row.expires_at,
        keywords=tuple(keywords),
        posts=tuple(posts),
    )


def _keyword(row: FilterKeyword) -> tuple[int, int, str, bool]:
    return row.id, row.filter_id, row.keyword, row.whole_word


def own_keyword(*, keyword_id: int, by: int) -> OwnKeyword:
    """A keyword of a filter of the profile ``by``.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    row = FilterKeyword.objects.filter(id=keyword_id, filter__owner_id=by).first()
    if row is None:
        raise no_filter()
    return OwnKeyword(*_keyword(row))


def own_filter_post(*, filter_post_id: int, by: int) -> OwnFilterPost:
    """The place of a post in a filter of the profile ``by``.

    Raises:
        NotThere: unknown, or somebody else's.
    """
    row = FilterPost.objects.filter(id=filter_post_id, filter__owner_id=by).first()
    if row is None:
        raise no_filter()
    return OwnFilterPost(row.id, row.filter_id, row.post_id)
