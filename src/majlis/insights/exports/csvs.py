"""CSV: UTF-8 with a mark that spreadsheet programs know it by, and no cell that one of them would compute."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from majlis.insights.exports.sheet import Cell, Sheet

_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def written(sheet: Sheet) -> bytes:
    """The table; what holds for all of it stands in columns of its own at the end of every row."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(_safe(name) for name in [*(c.name for c in sheet.columns), *(n.name for n in sheet.notes)])
    for row in sheet.rows:
        rows.writerow([*(_cell(cell) for cell in row), *(_safe(note.text) for note in sheet.notes)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _cell(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return _safe(cell) if isinstance(cell, str) else cell


def _safe(text: str) -> str:
    """OWASP, "CSV injection": what a program would compute begins with an apostrophe, even behind blanks."""
    return f"'{text}" if text.startswith(_COMPUTED) or text.lstrip().startswith(_COMPUTED) else text
