"""Reasons as codes and numbers, so that each reader has them in her language, whoever made the plan.

A code is never renamed: it stands in the database. What a reader's language says of it is put together here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from babel.lists import format_list
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from majlis.core.text.bidi import isolate
from majlis.insights.figures import Grade
from majlis.insights.plots import writing
from majlis.studio.planning.history import HOUSE
from majlis.studio.planning.interview import ABOUT, CROWDS, About, Crowd
from majlis.studio.planning.words import KINDS

Said = Mapping[str, Any]

PARTS: Final[dict[int, str | Promise]] = {
    0: pgettext_lazy("part of the day", "at night (before 6)"),
    6: pgettext_lazy("part of the day", "early (6 to 9)"),
    9: pgettext_lazy("part of the day", "in the morning (9 to 12)"),
    12: pgettext_lazy("part of the day", "at noon (12 to 15)"),
    15: pgettext_lazy("part of the day", "in the afternoon and evening (15 to 24)"),
}
"""The parts of a day that the model tells apart, by the hour they begin at."""


class Reason(msgspec.Struct, frozen=True):
    """Why something is as it is, or what changed: a code and what its sentence is filled with."""

    code: str
    said: dict[str, Any] = {}


def sentence(reason: Reason) -> str:
    """The reason in the reader's language; one that this release does not know is left out (empty)."""
    write = _SENTENCES.get(reason.code)
    return write(reason.said) if write else ""


def grade(reason: Reason) -> Grade:
    """Who says so: our own log, the business itself, or a model."""
    return _GRADES.get(reason.code, Grade.ESTIMATED)


def weekday(number: int) -> str:
    """The name of a day (Monday is 1)."""
    return dict(writing.weekdays())[number]


def _number(value: Any) -> str:
    return writing.number(float(value))


def _percent(value: Any) -> str:
    return writing.percent(float(value))


def _hours(value: Any) -> str:
    """1.5 hours."""
    hours = float(value)
    whole = Decimal(str(round(hours, 2))).normalize()
    return ngettext("%(n)s hour", "%(n)s hours", int(whole) if whole == int(whole) else 5) % {
        "n": writing.number(float(whole))
    }


def _often(said: Said) -> str:
    made = ngettext(
        "%(n)s post in four weeks", "%(n)s posts in four weeks", int(said["total"])
    ) % {"n": _number(said["total"])}  # fmt: skip
    if said["bound"] == "hours":
        return _("%(posts)s: that is what %(week)s a week are enough for, at %(post)s a post.") % {
            "posts": made, "week": _hours(said["hours_week"]), "post": _hours(said["hours_post"]),
        }  # fmt: skip
    if said["bound"] == "pace":
        return _(
            "%(posts)s: half as many again as you have put out so far, so that it can be kept up, though %(week)s a week "
            "would be enough for more."
        ) % {"posts": made, "week": _hours(said["hours_week"])}  # fmt: skip
    if said["bound"] == "tried":
        return _("%(posts)s: as many as you have put out so far, because you said that posting more often went badly.") % {
            "posts": made
        }  # fmt: skip
    if said["bound"] == "calm":
        return _(
            "%(posts)s: two a week, because you said that posting more often went badly and you have no pace of your own "
            "yet."
        ) % {"posts": made}
    if said["bound"] == "rivals" and not said.get("names"):
        return _("%(posts)s: as often as those you named, as everybody can see.") % {"posts": made}
    if said["bound"] == "rivals":
        return _(
            "%(posts)s: you have no pace of your own yet, so it is the middle one of those you named (%(names)s), as "
            "everybody can see, though %(week)s a week would be enough for more."
        ) % {"posts": made, "names": _names(said["names"]), "week": _hours(said["hours_week"])}  # fmt: skip
    return _("%(posts)s: one a day at the most, though %(week)s a week would be enough for more.") % {
        "posts": made, "week": _hours(said["hours_week"]),
    }  # fmt: skip


def _cost(said: Said) -> str:
    if said["measured"]:
        return ngettext(
            "It costs about %(hours)s: so long your last %(n)s post took, by the timer and what was written down.",
            "It costs about %(hours)s: so long your last %(n)s posts took, by the timer and what was written down.",
            int(said["posts"]),
        ) % {"hours": _hours(said["hours"]), "n": _number(said["posts"])}
    return _(
        "It is reckoned at %(hours)s, which is assumed: nobody's hours have been measured on five posts yet."
    ) % {"hours": _hours(said["hours"])}  # fmt: skip


def _part(said: Said) -> str:
    return ngettext(
        "All else alike, a post %(part)s is expected to reach %(times)s times as many as at your other hours "
        "(told from %(n)s post of yours then).",
        "All else alike, a post %(part)s is expected to reach %(times)s times as many as at your other hours "
        "(told from %(n)s posts of yours then).",
        int(said["posts"]),
    ) % {"part": PARTS[int(said["part"])], "times": times(said["ratio"]), "n": _number(said["posts"])}


