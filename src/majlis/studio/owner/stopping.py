"""What should I stop doing? Kinds, hours and campaigns whose posts bring clearly less per hour than the page's middle one.

Clearly: the whole range in which the group's own median lies, at an error of 5 % shared by everything that is
compared (Bonferroni), is below the median of all the page's posts. And never of fewer than five posts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from statistics import median as middle_of
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.core.text.bidi import isolate
from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.insights.methods import medians
from majlis.insights.methods.medians import Median
from majlis.insights.plots import saying, writing
from majlis.insights.plots.plot import notes
from majlis.insights.windows import Window
from majlis.studio.owner.answers import Answer, Question, Todo
from majlis.studio.owner.pieces import FORMS, HOURS, Piece, Pieces, pieces

FEWEST_POSTS: Final = 5
ERROR: Final = 0.05
_SHOWN: Final = 3
_POPULATION: Final = gettext_lazy("Posts of these days with five minutes of work or more that is known")
_CLEARLY: Final = gettext_lazy(
    "Median of the group's posts; its range from order statistics (Conover 1999, section 3.2) at an error of 5 % shared "
    "by all groups. “Clearly below”: the whole range is below the median of all posts. Never of fewer than five posts."
)


class Measure(StrEnum):
    """What is compared."""

    MARGIN = "margin"
    REACH = "reach"


class By(StrEnum):
    """What the posts are grouped by."""

    FORM = "form"
    HOURS = "hours"
    CAMPAIGN = "campaign"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Posts of a kind, of some hours, of a campaign. ``below``: clearly; ``enough``: so many that it could be."""

    by: By
    key: str
    name: str
    measure: Measure
    median: Median
    usual: float
    enough: bool

    @property
    def below(self) -> bool:
        """Whether it brings clearly less than the page's middle post."""
        return self.enough and self.median.interval is not None and self.median.interval[1] < self.usual


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """All groups, those clearly below first, the worst of them first. ``posts``: how many could be compared."""

    window: Window
    currency: str
    reported: bool
    posts: int
    groups: tuple[Group, ...]
    need: int

    @property
    def below(self) -> list[Group]:
        """Those to think about."""
        return [each for each in self.groups if each.below]

    @property
    def enough(self) -> bool:
        """Whether anything at all could have been found."""
        return any(each.enough for each in self.groups)

    @property
    def more(self) -> int:
        """About how many posts with known hours are missing until something can be said."""
        largest = max((each.median.n for each in self.groups), default=0)
        return max(self.need - largest, 1)


def compared(found: Pieces) -> Compared:
    """Every group against the page's own middle post."""
    raw = [
        (measure, by, key, name, values, usual)
        for measure, value in _MEASURES.items()
        for by, key, name, values, usual in _groups(found.posts, value)
    ]
    looked = sum(len(values) >= FEWEST_POSTS for _m, _b, _k, _n, values, _u in raw)
    error = ERROR / 2 / max(looked, 1)  # at each end of the range
    need = max(FEWEST_POSTS, medians.fewest(error=error))
    groups = []
    for measure, by, key, name, values, usual in raw:
        found_median = medians.median(values, error=error)
        if found_median is not None:
            groups.append(Group(
                by=by, key=key, name=name, measure=measure, median=found_median, usual=usual, enough=len(values) >= need,
            ))  # fmt: skip
    groups.sort(key=lambda one: (not one.below, _ratio(one), one.measure, one.by, one.key))
    posts = sum(any(value(each) is not None for value in _MEASURES.values()) for each in found.posts)
    return Compared(
        window=found.window, currency=found.currency, reported=found.reported, posts=posts, groups=tuple(groups), need=need,
    )  # fmt: skip


_MEASURES: Final[dict[Measure, Callable[[Piece], float | None]]] = {
    Measure.MARGIN: lambda piece: piece.margin_per_hour,
    Measure.REACH: lambda piece: piece.reach_per_hour,
}


def _groups(
    posts: Sequence[Piece], value: Callable[[Piece], float | None]
) -> Iterator[tuple[By, str, str, list[float], float]]:
    """Those of one measure. Posts that are all alike in something are no group: there is nothing to compare with."""
    known = [(each, number) for each in posts if (number := value(each)) is not None]
    if not known:
        return
    usual = middle_of(number for _each, number in known)
    for by in By:
        groups: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for each, number in known:
            if (named := _named(each, by)) is not None:
                groups[named].append(number)
        for (key, name), numbers in sorted(groups.items()):
            if len(numbers) < len(known):
                yield by, key, name, numbers, usual


def _named(piece: Piece, by: By) -> tuple[str, str] | None:
    if by is By.FORM:
        return piece.form, str(FORMS[piece.form])
    if by is By.HOURS:
        return piece.hours, str(HOURS[piece.hours])
    if piece.campaign_id is None:
        return None
    return str(piece.campaign_id), _("Posts of the campaign “%(name)s”") % {"name": isolate(piece.campaign)}


def _ratio(group: Group) -> float:
    return group.median.value / group.usual if group.usual > 0 else 1.0


