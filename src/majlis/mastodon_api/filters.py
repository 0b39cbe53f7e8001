"""Filters of today's apps: titles with words and posts. Another's filter is as unknown as none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast

from majlis.feeds import access, actions
from majlis.feeds.actions import Word
from majlis.mastodon_api.entities.filter import filter_, filter_status, keyword
from majlis.mastodon_api.params import NO_ID, Params
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.posts import access as posts

ACTIONS: Final = ("warn", "hide", "blur")
LONGEST: Final = 100 * 365 * 24 * 3600


def lifetime(params: Params) -> timedelta | None:
    """For how long, from ``expires_in`` in seconds; an empty one or none: for good."""
    seconds = params.whole("expires_in", least=1, most=LONGEST)
    return None if seconds is None else timedelta(seconds=seconds)


def _words(params: Params) -> list[Word]:
    """The words sent with a filter: new, changed (``id``) or removed (``_destroy``)."""
    return [
        Word(
            keyword=each.maybe_text("keyword"),
            whole_word=each.maybe_flag("whole_word"),
            id=each.id("id"),
            remove=each.flag("_destroy"),
        )
        for each in params.items("keywords_attributes", most=actions.MOST_KEYWORDS)
    ]


def _answer(call: Call, filter_id: int) -> Any:
    return filter_(access.own_filter(filter_id=filter_id, by=call.me))


@endpoint("read:filters")
def index(call: Call) -> Any:
    """All filters, those that ended too."""
    return [filter_(each) for each in access.own_filters(by=call.me)]


@endpoint("read:filters")
def show(call: Call, filter_id: int) -> Any:
    """One filter."""
    return _answer(call, filter_id)


@endpoint("write:filters")
def create(call: Call) -> Any:
    """A new filter."""
    made = actions.create_filter(
        by=call.me,
        title=call.params.text("title"),
        contexts=call.params.texts("context"),
        action=cast("access.Action", call.params.choice("filter_action", ACTIONS, "warn")),
        lifetime=lifetime(call.params),
        words=_words(call.params),
        at=call.at,
    )
    return _answer(call, made)


@endpoint("write:filters")
def change(call: Call, filter_id: int) -> Any:
    """What is sent is changed, the rest stays."""
    own = access.own_filter(filter_id=filter_id, by=call.me)
    changes = _changes(call.params)
    actions.change_filter(filter=own, by=call.me, changes=changes, words=_words(call.params), at=call.at)
    return _answer(call, filter_id)


def _changes(params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if (title := params.maybe_text("title")) is not None:
        changes["title"] = title
    if params.has("context"):
        changes["contexts"] = params.texts("context")
    if action := params.choice("filter_action", ACTIONS, ""):
        changes["action"] = action
    if params.has("expires_in"):
        changes["lifetime"] = lifetime(params)
    return changes


@endpoint("write:filters")
def delete(call: Call, filter_id: int) -> Any:
    """Delete a filter."""
    actions.delete_filter(filter=access.own_filter(filter_id=filter_id, by=call.me), by=call.me, at=call.at)
    return {}


@endpoint("read:filters")
def keywords(call: Call, filter_id: int) -> Any:
    """The words of a filter."""
    return [keyword(each) for each in access.own_filter(filter_id=filter_id, by=call.me).keywords]


@endpoint("write:filters")
def add_keyword(call: Call, filter_id: int) -> Any:
    """A further word."""
    made = actions.add_keyword(
        filter=access.own_filter(filter_id=filter_id, by=call.me),
        by=call.me,
        keyword=call.params.text("keyword"),
        whole_word=call.params.flag("whole_word", True),
        at=call.at,
    )
    return keyword(made)


@endpoint("read:filters")
def show_keyword(call: Call, keyword_id: int) -> Any:
    """One word."""
    return keyword(access.own_keyword(keyword_id=keyword_id, by=call.me))


@endpoint("write:filters")
def change_keyword(call: Call, keyword_id: int) -> Any:
    """Another text or rule of a word."""
    actions.change_keyword(
        keyword=access.own_keyword(keyword_id=keyword_id, by=call.me),
        by=call.me,
        text=call.params.maybe_text("keyword"),
        whole_word=call.params.maybe_flag("whole_word"),
        at=call.at,
    )
    return keyword(access.own_keyword(keyword_id=keyword_id, by=call.me))


@endpoint("write:filters")
def delete_keyword(call: Call, keyword_id: int) -> Any:
    """Take a word out of its filter."""
    own = access.own_keyword(keyword_id=keyword_id, by=call.me)
    actions.delete_keyword(keyword=own, by=call.me, at=call.at)
    return {}


@endpoint("read:filters")
def statuses(call: Call, filter_id: int) -> Any:
    """The posts that a filter names."""
    return [filter_status(each) for each in access.own_filter(filter_id=filter_id, by=call.me).posts]


@endpoint("write:filters")
def add_status(call: Call, filter_id: int) -> Any:
    """Name a post that the viewer can see."""
    own = access.own_filter(filter_id=filter_id, by=call.me)
    post = posts.see(post_id=call.params.id("status_id") or NO_ID, viewer=call.me)
    return filter_status(actions.add_post(filter=own, by=call.me, post=post, at=call.at))


@endpoint("read:filters")
def show_status(call: Call, filter_status_id: int) -> Any:
    """The place of a post in a filter."""
    return filter_status(access.own_filter_post(filter_post_id=filter_status_id, by=call.me))


@endpoint("write:filters")
def delete_status(call: Call, filter_status_id: int) -> Any:
    """Take a post out of its filter."""
    named = access.own_filter_post(filter_post_id=filter_status_id, by=call.me)
    actions.remove_post(named=named, by=call.me, at=call.at)
    return {}


urls = [
    route("api/v2/filters", GET=index, POST=create),
    route(
        "api/v2/filters/keywords/<keyword_id>", GET=show_keyword, PUT=change_keyword, DELETE=delete_keyword
    ),
    route("api/v2/filters/statuses/<filter_status_id>", GET=show_status, DELETE=delete_status),
    route("api/v2/filters/<filter_id>", GET=show, PUT=change, DELETE=delete),
    route("api/v2/filters/<filter_id>/keywords", GET=keywords, POST=add_keyword),
    route("api/v2/filters/<filter_id>/statuses", GET=statuses, POST=add_status),
]
