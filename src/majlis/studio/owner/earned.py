"""Which post earned most per hour? Margin that came of it, less all but the hours, for each hour worked on it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.core.text.bidi import isolate
from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.insights.plots import bars, saying, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.windows import Window
from majlis.studio.owner.answers import Answer, Question, Todo, cents
from majlis.studio.owner.pieces import FORMS, Piece, Pieces, pieces

BEST = 8
_POPULATION = gettext_lazy("Posts of these days with five minutes of work or more that is known")
_FORMULA = gettext_lazy(
    "(Margin of orders that came of the post − promotion, tools and production for it) ÷ hours worked on it."
)


def earned(team: OnTeam, *, window: Window) -> Answer:
    """The answer for a window. Ten queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    return answer(pieces(team, window=window), zone=team.time_zone)


def answer(found: Pieces, *, zone: str) -> Answer:
    """The same of posts that are there already."""
    ranked = best(found.posts)
    return Answer(
        question=Question.EARNED,
        sentence=_sentence(found, ranked, zone),
        enough=bool(ranked) and found.sold,
        more=None if ranked else 1,
        figures=_figures(found, ranked),
        todo=_todo(ranked, found),
        sheet=table(found, ranked, zone),
        plot=_plot(found, ranked, zone),
    )


def best(posts: Sequence[Piece]) -> list[Piece]:
    """Those of which it can be told, the best first."""
    known = [each for each in posts if each.margin_per_hour is not None]
    return sorted(known, key=lambda each: (each.margin_per_hour or 0, each.id), reverse=True)


def _sentence(found: Pieces, ranked: Sequence[Piece], zone: str) -> str:
    if not found.posts:
        return _("Not enough yet: no post appeared in these ninety days.")
    if not any(each.worked for each in found.posts):
        return _(
            "Not enough yet: of none of your posts it is known how long somebody worked on it. One with "
            "five minutes or more is enough to begin."
        )
    if not ranked:
        return _("It cannot be said: nobody wrote down yet what an order leaves after the goods.")
    if not found.sold:
        return ngettext(
            "None yet: of the %(count)s post with known hours no order came by a link or a promo code.",
            "None yet: of the %(count)s posts with known hours no order came by a link or a promo code.",
            len(ranked),
        ) % {"count": writing.number(len(ranked))}
    first = ranked[0]
    orders = ngettext("%(count)s order", "%(count)s orders", first.sums.came_orders) % {
        "count": writing.number(first.sums.came_orders)
    }
    said = _("“%(post)s” of %(day)s: %(rate)s an hour, from %(hours)s of work and %(orders)s.") % {
        "post": isolate(first.words),
        "day": writing.moment(first.appeared_at, zone=zone),
        "rate": _rate(first, found),
        "hours": saying.hours(first.sums.seconds),
        "orders": orders,
    }
    if len(ranked) < 2:
        return f"{said} " + _("It is the only one whose hours are known.")
    middle = median(each.margin_per_hour or 0 for each in ranked)
    if round(middle, 2) <= 0:
        nothing = sum(round(each.margin_per_hour or 0, 2) <= 0 for each in ranked)
        return f"{said} " + _("%(nothing)s of the %(count)s posts left nothing.") % {
            "nothing": writing.number(nothing), "count": writing.number(len(ranked)),
        }  # fmt: skip
    return f"{said} " + _("The middle one of %(count)s posts left %(rate)s.") % {
        "count": writing.number(len(ranked)), "rate": saying.money(round(middle, 2), found.currency),
    }  # fmt: skip


def _rate(piece: Piece, found: Pieces) -> str:
    return saying.money(round(piece.margin_per_hour or 0, 2), found.currency)