def stopping(team: OnTeam, *, window: Window) -> Answer:
    """The answer for a window. Ten queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    return answer(pieces(team, window=window), zone=team.time_zone)


def answer(found: Pieces, *, zone: str) -> Answer:
    """The same of posts that are there already."""
    groups = compared(found)
    return Answer(
        question=Question.STOP,
        sentence=_sentence(groups),
        enough=groups.enough,
        more=None if groups.enough else groups.more,
        figures=_figures(groups),
        todo=_todo(groups),
        sheet=_table(groups, zone),
    )


def _sentence(found: Compared) -> str:
    if not found.enough:
        return ngettext(
            "Not enough yet: about %(count)s more post of one kind, with known hours, until anything can be said.",
            "Not enough yet: about %(count)s more posts of one kind, with known hours, until anything can be said.",
            found.more,
        ) % {"count": writing.number(found.more)}
    below = found.below
    if not below:
        looked = len({(each.by, each.key) for each in found.groups if each.enough})
        return ngettext(
            "Nothing stands out: the %(count)s group with enough posts is not clearly below your middle post.",
            "Nothing stands out: of %(count)s groups with enough posts none is clearly below your middle post.",
            looked,
        ) % {"count": writing.number(looked)}
    first = below[0]
    values = {
        "group": first.name, "count": writing.number(first.median.n), "value": _said(first.median.value, first, found),
        "usual": _said(first.usual, first, found),
    }  # fmt: skip
    if first.measure is Measure.MARGIN:
        said = _(
            "%(group)s: half of these %(count)s left %(value)s an hour of work or less; your middle post leaves %(usual)s."
        )
    else:
        said = _(
            "%(group)s: half of these %(count)s reached %(value)s followers an hour of work or fewer; your "
            "middle post reaches %(usual)s."
        )
    said %= values
    others = len({(each.by, each.key) for each in below} - {(first.by, first.key)})
    if not others:
        return said
    more = ngettext(
        "%(count)s other group is clearly below it too.",
        "%(count)s other groups are clearly below it too.",
        others,
    ) % {"count": writing.number(others)}
    return f"{said} {more}"


def _said(value: float, group: Group, found: Compared) -> str:
    if group.measure is Measure.MARGIN:
        return saying.money(round(value, 2), found.currency)
    return saying.in_unit(value, unit=Unit.TIMES)


def _measure(measure: Measure) -> str:
    return _("margin an hour") if measure is Measure.MARGIN else _("followers reached an hour")


def _figures(found: Compared) -> tuple[Figure, ...]:
    shown = found.below[:_SHOWN] or [each for each in found.groups if each.enough][:_SHOWN]
    grade = Grade.REPORTED if found.reported else Grade.EXACT
    groups = tuple(
        Figure(
            name=_("%(group)s: %(what)s") % {"group": each.name, "what": _measure(each.measure)},
            value=round(each.median.value, 2),
            unit=Unit.MONEY if each.measure is Measure.MARGIN else Unit.TIMES,
            currency=found.currency if each.measure is Measure.MARGIN else "", window=found.window, population=_POPULATION,
            formula=str(_CLEARLY), grade=Grade.ESTIMATED, interval=each.median.interval,
            parts=(Part(_("Posts"), each.median.n),),
        )
        for each in shown if each.median.interval is not None
    )  # fmt: skip
    usual = {each.measure: each.usual for each in found.groups}
    middles = tuple(
        Figure(
            name=_("Your middle post: %(what)s") % {"what": _measure(measure)}, value=round(value, 2),
            unit=Unit.MONEY if measure is Measure.MARGIN else Unit.TIMES,
            currency=found.currency if measure is Measure.MARGIN else "", window=found.window, population=_POPULATION,
            formula=_("Half of the posts brought as much or more for each hour."),
            grade=grade if measure is Measure.MARGIN else Grade.EXACT,
        )
        for measure, value in sorted(usual.items())
    )  # fmt: skip
    posts = Figure(
        name=_("Posts that could be compared"), value=found.posts or None, why=None if found.posts else Why.NOTHING_YET,
        window=found.window, population=_("All posts of these days"),
        formula=_("Posts with five minutes of work or more that is known, measured or written down."),
    )  # fmt: skip
    return (*groups, *middles, posts)


def _todo(found: Compared) -> tuple[Todo, ...]:
    if not found.enough:
        return (Todo(_("Let the timer run while you write, or write hours down for a post."), "money/hours"),)
    below = found.below
    if not below:
        return (Todo(_("Look at what earned most instead."), "questions/earned"),)
    if below[0].by is By.CAMPAIGN:
        return (Todo(_("Look at the campaign before you go on with it."), f"campaigns/{below[0].key}"),)
    return (Todo(_("Take some of them out of the calendar, and look again next month."), "calendar"),)


def _table(found: Compared, zone: str) -> Sheet:
    rows = tuple(
        (
            each.name, _verdict(each), _measure(each.measure), each.median.n, round(each.median.value, 2),
            None if each.median.interval is None else round(each.median.interval[0], 2),
            None if each.median.interval is None else round(each.median.interval[1], 2), round(each.usual, 2),
            found.currency if each.measure is Measure.MARGIN else "",
        )
        for each in found.groups
    )  # fmt: skip
    return Sheet(
        _("Groups of posts against the middle post"),
        (
            Column(_("Group")), Column(_("What it says")), Column(_("What is compared")),
            Column(_("Posts"), "number"), Column(_("Median"), "money"),
            Column(_("Range from"), "money"), Column(_("Range to"), "money"), Column(_("Your middle post"), "money"),
            Column(_("Currency")),
        ),
        rows,
        (
            *notes(window=found.window, population=_POPULATION, zone=zone, grade=Grade.ESTIMATED),
            *notes(window=found.window, population="", zone=zone, formulas=_figures(found)[:1])[3:],
        ),
    )  # fmt: skip


def _verdict(group: Group) -> str:
    if not group.enough:
        return _("Not enough yet")
    return _("Clearly below") if group.below else _("Nothing to see")
