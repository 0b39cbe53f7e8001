"""A report as what the press sets: headings, sentences, tables and pictures, every number already in words.

Nothing in it is markup: what people wrote stays text whatever it looks like, for the press is given data alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from majlis.core.text.bidi import POP_DIRECTIONAL_ISOLATE, balanced, isolate, without_bidi_marks
from majlis.insights.exports.sheet import Cell, Column, Sheet
from majlis.insights.figures import Figure, Grade
from majlis.insights.plots import saying, writing
from majlis.insights.plots.look import LIGHT
from majlis.insights.plots.plot import Plot, window_in_words
from majlis.insights.words import GRADES
from majlis.studio.owner.answers import Answer, Question
from majlis.studio.owner.report import Report

Block = dict[str, Any]
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LEFT_TO_RIGHT: Final = "\u2066"  # or the sign of a number below nothing stands behind it in Arabic
_NUMBERS: Final = ("number", "percent", "money")


def document(found: Report) -> dict[str, Any]:
    """All of a report for the press."""
    page = {"name": apart(found.page), "title": said(found.title)}
    return {
        "lang": get_language() or "en",
        "rtl": writing.rtl(),
        "page": page["name"],
        "title": page["title"],
        "made": _("As of %(moment)s (%(zone)s)") % {
            "moment": writing.moment(found.made_at, zone=found.zone), "zone": found.zone,
        },
        "contents": _("What is in it"),
        "sections": [
            _section(_("The answers"), [_answer(each, found) for each in found.answers]),
            _section(_("Whom the posts reached"), [
                _text(found.reach.sentence), *_picture(found.reach.plot), _table(found.reach.best),
            ]),
            _section(_("The money"), [
                *_picture(found.answer(Question.PAID).plot), _figures(found.money), _table(found.weeks),
            ]),
            _section(_("What posts earned"), [_table(_without(found.answer(Question.EARNED).sheet, (3, 5)), most=10)]),
            _section(_("The customers"), [_table(found.answer(Question.SLIPPING).sheet)]),
            _section(_("What changed since the last report"), [
                _text(found.change_words), *([_table(found.changed)] if found.changes else []),
            ]),
        ],
        "appendix": {
            "title": _("How each number was computed"),
            "names": [_("Formula"), _("Window"), _("Population"), _("Grade")],
            "rows": [_computed(each, found.zone) for each in found.figures],
        },
        "foot": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }  # fmt: skip


def clean(text: object) -> str:
    """Words without marks that would turn the direction of what stands after them, and without controls."""
    return _CONTROLS.sub(" ", without_bidi_marks(str(text)))


def said(text: object) -> str:
    """A sentence of ours: what of others stands in it is isolated already, and nothing opened is left open."""
    return _CONTROLS.sub(" ", balanced(str(text)))


def apart(text: str) -> str:
    """Words of others where they stand alone: in their own direction."""
    return isolate(clean(text))


def _section(title: str, blocks: Sequence[Block]) -> Block:
    return {"title": title, "blocks": list(blocks)}


def _text(text: str) -> Block:
    return {"kind": "text", "text": said(text)}


def _answer(each: Answer, found: Report) -> Block:
    return {
        "kind": "answer", "asked": each.asked, "text": said(each.sentence), "todo": [todo.text for todo in each.todo],
        "figures": _cards(each.figures[:4]),
    }  # fmt: skip


def _figures(figures: Sequence[Figure]) -> Block:
    return {"kind": "figures", "figures": _cards(figures)}


def _cards(figures: Sequence[Figure]) -> list[dict[str, str]]:
    return [
        {
            "name": said(each.name), "value": saying.value(each), "interval": saying.interval(each),
            "grade": "" if each.grade is Grade.EXACT else str(GRADES[each.grade][0]),
        }
        for each in figures
    ]  # fmt: skip


def _computed(each: Figure, zone: str) -> dict[str, Any]:
    name, meaning = GRADES[each.grade]
    return {
        "name": said(each.name),
        "said": [
            said(each.formula),
            window_in_words(each.window, zone=zone),
            clean(each.population),
            f"{name} — {meaning}",
        ],
    }


def _picture(plot: Plot | None) -> list[Block]:
    """The bars of a plot for the press to draw, as vectors: of the house's SVG typst 0.15 makes Arabic that screen
    readers cannot read (PDF/UA-1 refuses it)."""
    if plot is None or plot.spec is None:
        return []
    rows = plot.spec["data"]["values"]
    most = max(row["value"] for row in rows)
    bars = [
        {
            "name": apart(row["name"]), "label": apart(row["label"]), "share": row["value"] / most,
            "colour": LIGHT.get(row["colour"], row["colour"]),
        }
        for row in rows
    ]  # fmt: skip
    return [
        {"kind": "bars", "title": clean(plot.title), "bars": bars, "alt": clean(f"{plot.title}. {plot.said}")}
    ]


def _without(sheet: Sheet, places: Sequence[int]) -> Sheet:
    """Without columns that have no room on paper."""
    kept = [place for place in range(len(sheet.columns)) if place not in places]
    return Sheet(
        sheet.title, tuple(sheet.columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in sheet.rows), sheet.notes,
    )  # fmt: skip


def _table(sheet: Sheet, *, most: int = 40) -> Block:
    """A table; columns that say the same in every row are left out when it is the currency."""
    rows = sheet.rows[:most]
    return {
        "kind": "table",
        "title": clean(sheet.title),
        "columns": [
            {"name": clean(each.name), "number": each.kind in _NUMBERS, "wide": each.kind == "prose"}
            for each in sheet.columns
        ],
        "rows": [[_cell(cell, column) for cell, column in zip(row, sheet.columns, strict=True)] for row in rows],
        "empty": _("Not enough yet"),
    }  # fmt: skip


def _cell(cell: Cell, column: Column) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, datetime):
        return f"{writing.day(cell.date())} {cell:%H:%M}"
    if isinstance(cell, date):
        return writing.day(cell)
    if isinstance(cell, str):
        return apart(cell)
    return f"{_LEFT_TO_RIGHT}{_number(cell, column)}{POP_DIRECTIONAL_ISOLATE}"


def _number(cell: float | Decimal, column: Column) -> str:
    if column.kind == "percent":
        return writing.percent(float(cell))
    if column.kind == "money":
        return format_decimal(cell, "#,##0.00", locale=writing.locale(), numbering_system="default")
    return writing.number(float(cell))