def _figures(found: Pieces, ranked: Sequence[Piece]) -> tuple[Figure, ...]:
    grade = Grade.REPORTED if found.reported else Grade.EXACT
    rates = [each.margin_per_hour or 0.0 for each in ranked]
    with_hours = sum(each.worked for each in found.posts)
    first = ranked[0].sums if ranked else None
    return (
        Figure(
            name=_("The best post, an hour"), value=round(rates[0], 2) if rates else None,
            why=None if rates else Why.NOTHING_YET, unit=Unit.MONEY, currency=found.currency, window=found.window,
            population=_POPULATION, formula=_FORMULA, grade=grade,
            parts=() if first is None else (
                Part(_("Margin of it"), cents(first.came_margin)),
                Part(_("Costs besides hours"), cents(first.cost - first.hours_cost)),
                Part(_("Hours"), cents(first.hours)),
            ),
        ),
        Figure(
            name=_("The middle post, an hour"), value=round(median(rates), 2) if rates else None,
            why=None if rates else Why.NOTHING_YET, unit=Unit.MONEY, currency=found.currency, window=found.window,
            population=_POPULATION, formula=_("Half of the posts left as much or more for each hour."), grade=grade,
        ),
        Figure(
            name=_("Posts whose hours are known"), value=with_hours, window=found.window,
            population=_("All posts of these days"),
            formula=_("Posts with five minutes of work or more that is known, measured or written down."),
            parts=(Part(_("Posts"), len(found.posts)),),
        ),
        Figure(
            name=_("Hours for no post in particular"), value=round(found.unplaced / 3600, 1), unit=Unit.TIMES,
            window=found.window,
            population=_("Work of the page's team, and what was spent for it"),
            formula=_("Answering, planning, and work on posts that did not appear in these days: in no rate here."),
        ),
    )  # fmt: skip


def _todo(ranked: Sequence[Piece], found: Pieces) -> tuple[Todo, ...]:
    if not ranked:
        return (Todo(_("Let the timer run while you write, or write hours down for a post."), "money/hours"),)
    if not found.sold:
        return (Todo(_("Put a tracked link into the next post, so that its orders are known."), "links"),)
    return (
        Todo(_("Look at the post, and plan another like it."), f"posts/{ranked[0].id}"),
        Todo(_("Open the calendar."), "calendar"),
    )


def table(found: Pieces, ranked: Sequence[Piece], zone: str) -> Sheet:
    """Every post of which it can be told; the others after them, with what is known."""
    rest = [each for each in found.posts if each not in ranked]
    rows = tuple(
        (
            each.words, writing.there(each.appeared_at, zone=zone), str(FORMS[each.form]), each.campaign,
            round(each.sums.seconds / 3600, 2), cents(each.sums.cost - each.sums.hours_cost), each.sums.came_orders,
            cents(each.sums.came_margin), None if each.margin_per_hour is None else round(each.margin_per_hour, 2),
            found.currency, each.reached,
        )
        for each in (*ranked, *rest)
    )  # fmt: skip
    return Sheet(
        _("What posts earned per hour"),
        (
            Column(_("Post")), Column(_("Appeared"), "moment"), Column(_("Kind")), Column(_("Campaign")),
            Column(_("Hours"), "money"), Column(_("Costs besides hours"), "money"), Column(_("Orders"), "number"),
            Column(_("Margin"), "money"), Column(_("Margin an hour"), "money"), Column(_("Currency")),
            Column(_("Followers who saw it"), "number"),
        ),
        rows,
        (
            *notes(
                window=found.window, population=_POPULATION, zone=zone,
                grade=Grade.REPORTED if found.reported else Grade.EXACT,
            ),
            *notes(window=found.window, population="", zone=zone, formulas=_figures(found, ranked)[:1])[3:],
        ),
    )  # fmt: skip


def _plot(found: Pieces, ranked: Sequence[Piece], zone: str) -> Plot:
    drawn = [
        bars.Bar(
            isolate(_short(each.words)), each.margin_per_hour or 0, _rate(each, found),
            "--plot-1" if place == 0 else "--plot-2",
        )
        for place, each in enumerate(ranked[:BEST]) if (each.margin_per_hour or 0) > 0
    ]  # fmt: skip
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="earned",
        title=_("The best posts, an hour"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing to draw yet."),
        sheet=table(found, ranked, zone),
        spec=bars.lying(drawn),
    )


def _short(words: str) -> str:
    return words if len(words) <= 26 else f"{words[:25].rsplit(' ', 1)[0]}…"
