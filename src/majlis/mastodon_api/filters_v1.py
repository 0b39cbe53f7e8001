"""Filters as older apps know them: one word each. An id here is that of a word of a filter."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.feeds import access, actions
from majlis.feeds.access import OwnFilter, OwnKeyword
from majlis.feeds.actions import Word
from majlis.mastodon_api.entities.filter import v1_filter
from majlis.mastodon_api.filters import lifetime
from majlis.mastodon_api.request import Call, endpoint, route


def _own(call: Call, keyword_id: int) -> tuple[OwnFilter, OwnKeyword]:
    word = access.own_keyword(keyword_id=keyword_id, by=call.me)
    return access.own_filter(filter_id=word.filter_id, by=call.me), word


@endpoint("read:filters")
def index(call: Call) -> Any:
    """Every word of every filter."""
    return [v1_filter(own, word) for own in access.own_filters(by=call.me) for word in own.keywords]


@endpoint("read:filters")
def show(call: Call, keyword_id: int) -> Any:
    """One word."""
    return v1_filter(*_own(call, keyword_id))


@endpoint("write:filters")
def create(call: Call) -> Any:
    """A filter of one word, which is its title too."""
    phrase = call.params.text("phrase")
    made = actions.create_filter(
        by=call.me,
        title=phrase,
        contexts=call.params.texts("context"),
        action="hide" if call.params.flag("irreversible") else "warn",
        lifetime=lifetime(call.params),
        words=[Word(phrase, call.params.flag("whole_word"))],
        at=call.at,
    )
    own = access.own_filter(filter_id=made, by=call.me)
    return v1_filter(own, own.keywords[0])


@endpoint("write:filters")
def change(call: Call, keyword_id: int) -> Any:
    """Another word or rule. What holds for a whole filter cannot be set through one word of several."""
    own, word = _own(call, keyword_id)
    changes = _changes(call, own)
    if changes and len(own.keywords) > 1:
        raise BadInput(
            _("This filter has several words. Please change it in an app that knows such filters."),
            code="several_words",
        )
    new = Word(call.params.maybe_text("phrase"), call.params.maybe_flag("whole_word"), id=word.id)
    actions.change_filter(filter=own, by=call.me, changes=changes, words=[new], at=call.at)
    return v1_filter(*_own(call, keyword_id))


def _changes(call: Call, own: OwnFilter) -> dict[str, Any]:
    """What would be different; apps send all that they know, also what stays."""
    changes: dict[str, Any] = {}
    if call.params.has("context") and set(call.params.texts("context")) != set(own.contexts):
        changes["contexts"] = call.params.texts("context")
    hide = call.params.maybe_flag("irreversible")
    if hide is not None and hide != (own.action == "hide"):
        changes["action"] = "hide" if hide else "warn"
    if call.params.has("expires_in") and (own.expires_at or lifetime(call.params)):
        changes["lifetime"] = lifetime(call.params)
    return changes


@endpoint("write:filters")
def delete(call: Call, keyword_id: int) -> Any:
    """Take a word away, and its filter when it was the last."""
    own, word = _own(call, keyword_id)
    with transaction.atomic():
        if len(own.keywords) == 1 and not own.posts:
            actions.delete_filter(filter=own, by=call.me, at=call.at)
        else:
            actions.delete_keyword(keyword=word, by=call.me, at=call.at)
    return {}


urls = [
    route("api/v1/filters", GET=index, POST=create),
    route("api/v1/filters/<keyword_id>", GET=show, PUT=change, DELETE=delete),
]
