"""A plot: what it shows in words, its table, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from majlis.insights.exports.sheet import Note, Sheet
from majlis.insights.figures import Figure, Grade, Words
from majlis.insights.plots import writing
from majlis.insights.plots.look import Spec
from majlis.insights.windows import Window
from majlis.insights.words import GRADES


class Plot(msgspec.Struct, frozen=True):
    """``said`` is the plot in words, made of its data; ``spec`` None: there is nothing to draw yet. ``left_out``
    says what is not drawn and why; empty: nothing is missing."""

    name: str
    title: str
    said: str
    sheet: Sheet
    spec: Spec | None
    left_out: str = ""


def notes(
    *,
    window: Window,
    population: Words,
    zone: str,
    grade: Grade = Grade.EXACT,
    formulas: Sequence[Figure] = (),
) -> tuple[Note, ...]:
    """What every exported table says of itself."""
    name, meaning = GRADES[grade]
    said = [
        Note(_("Window"), window_in_words(window, zone=zone)),
        Note(_("Population"), str(population)),
        Note(_("Grade"), f"{name} — {meaning}"),
    ]
    return (*said, *(Note(str(each.name), str(each.formula)) for each in formulas))


def window_in_words(window: Window, *, zone: str) -> str:
    """From when to when, in the page's zone."""
    until = writing.moment(window.until, zone=zone)
    if window.since is None:
        return _("until %(until)s (%(zone)s)") % {"until": until, "zone": zone}
    since = writing.moment(window.since, zone=zone)
    return _("%(since)s – %(until)s (%(zone)s)") % {"since": since, "until": until, "zone": zone}
