"""What a member sets for her own reading: filters. (How far she has read: ``markers``.)

Every change of a filter is told to all processes in the same transaction: none shows for long what she no
longer wants to see. Limits keep reading quick: each post on a page is held against every filter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.feeds.access import (
    Action,
    FilterPostView,
    KeywordView,
    OwnFilter,
    OwnFilterPost,
    OwnKeyword,
    no_filter,
)
from majlis.feeds.changelog import filters_changed
from majlis.feeds.filtering import CONTEXTS
from majlis.feeds.models import Filter, FilterKeyword, FilterPost
from majlis.people.words import one_line
from majlis.posts.access import SeenPost

MOST_FILTERS: Final = 100
MOST_KEYWORDS: Final = 100
MOST_KEYWORDS_IN_ALL: Final = 500
MOST_POSTS: Final = 200
LONGEST_TITLE: Final = 120
LONGEST_KEYWORD: Final = 100
LONGEST: Final = timedelta(days=366 * 100)
_LOCK: Final = "SELECT id FROM people_profile WHERE id = %(by)s FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword as it is sent: new without ``id``, changed with it, deleted when ``remove``."""

    keyword: str | None = None
    whole_word: bool | None = None
    id: int | None = None
    remove: bool = False


@transaction.atomic
def create_filter(
    *,
    by: int,
    title: str,
    contexts: Sequence[str],
    at: datetime,
    action: Action = "warn",
    lifetime: timedelta | None = None,
    words: Sequence[Word] = (),
) -> int:
    """A new filter; its id. ``lifetime`` None: for good.

    Raises:
        BadInput: no title, no or an unknown place, an unknown action, or a limit is reached.
    """
    _hold(by)
    if Filter.objects.filter(owner_id=by).count() >= MOST_FILTERS:
        raise BadInput(_("You have as many filters as there can be."), code="limit")
    made = Filter.objects.create(
        owner_id=by,
        title=_title(title),
        contexts=_contexts(contexts),
        action=_action(action),
        expires_at=_end(lifetime, at),
        made_at=at,
    )
    _write_words(made.id, words, by=by)
    filters_changed(by, at=at)
    return int(made.id)


def _hold(by: int) -> None:
    """Two requests at once must not pass a limit together."""
    sql.execute(_LOCK, by=by)


def _title(title: str) -> str:
    return one_line(title, field="title", longest=LONGEST_TITLE, required=True)


def _contexts(contexts: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(contexts))
    if not chosen or not set(chosen) <= set(CONTEXTS):
        sentence = _("A filter works in one or more of: home, notifications, public, thread, account.")
        raise BadInput(sentence, field="context", cause=str(chosen)[:200])
    return chosen


def _action(action: str) -> str:
    if action not in Filter.Action.values:
        raise BadInput(_("There is no such choice."), field="filter_action", cause=action[:40])
    return action


def _end(lifetime: timedelta | None, at: datetime) -> datetime | None:
    if lifetime is not None and not timedelta(0) < lifetime <= LONGEST:
        raise BadInput(_("The end of a filter lies ahead."), field="expires_in")
    return at + lifetime if lifetime is not None else None


@transaction.atomic
def change_filter(
    *,
    filter: OwnFilter,  # noqa: A002 - the one word for it
    by: int,
    at: datetime,
    changes: Mapping[str, Any],
    words: Sequence[Word] = (),
) -> None:
    """Set ``title``, ``contexts``, ``action`` and ``lifetime`` (a timedelta, or None for good), those of them
    that are given, and change, add and remove words.

    Raises:
        BadInput: as in :func:`create_filter`.
        NotThere: it, or a word that is named by id, is gone meanwhile or not hers.
    """
    _hold(by)
    columns = _columns(changes, at)
    own = Filter.objects.filter(id=filter.id, owner_id=by)
    if not (own.update(**columns) if columns else own.exists()):
        raise no_filter()
    _write_words(filter.id, words, by=by)
    filters_changed(by, at=at)


