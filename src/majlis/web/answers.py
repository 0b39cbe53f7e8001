"""How a page answers, as its public badge says it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.care.fixing import badge
from majlis.insights.plots import writing
from majlis.web import formats
from majlis.web.faces import Shown


@dataclass(slots=True)
class Answering(Shown):
    """A sentence, and what it is told from."""

    sentence: str
    told_from: str


def answering(page_id: int) -> Answering | None:
    """The badge of a page; None where it has too few conversations, or does not show it. One query."""
    found = badge.shown(page_id)
    if found is None:
        return None
    parts = [
        _("Answers %(share)s of those who write to it") % {"share": writing.percent(found.share_answered)}
    ]
    if found.median_seconds is not None:
        parts.append(_("usually within %(time)s") % {"time": _span(found.median_seconds)})
    if found.share_confirmed is not None:
        parts.append(
            _("%(share)s of what it solved, its customers confirmed")
            % {"share": writing.percent(found.share_confirmed)}
        )
    n = found.conversations
    told = ngettext(
        "From %(n)s conversation of 90 days, answers of people alone, within its hours; worked out by this server.",
        "From %(n)s conversations of 90 days, answers of people alone, within its hours; worked out by this server.",
        n,
    ) % {"n": formats.number(n)}  # fmt: skip
    return Answering(("، " if writing.rtl() else ", ").join(parts), told)


def _span(seconds: float) -> str:
    """7 minutes; 3 hours; 2 days: rounded up, so that nothing sounds quicker than it is."""
    minutes = max(1, -(-seconds // 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", int(minutes)) % {"n": formats.number(int(minutes))}
    hours = -(-seconds // 3600)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", int(hours)) % {"n": formats.number(int(hours))}
    days = -(-seconds // 86_400)
    return ngettext("%(n)s day", "%(n)s days", int(days)) % {"n": formats.number(int(days))}
