"""The voice drawn, and as tables: who is spoken of how much, on which day, how it sounds, which post brought whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.core.text.bidi import isolate
from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.insights.figures import Grade
from majlis.insights.moods import Sound
from majlis.insights.plots import bars, times, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.reports.growth import FOLLOWERS
from majlis.insights.words import FEW
from majlis.studio.rivals.publishing import PER_FOLLOWER, POSTS_A_WEEK
from majlis.studio.voice.standing import Growth
from majlis.studio.voice.telling import PUBLIC, Voices

SOUNDS: Final[Mapping[Sound, str | Promise]] = {
    Sound.POSITIVE: pgettext_lazy("mood of a text", "Positive"),
    Sound.NEUTRAL: pgettext_lazy("mood of a text", "Neutral"),
    Sound.NEGATIVE: pgettext_lazy("mood of a text", "Negative"),
}
NO_POST: Final = gettext_lazy("No post of yours in the week before")
_LONGEST: Final = 40


def share(found: Voices, *, zone: str) -> Plot:
    """Who is spoken of how much."""
    drawn = [
        bars.Bar(
            each.subject.name, each.mentions, _of(each.mentions, each.share), "--plot-1" if each.subject.own else "--plot-3"
        )
        for each in found.spoken
        if each.mentions
    ]  # fmt: skip
    rivals = _list(each.subject.name for each in found.spoken[1:])
    against = Note(_("Rivals"), rivals or _("None named"))
    return Plot(
        name="voice",
        title=_("Who is spoken of how much"),
        said=_bars_said(drawn) or _("Nothing that can be told yet."),
        sheet=Sheet(
            _("Who is spoken of how much"),
            (
                Column(_("Name")), Column(_("Mentions"), "number"), Column(_("Share of voice"), "percent"),
                Column(_("Followers of who wrote"), "number"), Column(_("Share by reach"), "percent"),
                Column(_("People"), "number"), Column(_("Positive texts"), "number"), Column(_("Neutral texts"), "number"),
                Column(_("Negative texts"), "number"), Column(_("Net sentiment"), "percent"), Column(_("Remark")),
            ),
            tuple(
                (
                    each.subject.name, each.mentions, each.share, each.reach, each.weighted,
                    each.people if not 0 < each.people < 10 else None, each.mood.positive, each.mood.neutral,
                    each.mood.negative, each.net, _("The newest that could be read") if each.full else "",
                )
                for each in found.spoken
            ),
            (*notes(window=found.window, population=PUBLIC, zone=zone, formulas=(found.share, found.weighted)), against),
        ),
        spec=bars.lying(drawn),
    )  # fmt: skip


def _of(number: int, part: float | None) -> str:
    return (
        f"{writing.number(number)} · {writing.percent(part)}" if part is not None else writing.number(number)
    )


def days(found: Voices, *, zone: str) -> Plot:
    """Mentions of the page a day."""
    points = [
        times.Point(writing.day(day), number, f"{writing.day(day)}: {writing.number(number)}") for day, number in found.days
    ]  # fmt: skip
    busiest = max(found.days, key=lambda each: each[1], default=None)
    said = _("Most on %(day)s: %(count)s.") % {
        "day": writing.day(busiest[0]), "count": writing.number(busiest[1]),
    } if busiest and busiest[1] else _("Nothing that can be told yet.")  # fmt: skip
    return Plot(
        name="mentions-by-day",
        title=_("Mentions of you by day"),
        said=said,
        sheet=Sheet(
            _("Mentions of you by day"), (Column(_("Day"), "day"), Column(_("Mentions"), "number")), found.days,
            notes(window=found.window, population=PUBLIC, zone=zone),
        ),
        spec=times.columns(points, title=_("Mentions")),
    )  # fmt: skip


def sounds(found: Voices, *, zone: str) -> Plot:
    """How the texts about the page sound."""
    mood = found.spoken[0].mood
    counts = {Sound.POSITIVE: mood.positive, Sound.NEUTRAL: mood.neutral, Sound.NEGATIVE: mood.negative}
    colours = {Sound.POSITIVE: "--plot-1", Sound.NEUTRAL: "--plot-4", Sound.NEGATIVE: "--plot-2"}
    drawn = [
        bars.Bar(
            str(SOUNDS[each]),
            number,
            _of(number, number / mood.texts if mood.texts else None),
            colours[each],
        )
        for each, number in counts.items()
    ]
    return Plot(
        name="sounds",
        title=_("How it sounds"),
        said=_bars_said(drawn) if mood.texts else _("Nothing that can be told yet."),
        sheet=Sheet(
            _("How it sounds"),
            (Column(_("Mood")), Column(_("Texts"), "number"), Column(_("Share"), "percent")),
            tuple(
                (str(SOUNDS[each]), number, number / mood.texts if mood.texts else None) for each, number in counts.items()
            ),
            notes(
                window=found.window, population=PUBLIC, zone=zone, grade=Grade.ESTIMATED, formulas=(found.net, found.polar)
            ),
        ),
        spec=bars.lying(drawn),
    )  # fmt: skip


def mentions(found: Voices, *, zone: str) -> Sheet:
    """Every mention of the page that was read."""
    return Sheet(
        _("Mentions of you"),
        (
            Column(_("When"), "moment"), Column(_("By")), Column(_("Text"), "prose"), Column(_("Mood")),
            Column(_("Confidence"), "percent"), Column(_("Complaint"), "percent"), Column(_("Put right by your team")),
            Column(_("Followers"), "number"),
        ),
        tuple(
            (
                writing.there(each.made_at, zone=zone), f"@{each.handle}", each.text, str(SOUNDS[each.sound]),
                None if each.said else each.reading.confidence, each.reading.complaint, _("yes") if each.said else "",
                each.followers,
            )
            for each in found.heard
        ),
        notes(window=found.window, population=PUBLIC, zone=zone, grade=Grade.ESTIMATED),
    )  # fmt: skip


def published(found: Voices, *, zone: str) -> Sheet:
    """What those compared publish for everybody to see."""
    return Sheet(
        _("What you and your rivals publish"),
        (
            Column(_("Name")), Column(_("Followers"), "number"), Column(_("Posts"), "number"),
            Column(_("Days with a post"), "number"), Column(_("Posts a week"), "number"), Column(_("Reactions"), "number"),
            Column(_("Comments"), "number"), Column(_("Shares"), "number"),
            Column(_("Reactions a post and follower"), "percent"),
        ),
        tuple(
            (
                each.name, each.followers, each.posts, each.days, round(each.a_week, 1), each.reactions, each.comments,
                each.shares, each.per_follower,
            )
            for each in found.published
        ),
        (
            *notes(window=found.window, population=_("Public posts of profiles of this server"), zone=zone),
            Note(_("Posts a week"), str(POSTS_A_WEEK)), Note(_("Reactions a post and follower"), str(PER_FOLLOWER)),
        ),
    )  # fmt: skip


def brought(found: Growth, *, zone: str) -> Plot:
    """Which post brought whom."""
    named = [
        (writing.beginning(each.beginning, _LONGEST) if each.post_id else str(NO_POST), each.count or 0)
        for each in found.reasons
    ]
    drawn = [
        bars.Bar(name or "…", number, writing.number(number), "--plot-1" if each.post_id else "--plot-4")
        for (name, number), each in zip(named, found.reasons, strict=True)
        if number
    ]
    return Plot(
        name="brought",
        title=_("Which post brought whom"),
        said=_bars_said(drawn[:5]) or _("Nothing that can be told yet."),
        sheet=Sheet(
            _("Which post brought whom"),
            (Column(_("Post")), Column(_("New followers"), "number")),
            tuple(named),
            notes(window=found.begun.window, population=FOLLOWERS, zone=zone, formulas=(found.begun,)),
        ),
        spec=bars.lying(drawn[:10]),
        left_out=_left_out(found),
    )


def _left_out(found: Growth) -> str:
    if not found.hidden:
        return ""
    return _("%(word)s: posts that brought fewer than ten each, or would tell of them.") % {"word": str(FEW)}


def _bars_said(drawn: Iterable[bars.Bar]) -> str:
    return _joined(f"{isolate(bar.name)}: {isolate(bar.label)}" for bar in drawn)


def _joined(parts: Iterable[str]) -> str:
    return ("؛ " if writing.rtl() else "; ").join(parts)


def _list(parts: Iterable[str]) -> str:
    return ("، " if writing.rtl() else ", ").join(parts)