def _columns(changes: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "title" in changes:
        columns["title"] = _title(changes["title"])
    if "contexts" in changes:
        columns["contexts"] = _contexts(changes["contexts"])
    if "action" in changes:
        columns["action"] = _action(changes["action"])
    if "lifetime" in changes:
        columns["expires_at"] = _end(changes["lifetime"], at)
    return columns


@transaction.atomic
def delete_filter(*, filter: OwnFilter, by: int, at: datetime) -> None:  # noqa: A002
    """Delete a filter with its words and posts."""
    if Filter.objects.filter(id=filter.id, owner_id=by).delete()[0]:
        filters_changed(by, at=at)


@transaction.atomic
def add_keyword(*, filter: OwnFilter, by: int, keyword: str, whole_word: bool, at: datetime) -> KeywordView:  # noqa: A002
    """A further word of a filter.

    Raises:
        BadInput: no word, too long a one, or a limit is reached.
        NotThere: the filter is gone meanwhile.
    """
    _hold(by)
    if not Filter.objects.filter(id=filter.id, owner_id=by).exists():
        raise no_filter()
    _write_words(filter.id, [Word(keyword, whole_word)], by=by)
    filters_changed(by, at=at)
    made = FilterKeyword.objects.filter(filter_id=filter.id).latest("id")
    return KeywordView(made.id, made.filter_id, made.keyword, made.whole_word)


@transaction.atomic
def change_keyword(
    *, keyword: OwnKeyword, by: int, at: datetime, text: str | None = None, whole_word: bool | None = None
) -> None:
    """Another text or rule of a word; None leaves it as it is.

    Raises:
        BadInput: no word, or too long a one.
        NotThere: it is gone meanwhile.
    """
    _hold(by)
    _write_words(keyword.filter_id, [Word(text, whole_word, id=keyword.id)], by=by)
    filters_changed(by, at=at)


@transaction.atomic
def delete_keyword(*, keyword: OwnKeyword, by: int, at: datetime) -> None:
    """Take a word out of its filter."""
    if FilterKeyword.objects.filter(id=keyword.id, filter__owner_id=by).delete()[0]:
        filters_changed(by, at=at)


def _write_words(filter_id: int, words: Sequence[Word], *, by: int) -> None:
    for word in words:
        if word.id is None:
            if not word.remove:
                FilterKeyword.objects.create(
                    filter_id=filter_id,
                    keyword=_keyword(word.keyword or ""),
                    whole_word=True if word.whole_word is None else word.whole_word,
                )
        else:
            _change_word(filter_id, word.id, word)
    _check_number(filter_id, by=by)


def _change_word(filter_id: int, word_id: int, word: Word) -> None:
    row = FilterKeyword.objects.filter(id=word_id, filter_id=filter_id).first()
    if row is None:
        raise no_filter()
    if word.remove:
        row.delete()
        return
    row.keyword = row.keyword if word.keyword is None else _keyword(word.keyword)
    row.whole_word = row.whole_word if word.whole_word is None else word.whole_word
    row.save()


def _keyword(text: str) -> str:
    return one_line(text, field="keyword", longest=LONGEST_KEYWORD, required=True)


def _check_number(filter_id: int, *, by: int) -> None:
    here = FilterKeyword.objects.filter(filter_id=filter_id).count()
    if (
        here > MOST_KEYWORDS
        or FilterKeyword.objects.filter(filter__owner_id=by).count() > MOST_KEYWORDS_IN_ALL
    ):
        raise BadInput(_("Your filters have as many words as there can be."), field="keywords", code="limit")


@transaction.atomic
def add_post(*, filter: OwnFilter, by: int, post: SeenPost, at: datetime) -> FilterPostView:  # noqa: A002
    """Name a post in a filter; nothing happens when it is there.

    Raises:
        BadInput: the filter names 200 posts.
        NotThere: the filter is gone meanwhile.
    """
    _hold(by)
    if not Filter.objects.filter(id=filter.id, owner_id=by).exists():
        raise no_filter()
    named = FilterPost.objects.filter(filter_id=filter.id)
    row = named.filter(post_id=post.id).first()
    if row is None:
        if named.count() >= MOST_POSTS:
            raise BadInput(_("This filter names as many posts as it can."), code="limit")
        row = FilterPost.objects.create(filter_id=filter.id, post_id=post.id)
        filters_changed(by, at=at)
    return FilterPostView(row.id, row.filter_id, row.post_id)


@transaction.atomic
def remove_post(*, named: OwnFilterPost, by: int, at: datetime) -> None:
    """Take a post out of a filter."""
    if FilterPost.objects.filter(id=named.id, filter__owner_id=by).delete()[0]:
        filters_changed(by, at=at)