def _names(names: Sequence[str]) -> str:
    return format_list([isolate(each) for each in names], locale=writing.locale())


def _things(abouts: Sequence[str]) -> str:
    return format_list(
        [_("“%(what)s”") % {"what": ABOUT[About(each)]} for each in abouts], locale=writing.locale()
    )


def _in_words(code: Any) -> str:
    return str(writing.locale().languages.get(str(code), code))


def _interval(said: Said) -> dict[str, str]:
    return {
        "n": _number(said["posts"]), "times": times(said["ratio"]), "low": times(said["low"]), "high": times(said["high"]),
    }  # fmt: skip


def _tried_but(said: Said) -> str:
    return ngettext(
        "You said of “%(what)s” that it went badly; %(n)s post of yours tells otherwise: it reached %(times)s times as "
        "many as your others (95 %% interval %(low)s to %(high)s).",
        "You said of “%(what)s” that it went badly; %(n)s posts of yours tell otherwise: they reached %(times)s times as "
        "many as your others (95 %% interval %(low)s to %(high)s).",
        int(said["posts"]),
    ) % {"what": ABOUT[About(said["about"])], **_interval(said)}


def _tried_well_but(said: Said) -> str:
    return ngettext(
        "You said of “%(what)s” that it went well; %(n)s post of yours tells otherwise: it reached %(times)s times as "
        "many as your others (95 %% interval %(low)s to %(high)s). Your posts decide.",
        "You said of “%(what)s” that it went well; %(n)s posts of yours tell otherwise: they reached %(times)s times as "
        "many as your others (95 %% interval %(low)s to %(high)s). Your posts decide.",
        int(said["posts"]),
    ) % {"what": ABOUT[About(said["about"])], **_interval(said)}


def _rival_part(said: Said) -> str:
    return ngettext(
        "Borrowed, for your own posts are too few: %(n)s public post %(part)s of those you named (%(names)s) won %(times)s "
        "times the reactions of their others, for each follower (95 %% interval %(low)s to %(high)s).",
        "Borrowed, for your own posts are too few: %(n)s public posts %(part)s of those you named (%(names)s) won %(times)s "
        "times the reactions of their others, for each follower (95 %% interval %(low)s to %(high)s).",
        int(said["posts"]),
    ) % {"part": PARTS[int(said["part"])], "names": _names(said["names"]), **_interval(said)}


def _rival_kind(said: Said) -> str:
    return ngettext(
        "Borrowed, for your own posts are too few: %(n)s public post of this kind (%(kind)s) of those you named "
        "(%(names)s) won %(times)s times the reactions of their others, for each follower (95 %% interval %(low)s to "
        "%(high)s).",
        "Borrowed, for your own posts are too few: %(n)s public posts of this kind (%(kind)s) of those you named "
        "(%(names)s) won %(times)s times the reactions of their others, for each follower (95 %% interval %(low)s to "
        "%(high)s).",
        int(said["posts"]),
    ) % {"kind": KINDS[said["kind"]], "names": _names(said["names"]), **_interval(said)}


def _rival_beside(said: Said) -> str:
    return ngettext(
        "To compare, though your own posts decide: %(n)s public post %(part)s of those you named (%(names)s) won %(times)s "
        "times the reactions of their others (95 %% interval %(low)s to %(high)s).",
        "To compare, though your own posts decide: %(n)s public posts %(part)s of those you named (%(names)s) won %(times)s "
        "times the reactions of their others (95 %% interval %(low)s to %(high)s).",
        int(said["posts"]),
    ) % {"part": PARTS[int(said["part"])], "names": _names(said["names"]), **_interval(said)}


def _rivals_read(said: Said) -> str:
    told = ngettext(
        "%(n)s public post of %(names)s in thirteen weeks was read.",
        "%(n)s public posts of %(names)s in thirteen weeks were read.",
        int(said["posts"]),
    ) % {"n": _number(said["posts"]), "names": _names(said["names"])}
    if said["pace"] is None:
        return told
    if said["own"] is None:
        pace = _("The middle one puts out %(theirs)s a week.") % {"theirs": times(said["pace"])}
    else:
        pace = _("The middle one puts out %(theirs)s a week, you %(own)s.") % {
            "theirs": times(said["pace"]), "own": times(said["own"]),
        }  # fmt: skip
    return f"{told} {pace}"


def _rivals_few(said: Said) -> str:
    posts = ngettext(
        "%(n)s public post of %(names)s in thirteen weeks is too few to tell hours or kinds from;",
        "%(n)s public posts of %(names)s in thirteen weeks are too few to tell hours or kinds from;",
        int(said["posts"]),
    ) % {"n": _number(said["posts"]), "names": _names(said["names"])}
    more = ngettext(
        "about %(n)s more would be enough.", "about %(n)s more would be enough.", int(said["more"])
    ) % {"n": _number(said["more"])}  # fmt: skip
    return f"{posts} {more}"


