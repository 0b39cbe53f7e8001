"""Conversations in words: states, priorities, sources, how soon something is due, what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_timedelta
from babel.localedata import exists
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from majlis.care import sources
from majlis.care.access import Priority, Status
from majlis.care.choices import Choices
from majlis.care.reading import Done
from majlis.core.text.bidi import direction
from majlis.web import formats
from majlis.web.studio import clock

VIEWS: Final[Mapping[str, str | Promise]] = {
    "open": pgettext_lazy("conversations", "Open"),
    "mine": pgettext_lazy("conversations", "Mine"),
    "unassigned": pgettext_lazy("conversations", "Nobody's"),
    "late": pgettext_lazy("conversations", "Late"),
    "complaints": pgettext_lazy("conversations", "Complaints"),
    "waiting": pgettext_lazy("conversations", "Waiting"),
    "snoozed": pgettext_lazy("conversations", "Snoozed"),
    "solved": pgettext_lazy("conversations", "Solved"),
    "all": pgettext_lazy("conversations", "All"),
}
STATUSES: Final[Mapping[str, str | Promise]] = {
    Status.OPEN: pgettext_lazy("conversation", "Open"),
    Status.WAITING: pgettext_lazy("conversation", "Waiting for the customer"),
    Status.SNOOZED: pgettext_lazy("conversation", "Snoozed"),
    Status.SOLVED: pgettext_lazy("conversation", "Solved"),
    Status.CONFIRMED: pgettext_lazy("conversation", "Confirmed by the customer"),
}
PRIORITIES: Final[Mapping[int, str | Promise]] = {
    Priority.URGENT: pgettext_lazy("priority", "Urgent"),
    Priority.HIGH: pgettext_lazy("priority", "High"),
    Priority.NORMAL: pgettext_lazy("priority", "Normal"),
    Priority.LOW: pgettext_lazy("priority", "Low"),
}
SOURCES: Final[Mapping[str, str | Promise]] = {
    sources.MENTION: pgettext_lazy("source", "Mention"),
    sources.COMMENT: pgettext_lazy("source", "Comment"),
    sources.DIRECT: pgettext_lazy("source", "Direct"),
    sources.REVIEW: pgettext_lazy("source", "Review"),
    sources.OUTSIDE: pgettext_lazy("source", "From elsewhere"),
}
ICONS: Final[Mapping[str, str]] = {
    sources.MENTION: "at",
    sources.COMMENT: "reply",
    sources.DIRECT: "mail",
    sources.REVIEW: "star",
}
ORDERS: Final[Mapping[str, str | Promise]] = {
    "due": gettext_lazy("What is due first"),
    "newest": gettext_lazy("The newest first"),
}
CLOCKS: Final[Mapping[str, str | Promise]] = {
    "first": gettext_lazy("First answer"),
    "next": gettext_lazy("Next answer"),
    "resolution": gettext_lazy("Solved by"),
}
_HANDLES: Final = re.compile(r"^(?:\s*@\S+)+")


def source(name: str) -> str:
    """Where something was said; of an outside network, its name."""
    if sources.is_outside(name):
        return name.removeprefix(sources.OUTSIDE).capitalize()
    return str(SOURCES.get(name, name))


def language(code: str) -> str:
    """A language in the reader's."""
    if code.replace("_", "").isalpha() and exists(code):
        return str(formats.locale().languages.get(code, code))
    return code


def own_language(name: str, name_ar: str) -> str:
    """A name that has two languages, in the reader's."""
    return name_ar if name_ar and (get_language() or "").startswith("ar") else name


def duration(seconds: float) -> str:
    """7 min; under a minute, one."""
    return format_timedelta(
        timedelta(seconds=max(seconds, 60)), format="short", threshold=0.95, locale=formats.locale()
    )


def due(moment: datetime | None, *, at: datetime) -> str:
    """In 12 min; 12 min late; nothing without a clock."""
    if moment is None:
        return ""
    left = (moment - at).total_seconds()
    if left < 0:
        return _("%(time)s late") % {"time": duration(-left)}
    return _("in %(time)s") % {"time": duration(left)}


def moment(at: datetime) -> str:
    """Day and hour in few words."""
    local = timezone.localtime(at)
    return f"{clock.day_words(local.date())}{'، ' if formats.locale().language == 'ar' else ', '}{clock.clock(at)}"


def done(step: Done, *, choices: Choices, taken: float | None) -> str:
    """What was done, as a line; ``taken`` are the seconds the customer had waited for an answer."""
    who = step.by_name or (_("The customer") if step.by_customer else "")
    told = _SAID.get(step.what)
    line = told(who, step, choices) if told else (f"{step.what} · {who}" if who else step.what)
    return f"{line} · {duration(taken)}" if taken is not None else line


_Say = Callable[[str, Done, Choices], str]


