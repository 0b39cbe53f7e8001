"""A table in the reader's language, as a page shows it and a file holds it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

Cell = str | int | float | Decimal | date | datetime | None
"""None: nothing that can be told."""


class Column(msgspec.Struct, frozen=True):
    """A column and how it is written: "number", "percent", "money", "moment", "day", "text", "prose" (long)."""

    name: str
    kind: str = "text"


class Note(msgspec.Struct, frozen=True):
    """Something that holds for the whole table: its window, population, grade."""

    name: str
    text: str


class Sheet(msgspec.Struct, frozen=True):
    """Rows under columns, and what they are of."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row has a cell for every column")
