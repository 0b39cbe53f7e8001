"""A table out of a file, row by row: its encoding, what stands between cells, and what is no table at all.

Nothing is held but the row that is being read, so a file of a million rows is no matter.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import IO, Final

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

_HEAD: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BETWEEN: Final = ",;\t"


def table(file: IO[bytes]) -> Generator[list[str]]:
    """The rows of a table, the headings first.

    Raises:
        BadInput: it is no table of text. While reading, too, when a row cannot be told from the next.
    """
    head = file.read(_HEAD)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=_encoding(head), errors="replace", newline="")
    try:
        yield from _rows(text)
    finally:
        with suppress(ValueError):  # closed already
            text.detach()  # the file stays open for whoever gave it


def _rows(text: io.TextIOWrapper) -> Iterator[list[str]]:
    first = text.read(_HEAD)
    between = _delimiter(first)
    text.seek(0)
    reader = csv.reader(text, delimiter=between, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise BadInput(
            _("The table cannot be read: a quotation mark is missing somewhere, or a cell is far too long."),
            code="no_table",
            field="file",
            cause=f"line {reader.line_num}: {error}",
        ) from error


def _encoding(head: bytes) -> str:
    if head.startswith(_WORKBOOKS):
        raise BadInput(
            _("This is a workbook of a spreadsheet. Save it as CSV and send that."),
            code="workbook",
            field="file",
        )
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head or not head.strip():
        raise BadInput(_("This is no table of text."), code="no_table", field="file")
    try:
        # a letter that is cut in half by the end of the head is no fault
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _of_windows(head)
    return "utf-8"


def _of_windows(head: bytes) -> str:
    """What spreadsheets on Windows write where nobody chose: Arabic or Western."""
    letters = head.decode("cp1256", "replace")
    beyond = [letter for letter in letters if not letter.isascii()]
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in beyond)
    return "cp1256" if arabic * 2 > len(beyond) else "cp1252"


def _delimiter(first: str) -> str:
    """What stands most often between the headings, outside of quotation marks."""
    line = first.lstrip("\ufeff").splitlines()[0] if first.strip() else ""
    outside = "".join(line.split('"')[::2])
    return max(_BETWEEN, key=outside.count)