def _by(known: str | Promise, unknown: str | Promise) -> _Say:
    return lambda who, _step, _choices: str(known) % {"name": who} if who else str(unknown)


def _assigned(who: str, step: Done, choices: Choices) -> str:
    to = next((each.name for each in choices.answerers if str(each.id) == step.details.get("to")), "")
    if not step.details.get("to"):
        return _("%(name)s gave it back to everybody") % {"name": who or _("A rule")}
    if not to:
        return _("%(name)s gave it to somebody who has left") % {"name": who or _("A rule")}
    return (
        _("%(name)s took it") % {"name": who}
        if who == to
        else _("%(name)s gave it to %(other)s") % {"name": who or _("A rule"), "other": to}
    )


def _prioritised(who: str, step: Done, _choices: Choices) -> str:
    priority = PRIORITIES.get(step.details.get("to", Priority.NORMAL), "")
    return _("%(name)s set the priority: %(priority)s") % {
        "name": who or _("A rule"),
        "priority": str(priority),
    }


def _tagged(who: str, step: Done, _choices: Choices) -> str:
    tags = ", ".join(map(str, step.details.get("tags", ())))
    if not tags:
        return _("%(name)s took the tags away") % {"name": who or _("A rule")}
    return _("%(name)s tagged it: %(tags)s") % {"name": who or _("A rule"), "tags": tags}


def _cause(who: str, step: Done, choices: Choices) -> str:
    found = next((each for each in choices.causes if str(each.id) == step.details.get("to")), None)
    if found is None:
        return _("%(name)s changed the cause") % {"name": who or _("A rule")}
    return _("%(name)s named the cause: %(cause)s") % {
        "name": who or _("A rule"),
        "cause": own_language(found.name, found.name_ar),
    }


def _snoozed(who: str, step: Done, _choices: Choices) -> str:
    until = datetime.fromisoformat(str(step.details.get("to") or step.at.isoformat()))
    return _("%(name)s snoozed it until %(moment)s") % {"name": who or _("A rule"), "moment": moment(until)}


_SAID: Final[Mapping[str, _Say]] = {
    "answered": _by(gettext_lazy("%(name)s answered"), gettext_lazy("The page answered")),
    "wrote": _by(gettext_lazy("%(name)s wrote again"), gettext_lazy("The customer wrote again")),
    "assigned": _assigned,
    "waited": _by(gettext_lazy("%(name)s waits for the customer"), gettext_lazy("Waiting for the customer")),
    "solved": _by(gettext_lazy("%(name)s solved it"), gettext_lazy("It was solved")),
    "reopened": _by(gettext_lazy("%(name)s opened it again"), gettext_lazy("It was opened again")),
    "confirmed": _by(gettext_lazy("%(name)s confirmed: solved"), gettext_lazy("Confirmed: solved")),
    "snoozed": _snoozed,
    "woke": _by(gettext_lazy("%(name)s woke it"), gettext_lazy("Its sleep was over")),
    "prioritised": _prioritised,
    "tagged": _tagged,
    "cause": _cause,
    "merged": _by(gettext_lazy("%(name)s merged another conversation into this one"), gettext_lazy("Merged")),
    "split": _by(gettext_lazy("%(name)s split a part off"), gettext_lazy("A part was split off")),
    "split_from": _by(
        gettext_lazy("%(name)s split this off another conversation"), gettext_lazy("Split off another one")
    ),
    "joined": _by(
        gettext_lazy("%(name)s joined two people into one"), gettext_lazy("Two people were joined")
    ),
    "parted": _by(gettext_lazy("%(name)s parted two people again"), gettext_lazy("Two people were parted")),
    "blocked": _by(gettext_lazy("%(name)s blocked the customer"), gettext_lazy("The customer was blocked")),
    "reported": _by(gettext_lazy("%(name)s told the operators"), gettext_lazy("The operators were told")),
}
"""A note is not among them: it stands in the conversation itself."""


def running(text: str) -> str:
    """Which way a text runs, for ``dir``: by its own words, not by the handles that it begins with."""
    return direction(_HANDLES.sub("", text)) or "auto"


def tomorrow_at_nine(at: datetime, *, zone: str) -> datetime:
    """Nine o'clock of the page's next day."""
    return _nine(at, zone=zone, days=1)


def next_week(at: datetime, *, zone: str) -> datetime:
    """Nine o'clock of the first day of the page's next week."""
    today = clock.today(at, zone=zone)
    return _nine(at, zone=zone, days=7 - (today - clock.week_of(today, zone=zone)).days)


def _nine(at: datetime, *, zone: str, days: int) -> datetime:
    day = clock.today(at, zone=zone) + timedelta(days=days)
    return clock.moment_of(f"{day.isoformat()}T09:00", zone=zone, field="until")
