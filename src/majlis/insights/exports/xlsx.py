"""XLSX: constant cells in a sheet that reads in the reader's direction, what it is of on a second one."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from majlis.insights.exports.sheet import Cell, Column, Sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_CONSTANT: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_LONGEST: Final = 32_000
_FORMATS: Final = {
    "number": "#,##0",
    "percent": "0.0%",
    "money": "#,##0.00#",
    "moment": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
}
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def written(sheet: Sheet, *, rtl: bool) -> bytes:
    """The table as a workbook."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # no start waits for what few ask for

    out = io.BytesIO()
    with Workbook(out, _CONSTANT) as book:
        book.set_properties({"title": sheet.title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 — the same each time
        formats: dict[str, Any] = {
            kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()
        }
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        table = book.add_worksheet(_name(sheet.title))
        about = book.add_worksheet(_name(_("About these numbers")))
        for page in (table, about):
            if rtl:
                page.right_to_left()
        for column, each in enumerate(sheet.columns):
            table.write_string(0, column, each.name, head)
            table.set_column(column, column, {"text": 28, "prose": 80}.get(each.kind, 18))
        table.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                _put(table, number, column, cell, formats.get(_kind(cell, sheet.columns[column])))
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 90)
        for number, note in enumerate(sheet.notes):
            about.write_string(number, 0, note.name, head)
            about.write_string(number, 1, note.text[:_LONGEST])
    return out.getvalue()


def _kind(cell: Cell, column: Column) -> str:
    """How a cell is written: dates by what they are, for without it they are bare numbers."""
    if isinstance(cell, date):
        return "moment" if isinstance(cell, datetime) else "day"
    return column.kind


def _put(page: Worksheet, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, column, cell[:_LONGEST])
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None), style)
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time(), UTC).replace(tzinfo=None), style)
    else:
        page.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell, style)


def _name(title: str) -> str:
    return title.translate(_FORBIDDEN).strip()[:31].strip() or "1"
