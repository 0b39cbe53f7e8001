"""What was left out of a page of a feed, counted, as sentences.

Only what the reader chose herself is counted. How much was written that is not for her, or by people who
block her, is nobody's to learn from a number: such reasons are passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import ngettext, ngettext_lazy

from majlis.feeds.rules import LeftOut
from majlis.web import formats

_SENTENCES: Final[Mapping[LeftOut, Any]] = {
    LeftOut.MUTED: ngettext_lazy("%(shown)s by people you muted", "%(shown)s by people you muted", "n"),
    LeftOut.BOOSTS_HIDDEN: ngettext_lazy(
        "%(shown)s boosted by people whose boosts you hide",
        "%(shown)s boosted by people whose boosts you hide",
        "n",
    ),
    LeftOut.DOMAIN_BLOCKED: ngettext_lazy(
        "%(shown)s from servers you blocked", "%(shown)s from servers you blocked", "n"
    ),
    LeftOut.LANGUAGE: ngettext_lazy(
        "%(shown)s in languages you left out", "%(shown)s in languages you left out", "n"
    ),
    LeftOut.REPLY_TO_A_STRANGER: ngettext_lazy(
        "%(shown)s reply to somebody you do not follow", "%(shown)s replies to people you do not follow", "n"
    ),
    LeftOut.ON_EXCLUSIVE_LIST: ngettext_lazy(
        "%(shown)s that you read on a list", "%(shown)s that you read on lists", "n"
    ),
    LeftOut.SHOWN_ABOVE: ngettext_lazy("%(shown)s shown above already", "%(shown)s shown above already", "n"),
    LeftOut.FILTERED: ngettext_lazy(
        "%(shown)s hidden by your filters", "%(shown)s hidden by your filters", "n"
    ),
    LeftOut.HELD_OUT: ngettext_lazy(
        "%(shown)s reaches you later, so that its page learns what posts do",
        "%(shown)s reach you later, so that their pages learn what posts do",
        "n",
    ),
}


def summary(counted: Mapping[LeftOut, int]) -> dict[str, Any] | None:
    """``{"sentence", "reasons"}``; None when nothing was left out that is to be told."""
    told = {reason: count for reason in _SENTENCES if (count := counted.get(reason, 0))}
    if not told:
        return None
    total = sum(told.values())
    return {
        "sentence": ngettext("%(shown)s post was left out here", "%(shown)s posts were left out here", total)
        % {"shown": formats.number(total)},
        "reasons": [
            _SENTENCES[reason] % {"n": count, "shown": formats.number(count)}
            for reason, count in told.items()
        ],
    }