def _group(said: Said) -> str:
    if "name" not in said:
        return _("You want to sell: this one is for a group of your customers.")
    return ngettext(
        "You want to sell: this one is for your customers in “%(name)s”, of whom it reaches %(n)s.",
        "You want to sell: this one is for your customers in “%(name)s”, of whom it reaches %(n)s.",
        int(said["reaches"]),
    ) % {"name": isolate(str(said["name"])), "n": _number(said["reaches"])}


def unnamed(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The same for who may not see lists of customers: no group is named."""
    return tuple(Reason("group") if each.code == "group" else each for each in reasons)


def times(value: Any) -> str:
    """1.52, as the reader writes it."""
    return writing.number(round(float(value), 2))


def _habit(said: Said) -> str:
    return (
        ngettext(
            "On %(day)s from %(from)s to %(to)s o'clock feeds with your posts were opened %(n)s time in thirteen weeks.",
            "On %(day)s from %(from)s to %(to)s o'clock feeds with your posts were opened %(n)s times in thirteen weeks.",
            int(said["times"]),
        )
        % {
            "day": weekday(int(said["weekday"])), "from": _number(said["hour"]),
            "to": _number(int(said["hour"]) + int(said["hours"])), "n": _number(said["times"]),
        }
    )  # fmt: skip


def _kind(said: Said) -> str:
    if "other" in said:
        return ngettext(
            "Of your kinds of post it is the one expected to reach most: %(times)s times as many as %(other)s (told from "
            "%(n)s post of this kind).",
            "Of your kinds of post it is the one expected to reach most: %(times)s times as many as %(other)s (told from "
            "%(n)s posts of this kind).",
            int(said["posts"]),
        ) % {"times": times(said["ratio"]), "other": KINDS[said["other"]], "n": _number(said["posts"])}
    return _("It is the kind you know: there is no other of which you have five posts to compare.")


def _lent(said: Said) -> str:
    if said["lender"] == HOUSE:
        return ngettext(
            "What you cannot know yet is borrowed from %(n)s page of this house that is about as large.",
            "What you cannot know yet is borrowed from %(n)s pages of this house that are about as large, taken together.",
            int(said["pages"]),
        ) % {"n": _number(said["pages"])}
    return _(
        "What you cannot know yet is borrowed from one published brand (Moro, Rita and Vala 2016), so the range is wide."
    )


def _language(said: Said) -> str:
    code = str(said["language"])
    return _("In %(language)s: %(share)s of your followers write in it first.") % {
        "language": writing.locale().languages.get(code, code),
        "share": _percent(said["share"]),
    }


def _goal(said: Said) -> str:
    return {
        "reach": _("You want to be seen by more people, so it is for everybody."),
        "followers": _(
            "You want to win followers, so it is for everybody: those who follow you see it already."
        ),
        "engagement": _("You want to get people to talk, so end it with a question."),
        "visits": _("You want to bring people to your site, so put a tracked link into it."),
        "orders": _("You want to sell, so put a tracked link into it that leads to the order."),
    }.get(str(said["goal"]), "")


_SENTENCES: Final[Mapping[str, Callable[[Said], str]]] = {
    "often": _often,
    "cost": _cost,
    "part": _part,
    "habit": _habit,
    "no_habit": lambda said: _("Of this hour nothing is known yet; trying it is how it becomes known."),
    "kind": _kind,
    "kind_turn": lambda said: (
        _("A change from %(other)s, so that the two can go on being compared.")
        % {"other": KINDS[said["other"]]}
    ),
    "kind_unknown": lambda said: _("Which kind does better with you nobody knows yet; taking turns tells."),
    "trial_hour": lambda said: (
        ngettext(
            "A trial: only %(n)s post of yours was at this time of day, so little is known of it.",
            "A trial: only %(n)s posts of yours were at this time of day, so little is known of it.",
            int(said["posts"]),
        )
        % {"n": _number(said["posts"])}
    ),
    "trial_kind": lambda said: (
        ngettext(
            "A trial: only %(n)s post of yours was of this kind, so little is known of it.",
            "A trial: only %(n)s posts of yours were of this kind, so little is known of it.",
            int(said["posts"]),
        )
        % {"n": _number(said["posts"])}
    ),
    "lent": _lent,
    "language": _language,
    "goal": _goal,
    "tried_well": lambda said: (
        _("You said of “%(what)s” that it went well.") % {"what": ABOUT[About(said["about"])]}
    ),
    "tried_but": _tried_but,
    "tried_well_but": _tried_well_but,
    "tried_avoided": lambda said: (
        _(
            "Left out, because you said that it went badly, and your own posts do not clearly say otherwise: %(what)s."
        )
        % {"what": _things(said["abouts"])}
    ),
    "tried_promotion": lambda said: _(
        "You said that paid promotion went well: of its week this is the one that promises most, so promote this one."
    ),
    "no_promotion": lambda said: _("No promotion is proposed, because you said that it went badly."),
    "rival_part": _rival_part,
    "rival_kind": _rival_kind,
    "rival_beside": _rival_beside,
    "rivals_read": _rivals_read,
    "rivals_few": _rivals_few,
    "rivals_flat": lambda said: (
        _("No hour and no kind of post of %(names)s stands out, so none is borrowed.")
        % {"names": _names(said["names"])}
    ),
    "rivals_unread": lambda said: (
        _("Of %(names)s nothing is published here that could be read, so nothing is told of it.")
        % {"names": _names(said["names"])}
    ),
    "language_said": lambda said: (
        _("In %(language)s: you said that they read it. What your followers write in is not known yet.")
        % {"language": _in_words(said["language"])}
    ),
    "language_wanted": lambda said: (
        _(
            "In %(language)s, one in five: you said that they read it, though hardly any of your followers write in it."
        )
        % {"language": _in_words(said["language"])}
    ),
    "crowd": lambda said: (
        _("You serve: %(crowd)s. That they read %(part)s is assumed, until your own posts tell.")
        % {"crowd": CROWDS[Crowd(said["crowd"])], "part": PARTS[int(said["part"])]}
    ),
    "group": _group,
    "everybody": lambda said: _("It is for everybody: you have not said what posts should do for you."),
    "moved": lambda said: _("Somebody of you gave it this hour."),
    "first": lambda said: _("The plan was made."),
    "nothing": lambda said: _("Nothing changes: what happened fits what was expected."),
    "held": lambda said: (
        ngettext(
            "Of the week's ranges %(held)s of %(n)s held.",
            "Of the week's ranges %(held)s of %(n)s held.",
            int(said["n"]),
        )
        % {"held": _number(said["held"]), "n": _number(said["n"])}
    ),
    "more_often": lambda said: (
        _("%(n)s posts in four weeks instead of %(before)s, because %(why)s.")
        % {"n": _number(said["now"]), "before": _number(said["before"]), "why": _why_often(said)}
    ),
    "other_kind": lambda said: (
        _("Mostly %(kind)s now instead of %(before)s: of what came out, that reached more than expected.")
        % {"kind": KINDS[said["now"]], "before": KINDS[said["before"]]}
    ),
    "other_part": lambda said: (
        _("Mostly %(part)s now instead of %(before)s, because your newest posts did better then.")
        % {"part": PARTS[int(said["now"])], "before": PARTS[int(said["before"])]}
    ),
    "reach_moved": lambda said: (
        _(
            "A usual post is now expected to reach %(now)s instead of %(before)s, because of what the last ones came to."
        )
        % {"now": _number(said["now"]), "before": _number(said["before"])}
    ),
    "own_now": lambda said: _("Your own posts are enough by now; nothing is borrowed any more."),
    "added": lambda said: (
        ngettext(
            "%(n)s proposal for the week that came into sight.",
            "%(n)s proposals for the week that came into sight.",
            int(said["n"]),
        )
        % {"n": _number(said["n"])}
    ),
}


def _why_often(said: Said) -> str:
    if said["why"] == "took":
        return _("a post takes %(now)s and not %(before)s") % {
            "now": _hours(said["took_now"]), "before": _hours(said["took_before"]),
        }  # fmt: skip
    if said["why"] == "hours":
        return pgettext("why a plan has more or fewer posts", "you have another number of hours a week")
    return pgettext("why a plan has more or fewer posts", "your own pace is another one")


_GRADES: Final[Mapping[str, Grade]] = {
    "habit": Grade.EXACT,
    "no_habit": Grade.EXACT,
    "trial_hour": Grade.EXACT,
    "trial_kind": Grade.EXACT,
    "language": Grade.EXACT,
    "kind_unknown": Grade.EXACT,
    "kind_turn": Grade.EXACT,
    "held": Grade.EXACT,
    "goal": Grade.REPORTED,
    "tried_well": Grade.REPORTED,
    "tried_avoided": Grade.REPORTED,
    "tried_promotion": Grade.REPORTED,
    "no_promotion": Grade.REPORTED,
    "language_said": Grade.REPORTED,
    "language_wanted": Grade.REPORTED,
    "rivals_few": Grade.EXACT,
    "rivals_read": Grade.EXACT,
    "rivals_unread": Grade.EXACT,
    "everybody": Grade.REPORTED,
    "group": Grade.EXACT,
    "moved": Grade.EXACT,
    "often": Grade.REPORTED,
}
