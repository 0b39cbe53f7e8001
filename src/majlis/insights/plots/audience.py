"""The plots of an audience."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.plots import bars, times, week, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.reports.audience import OUTSIDE, UNKNOWN, UNMEASURED, Audience, Slot
from majlis.insights.windows import Window
from majlis.insights.words import FEW

_GROUPS: Final = {
    OUTSIDE: gettext_lazy("On other servers"),
    UNMEASURED: gettext_lazy("Not measured"),
    UNKNOWN: gettext_lazy("Not said"),
}
_FOLLOWERS: Final = gettext_lazy("Followers of the page, here and on other servers")


def followers(found: Audience, *, window: Window, zone: str) -> Plot:
    """How many, over time."""
    points = [
        times.Point(
            writing.day(step.day),
            step.followers,
            f"{writing.day(step.day)}: {writing.number(step.followers)}",
        )
        for step in found.steps
    ]
    now, change = int(found.followers.value or 0), int(found.change.value or 0)
    said = _("From %(before)s to %(now)s followers.") % {
        "before": writing.number(now - change),
        "now": writing.number(now),
    }
    return Plot(
        name="followers",
        title=_("Followers over time"),
        said=said,
        sheet=Sheet(
            _("Followers over time"),
            (
                Column(_("Day") if found.step_days == 1 else _("Week from"), "day"),
                Column(_("Followers"), "number"),
                Column(_("New"), "number"),
                Column(_("Lost"), "number"),
                Column(_("Remark")),
            ),
            tuple(
                (step.day, step.followers, step.begun, step.ended, str(FEW) if step.begun is None else "")
                for step in found.steps
            ),
            notes(window=window, population=_FOLLOWERS, zone=zone, formulas=(found.begun, found.ended)),
        ),
        spec=times.line(points, title=_("Followers")),
    )


def languages(found: Audience, *, window: Window, zone: str) -> Plot:
    """What they write."""
    named = [(language(code), count) for code, count in found.languages]
    drawn = [bars.Bar(name, count, writing.number(count)) for name, count in named if count]
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="languages",
        title=_("Languages of your followers"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing that can be told yet."),
        sheet=Sheet(
            _("Languages"),
            (Column(_("Language")), Column(_("Followers"), "number"), Column(_("Remark"))),
            tuple((name, count, str(FEW) if count is None else "") for name, count in named),
            notes(window=Window(None, window.until), population=_FOLLOWERS, zone=zone),
        ),
        spec=bars.lying(drawn),
    )


def language(code: str) -> str:
    """The name of a language, or of a group that says none."""
    if code in _GROUPS:
        return str(_GROUPS[code])
    return str(writing.locale().languages.get(code, code))


def opened(found: Audience, *, window: Window, zone: str) -> Plot:
    """When feeds with a post of the page are opened."""
    names = dict(writing.weekdays())
    counts = {(slot.weekday, slot.hour): slot.served for slot in found.slots}
    said = _("Nothing that can be told yet.")
    if found.busiest is not None:
        said = _("Most on %(slot)s.") % {"slot": slot_in_words(found.busiest, hours=found.slot_hours)}
    ordered = [(day, hour) for day in names for hour in range(0, 24, found.slot_hours)]
    return Plot(
        name="opened",
        title=_("When they open their feeds"),
        said=said,
        sheet=Sheet(
            _("Feeds opened by hour of the week"),
            (
                Column(_("Day of the week")),
                Column(_("Hour")),
                Column(_("Times a feed with a post of yours was opened"), "number"),
                Column(_("Remark")),
            ),
            tuple(
                (
                    names[day],
                    f"{hour:02}:00",
                    counts[day, hour],
                    str(FEW) if counts[day, hour] is None else "",
                )
                for day, hour in ordered
            ),
            notes(
                window=window,
                population=_("Members who let themselves be measured, in whose feeds a post of yours was"),
                zone=zone,
            ),
        ),
        spec=week.carpet(
            counts,
            hours=found.slot_hours,
            said={
                (day, hour): f"{names[day]} {hour:02}:00: {_told(counts[day, hour])}" for day, hour in ordered
            },
        ),
    )


def _told(count: int | None) -> str:
    return str(FEW) if count is None else writing.number(count)


def slot_in_words(slot: Slot, *, hours: int) -> str:
    """Thursday, 20:00–21:00."""
    name = dict(writing.weekdays())[slot.weekday]
    return f"{name}{'،' if writing.rtl() else ','} {slot.hour:02}:00–{(slot.hour + hours) % 24:02}:00"
