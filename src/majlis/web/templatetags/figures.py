"""``{% load figures %}``: numbers with where they come from, plots with their tables, tiny bars and lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from majlis.core.text.bidi import isolate
from majlis.core.text.entities import find_mentions
from majlis.insights.exports.sheet import Cell, Column, Sheet
from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.insights.ledger import Ledger
from majlis.insights.plots import saying, writing
from majlis.insights.plots.plot import Plot, window_in_words
from majlis.insights.plots.posts import together
from majlis.insights.words import FEW, GRADES, HIDDEN, NOT_YET, STATES
from majlis.web import formats

register = template.Library()
_BAR = 1000.0
_NARROW = 4  # columns; a wider table stands row below row on a phone
_LONG = 40  # rows; a longer table is not opened by itself


@register.filter
def figure_value(figure: Figure) -> str:
    """The number as people write it, or why there is none."""
    if figure.value is None:
        return str(FEW if figure.why is Why.FEW else NOT_YET)
    if figure.unit is Unit.SHARE:
        return writing.percent(float(figure.value))
    if figure.unit is Unit.MONEY:
        return saying.money(figure.value, figure.currency)
    if figure.unit is Unit.TIMES:
        return format_decimal(figure.value, "0.0", locale=formats.locale(), numbering_system="default")
    return formats.number(float(figure.value))


@register.filter
def names_apart(text: str) -> str:
    """A text that people wrote, each @name in it kept together: from right to left its @ would stand behind it."""
    found, after = [], 0
    for each in find_mentions(text):
        found += [text[after : each.start], isolate(text[each.start : each.end])]
        after = each.end
    return "".join([*found, text[after:]])


@register.filter
def share(value: float) -> str:
    """A share of one as per cent."""
    return writing.percent(value)


@register.simple_tag
def figure(shown: Figure, zone: str, *, large: bool = False) -> SafeString:
    """A number with its name; its window, population, grade and formula unfold.

    Put together here and not by a template: a list of a hundred posts has three of them each.
    """
    kind = f"figure{' large' if large else ''}{' unknown' if shown.value is None else ''}"
    return format_html(
        '<div class="{}"><p class="figure-name">{}</p><p class="figure-value">{}</p>{}</div>',
        kind, shown.name, figure_value(shown), how(shown, zone),
    )  # fmt: skip


@register.simple_tag
def how(shown: Figure, zone: str) -> SafeString:
    """Only what unfolds, for a number that stands in a table."""
    grade, meaning = GRADES[shown.grade]
    lines = [
        (_("Formula"), shown.formula),
        *((part.name, _part(part)) for part in shown.parts),
        (_("Window"), window_in_words(shown.window, zone=zone)),
        (_("Population"), shown.population),
        (_("Grade"), f"{grade} — {meaning}"),
    ]
    if shown.why is Why.FEW:
        lines.insert(0, (_("Why there is no number"), HIDDEN))
    if shown.interval:
        lines.append((_("95 %% interval") % {}, saying.interval(shown)))
    badge = "" if shown.grade is Grade.EXACT else format_html('<span class="badge">{}</span>', grade)
    return format_html(
        '<details class="how"><summary><span class="visually-hidden">{}: </span>{} {}</summary>'
        '<dl class="how-list">{}</dl></details>',
        shown.name, _("How this was computed"), badge,
        format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", lines),
    )  # fmt: skip


def _part(part: Part) -> str:
    return str(FEW) if part.value is None else formats.number(float(part.value))


@register.inclusion_tag("web/studio/parts/plot.html")
def plot(drawn: Plot, file: str, *, open_table: bool = False) -> dict[str, Any]:
    """A plot with its words, its table, and where it is had as a file."""
    address = file.replace("NAME", drawn.name)
    return {
        "plot": drawn,
        "id": f"plot-{drawn.name}",
        "spec_id": f"plot-{drawn.name}-spec",
        "open": open_table or (drawn.spec is None and len(drawn.sheet.rows) <= _LONG),
        "files": files(address, pictures=drawn.spec is not None),
    }


@register.simple_tag
def url_file(address: str, name: str) -> str:
    """The address of one of the files of a page that has several."""
    return address.replace("NAME", name)


@register.simple_tag
def files(address: str, *, pictures: bool = False) -> list[tuple[str, str]]:
    """The addresses of a plot or table as files, each with the name of its kind."""
    forms = ["PNG", "SVG", "CSV", "XLSX"] if pictures else ["CSV", "XLSX"]
    return [(form, address.replace("FORM", form.lower())) for form in forms]


@register.inclusion_tag("web/studio/parts/sheet.html")
def sheet(table: Sheet, label: str = "") -> dict[str, Any]:
    """A table as it goes into files, on the page; columns without anything in them are left out."""
    kept = [
        place
        for place, _column in enumerate(table.columns)
        if not place or any(row[place] not in (None, "") for row in table.rows)
    ]
    columns = [table.columns[place] for place in kept]
    return {
        "wide": len(columns) > _NARROW,
        "label": label or table.title,
        "columns": columns,
        "rows": [
            [(*_cell(row[place], table.columns[place]), table.columns[place].name) for place in kept]
            for row in table.rows
        ],
    }  # fmt: skip


def _cell(cell: Cell, column: Column) -> tuple[str, str]:
    """What stands in it, and the class it stands in."""
    if column.kind in ("number", "percent", "money"):
        return (_number(cell, column.kind), "num")
    if isinstance(cell, datetime):
        return f"{writing.day(cell.date())} {cell:%H:%M}", "when"
    if isinstance(cell, date):
        return writing.day(cell), "when"
    return "" if cell is None else str(cell), "prose" if column.kind == "prose" else ""


def _number(cell: Cell, kind: str) -> str:
    if cell is None or isinstance(cell, str | date):
        return "–"
    if kind == "money" and not isinstance(cell, int):
        return format_decimal(cell, "#,##0.00", locale=formats.locale(), numbering_system="default")
    return writing.percent(float(cell)) if kind == "percent" else formats.number(float(cell))


@register.simple_tag
def reach_bar(ledger: Ledger) -> SafeString:
    """The ledger as one bar, drawn here: works without a script, and is mirrored for who reads from the right."""
    parts = _parts(ledger)
    whole = sum(count for _name, count, _family in parts)
    if not whole:
        return format_html('<span class="reach-bar none">{}</span>', NOT_YET)
    said = ("؛ " if get_language_bidi() else "; ").join(
        f"{name}: {formats.number(count)}" for name, count, _f in parts
    )
    pieces, before = [], 0.0
    for name, count, family in parts:
        length = _BAR * count / whole
        start = _BAR - before - length if get_language_bidi() else before
        before += length
        pieces.append((f"family-{family}", f"{start:.2f}", f"{length:.2f}", name, formats.number(count)))
    return format_html(
        '<svg class="reach-bar" viewBox="0 0 {} 20" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        int(_BAR), said,
        format_html_join(
            "", '<rect class="{}" x="{}" y="0" width="{}" height="20"><title>{}: {}</title></rect>', pieces
        ),
    )  # fmt: skip


def _parts(ledger: Ledger) -> list[tuple[str, int, int]]:
    """What the bar is made of: seen first, then the rest in the ledger's order, the small groups last."""
    parts = [
        (str(STATES[line.state].name), line.count, STATES[line.state].family)
        for line in ledger.lines
        if line.count
    ]
    sums = together(ledger)
    if len(sums) > 1 or (sums and ledger.seen == sums[0][1]):
        name, count, _states = sums.pop(0)
        parts.insert(0, (name, count, 2))
    return [*parts, *((name, count, 6) for name, count, _states in sums)]


@register.simple_tag
def bar_legend(ledger: Ledger) -> list[tuple[str, str, int]]:
    """What each colour of the bar means: name, count, family."""
    return [(name, formats.number(count), family) for name, count, family in _parts(ledger)]


@register.simple_tag
def sparkline(values: Sequence[int], label: str) -> SafeString:
    """A line without axes, for a number's recent past. Time runs from left to right."""
    if len(values) < 2:
        return format_html("")
    low, high = min(values), max(values)
    step = 100 / (len(values) - 1)
    height = (high - low) or 1
    points = " ".join(
        f"{place * step:.1f},{22 - 20 * (value - low) / height:.1f}" for place, value in enumerate(values)
    )
    said = _("%(label)s: from %(first)s to %(last)s") % {
        "label": label, "first": formats.number(values[0]), "last": formats.number(values[-1]),
    }  # fmt: skip
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polyline points="{}" vector-effect="non-scaling-stroke"></polyline></svg>',
        said,
        points,
    )
