"""The words of the facts for people: what each state of a follower means and why, what each source is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from majlis.insights.figures import Grade
from majlis.insights.kinds import Source, State

Words = str | Promise


class StateWords(msgspec.Struct, frozen=True):
    """The name of a state, why a follower is in it, and the family it is drawn with (1 to 6)."""

    name: Words
    why: Words
    family: int


def _said(name: Words, why: Words, family: int) -> StateWords:
    return StateWords(name, why, family)


STATES: Final[Mapping[State, StateWords]] = {
    State.ENGAGED: _said(
        pgettext_lazy("state of followers", "Engaged"),
        _("They did something with it: reacted, commented, shared, saved, opened it or followed its link."),
        1,
    ),
    State.VIEWED: _said(
        pgettext_lazy("state of followers", "Viewed"),
        _("At least half of it stood before them for a second or more, and they did nothing with it."),
        2,
    ),
    State.SERVED: _said(
        pgettext_lazy("state of followers", "Served, not viewed"),
        _(
            "It was in a feed they opened, but they did not stop at it — or an app showed it, which tells us nothing."
        ),
        3,
    ),
    State.HELD_OUT: _said(
        pgettext_lazy("state of followers", "Held out"),
        _("An experiment shows it to them later, to measure what the post itself brings about."),
        4,
    ),
    State.MUTED: _said(
        pgettext_lazy("state of followers", "Muted you"),
        _("They follow you and have muted you, so your posts do not come to their feeds."),
        4,
    ),
    State.FILTERED: _said(
        pgettext_lazy("state of followers", "Filtered out"),
        _("A word filter of theirs left it out."),
        4,
    ),
    State.LANGUAGE: _said(
        pgettext_lazy("state of followers", "Another language"),
        _("They want to read you in other languages than that of this post."),
        4,
    ),
    State.BOOSTS_HIDDEN: _said(
        pgettext_lazy("state of followers", "Boosts hidden"),
        _("It would have come to them as a boost, and they hide boosts."),
        4,
    ),
    State.BELOW_THE_FOLD: _said(
        pgettext_lazy("state of followers", "Below the fold"),
        _("They read a ranked feed, and it stood further down than they went."),
        5,
    ),
    State.NOT_SO_FAR: _said(
        pgettext_lazy("state of followers", "Not so far down"),
        _("They opened a feed since and did not come down to it."),
        5,
    ),
    State.NOT_OPENED: _said(
        pgettext_lazy("state of followers", "Not here since"),
        _("They have opened no feed since it appeared."),
        5,
    ),
    State.OUTSIDE: _said(
        pgettext_lazy("state of followers", "On other servers"),
        _("It was sent to their server; whether they viewed it is not ours to know."),
        6,
    ),
    State.DELIVERY_FAILED: _said(
        pgettext_lazy("state of followers", "Not delivered"),
        _("Their server did not take it."),
        6,
    ),
    State.NOT_MEASURED: _said(
        pgettext_lazy("state of followers", "Not measured"),
        _("They have switched personal measurement off, so nothing is recorded of them."),
        6,
    ),
}

SOURCES: Final[Mapping[Source, Words]] = {
    Source.HOME: pgettext_lazy("where a post was seen", "Home feed"),
    Source.LIST: pgettext_lazy("where a post was seen", "Lists"),
    Source.TAG: pgettext_lazy("where a post was seen", "Hashtags"),
    Source.PROFILE: pgettext_lazy("where a post was seen", "Your profile"),
    Source.SEARCH: pgettext_lazy("where a post was seen", "Search"),
    Source.OUTSIDE: pgettext_lazy("where a post was seen", "Links from elsewhere"),
    Source.APP: pgettext_lazy("where a post was seen", "Other apps"),
    Source.EXPLORE: pgettext_lazy("where a post was seen", "Explore"),
    Source.THREAD: pgettext_lazy("where a post was seen", "Conversations"),
}

GRADES: Final[Mapping[Grade, tuple[Words, Words]]] = {
    Grade.EXACT: (pgettext_lazy("grade of a number", "exact"), _("Counted in this server's own log.")),
    Grade.REPORTED: (
        pgettext_lazy("grade of a number", "reported"),
        _("Told by somebody else: another network, or a script on a site."),
    ),
    Grade.ESTIMATED: (
        pgettext_lazy("grade of a number", "estimated"),
        _("Computed by a model; the interval stands beside it."),
    ),
}
NOT_YET: Final = _("Not enough yet")
FEW: Final = _("Not shown")
"""A number may be large and not shown, because another one, or what is left, is too small."""
HIDDEN: Final = _("Not shown: it would tell of fewer than ten people.")
