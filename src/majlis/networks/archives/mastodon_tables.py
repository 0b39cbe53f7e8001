"""The CSV tables Mastodon lets people download beside the archive: whom they follow, block, mute, list.

Older servers write them without a header line; a line without an address is the header.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from majlis.core.text.html import absolute_link
from majlis.networks.archives.cleaning import clean
from majlis.networks.archives.container import BrokenMemberError
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.records import ArchiveFollow, ArchiveReference, Record, Skipped

Table: TypeAlias = Literal["following", "blocked", "muted", "list", "blocked_domain", "bookmark"]

TABLES: Final[dict[str, Table]] = {
    "following_accounts.csv": "following",
    "follows.csv": "following",
    "following.csv": "following",
    "blocked_accounts.csv": "blocked",
    "blocks.csv": "blocked",
    "muted_accounts.csv": "muted",
    "mutes.csv": "muted",
    "lists.csv": "list",
    "blocked_domains.csv": "blocked_domain",
    "domain_blocks.csv": "blocked_domain",
    "bookmarks.csv": "bookmark",
}
FORMULA: Final = re.compile(r"[\s\u200e\u200f\ufeff\"]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
"""What a spreadsheet would run; we write an apostrophe before it."""
_ADDRESS: Final = re.compile(r"@?[\w.-]{1,100}@[\w.-]{1,253}(?::\d{1,5})?")
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?")


def read_tables(layout: Layout) -> Iterator[Record]:
    """All rows of all tables, and a line for each row that cannot be read."""
    for file, table in TABLES.items():
        if name := layout.find(file):
            for count, row in enumerate(_rows(layout, name)):
                if isinstance(row, Skipped):
                    yield row
                else:
                    yield from _record(row, table, what=f"{name}: {count + 1}", first=count == 0)


def _rows(layout: Layout, name: str) -> Iterator[list[str] | Skipped]:
    try:
        text = layout.container.read(name, up_to=layout.container.limits.part_bytes).decode("utf-8-sig")
    except BrokenMemberError as broken:
        yield Skipped(what=name, code=broken.code, params=broken.params)
        return
    except UnicodeDecodeError:
        yield Skipped(what=name, code="item_encoding")
        return
    try:
        yield from (row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row))
    except csv.Error:
        yield Skipped(what=name, code="row_shape")


def _record(row: list[str], table: Table, *, what: str, first: bool) -> Iterator[Record]:
    cells = [clean(cell, set()) for cell in row]
    found = _relation(cells, table)
    if found is not None:
        yield found
    elif not first:
        yield Skipped(what=what, code="row_shape")


def _relation(cells: list[str], table: Table) -> Record | None:
    first = cells[0]
    if table == "bookmark":
        url = absolute_link(first)
        return ArchiveReference(source="mastodon", kind="bookmark", url=url) if url else None
    if table == "blocked_domain":
        known = _DOMAIN.fullmatch(first)
        return ArchiveFollow(source="mastodon", relation=table, handle=first.lower()) if known else None
    if table == "list":
        handle = address(cells[1]) if len(cells) > 1 else None
        return (
            ArchiveFollow(source="mastodon", relation="list", handle=handle, list_name=_typed(first))
            if handle
            else None
        )
    handle = address(first)
    if handle is None:
        return None
    return ArchiveFollow(
        source="mastodon",
        relation=table,
        handle=handle,
        show_boosts=_truth(cells, 1) if table == "following" else None,
        mute_notifications=_truth(cells, 1) if table == "muted" else None,
    )


def _typed(cell: str) -> str:
    """A name as it was before our own export made it inert."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def address(cell: str) -> str | None:
    """``name@host``. Mastodon writes people of its own server with their host, too."""
    return cell.removeprefix("@") if _ADDRESS.fullmatch(cell) else None


def _truth(cells: list[str], index: int) -> bool | None:
    return cells[index].lower() == "true" if len(cells) > index and cells[index] else None
