"""The words of the facts: what happened, where, and in which one state each follower of a post is.

Numbers are stored, so they never change their meaning; new ones go at the end. Definitions: METRICS.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What happened."""

    SERVED = 1  # the answer to a reader contained the post
    IMPRESSION = 2  # half of it stood in a visible, focused window for one second (MRC)
    CLICK = 3  # the post was opened, or a photo, or its author from it
    REACTION = 4
    COMMENT = 5
    SHARE = 6  # boost or quote
    SAVE = 7  # bookmark
    FOLLOW = 8
    PROFILE_VISIT = 9
    LINK_CLICK = 10  # a tracked link was followed
    CONVERSION = 11


INTERACTIONS: Final = frozenset(
    {Kind.CLICK, Kind.REACTION, Kind.COMMENT, Kind.SHARE, Kind.SAVE, Kind.LINK_CLICK}
)
"""What makes a follower *engaged*, and is counted in the engagement rates."""


class Source(IntEnum):
    """Where it happened."""

    HOME = 1
    LIST = 2
    TAG = 3
    PROFILE = 4
    SEARCH = 5
    OUTSIDE = 6  # the page of a post, opened by a link from elsewhere, or without signing in
    APP = 7  # a third-party app: what it shows is unknown, that it was served is not
    EXPLORE = 8
    THREAD = 9


class State(IntEnum):
    """The one state of one eligible follower towards one post. The strongest that is true.

    The order is the order of the ledger; a follower only moves up (to a smaller number) among the first
    three, and from any of the others to those.
    """

    ENGAGED = 1
    VIEWED = 2
    SERVED = 3  # served, not viewed
    HELD_OUT = 4  # an experiment shows it later
    MUTED = 5
    FILTERED = 6
    LANGUAGE = 7
    BOOSTS_HIDDEN = 8
    BELOW_THE_FOLD = 9  # of a ranked feed
    NOT_SO_FAR = 10  # opened a feed, but did not come to it
    NOT_OPENED = 11  # opened none since
    OUTSIDE = 12  # on another server: whether it was viewed is unknown
    DELIVERY_FAILED = 13
    NOT_MEASURED = 14  # she has switched personal measurement off


FEWEST_SHOWN: Final = 10
"""A group under ten people is not shown (the privacy floor)."""
