"""A plan as a table: what people write in both languages, what is wrong told row by row, all or nothing."""

from __future__ import annotations

import csv
import io
import time as clock
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from media_samples import encode, photo

import cast as people
from cast import MOMENT, later
from majlis.core.errors import BadInput, NotThere
from majlis.people import actions as profiles
from majlis.studio import actions, queries
from majlis.studio.actions import Terms
from majlis.studio.content import Part
from majlis.studio.models import Comment, Entry
from majlis.studio.plan import reading, writing
from majlis.studio.plan.cells import read_cell, repaired, written_cell
from majlis.studio.plan.columns import columns_of
from majlis.studio.plan.dates import read_date, read_time
from plans import team_of

Write = Callable[..., int]


def _look(bakery: people.Bakery, text: str, *, encoding: str = "utf-8", **more: Any) -> reading.Preview:
    file = io.BytesIO(text.encode(encoding))
    return reading.look_at(team=team_of(bakery), file=file, at=MOMENT, **more)


def _problems(found: reading.Preview) -> list[tuple[int, str]]:
    return [(each.number, each.column) for each in found.problems]


# dates and times


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("٣١/١٢/٢٠٢٦", date(2026, 12, 31)),
        ("٢٠٢٦-١٢-٣١", date(2026, 12, 31)),
        ("31.12.2026 م", date(2026, 12, 31)),
        ("31 December 2026", date(2026, 12, 31)),
        ("Dec 31, 2026", date(2026, 12, 31)),
        ("الخميس ٣١ كانون الأول ٢٠٢٦", date(2026, 12, 31)),
        ("31 ديسمبر 2026", date(2026, 12, 31)),
        # Umm al-Qura: 1 Ramadan 1448 is 8 February 2027
        ("1/9/1448", date(2027, 2, 8)),
        ("١ رمضان ١٤٤٨ هـ", date(2027, 2, 8)),
        ("1448-09-01", date(2027, 2, 8)),
    ],
)
def test_dates_as_people_write_them(written: str, meant: date) -> None:
    assert read_date(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "12/25/2026",
        "1/2/03",
        "30/2/2026",
        "31/9/1448",
        "1/9/1600",
        "tomorrow",
        "46387",
        "",
        "5/13/1448",
        "٣١",
        "1/9/1448 م",
    ],
)
def test_what_is_no_date_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(BadInput):
        read_date(written)


@given(st.dates(date(1924, 8, 1), date(2077, 11, 16)))
def test_every_day_there_is_in_hijri_reads_back(day: date) -> None:
    from hijridate import Gregorian

    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    written = f"{hijri.day}/{hijri.month}/{hijri.year} هـ".translate(
        str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    )
    assert read_date(written) == day


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9:30", time(9, 30)), ("٩:٣٠ ص", time(9, 30)), ("9:30 مساءً", time(21, 30)), ("12 pm", time(12)),
        ("12:15 AM", time(0, 15)), ("17.05", time(17, 5)), ("9", time(9)), ("23:59:59", time(23, 59)),
    ],
)  # fmt: skip
def test_times_as_people_write_them(written: str, meant: time) -> None:
    assert read_time(written) == meant


@pytest.mark.parametrize("written", ["24:00", "9:60", "13 pm", "0 am", "noon", "-1", "9:3"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(BadInput):
        read_time(written)


# cells and columns


@given(st.text())
def test_a_cell_written_for_a_spreadsheet_is_no_formula_and_reads_back(text: str) -> None:
    text = read_cell(text)  # as the house has it: clean, trimmed
    text = text if repaired(text) == text else ""
    written = written_cell(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert written in (text, f"'{text}")
    if text.strip("'") == text:
        assert read_cell(written) == text


@pytest.mark.parametrize("garbled", ["Ø®Ø¨Ø² Ø·Ø§Ø²Ø¬", "Ø®Ø¨Ø² Ø·Ø§Ø²Ø¬ Ø§Ù„ÙŠÙˆÙ…"])
def test_garbled_letters_are_restored(garbled: str) -> None:
    assert read_cell(garbled).startswith("خبز طازج")


@pytest.mark.parametrize("fine", ["Café Zürich", "¿Qué tal?", "naïve – “quoted”", "خبز", "Ø is a letter"])
def test_letters_that_are_right_stay(fine: str) -> None:
    assert read_cell(fine) == fine


def test_columns_are_known_in_both_languages_in_any_order() -> None:
    assert columns_of(["النص", "التاريخ", "الوقت", "الرابط", "الصورة", "الحملة", "الجمهور", "اللغة"]) == [
        "text", "date", "time", "link", "image", "campaign", "audience", "language",
    ]  # fmt: skip
    assert columns_of([" POST ", "first-comment", "", "أول تعليق".replace("أول تعليق", "Status")]) == [
        "text", "comment", None, "state",
    ]  # fmt: skip
    for wrong in (["date", "time"], ["text", "colour"], ["text", "caption"], []):
        with pytest.raises(BadInput):
            columns_of(wrong)


# reading


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_table_is_read_however_it_was_saved(bakery: people.Bakery, between: str, encoding: str) -> None:
    rows = [
        ["التاريخ", "الوقت", "النص"],
        ["٥/١١/٢٠٢٦" if encoding != "cp1256" else "5/11/2026", "9:30", "خبز طازج اليوم"],
    ]
    made = io.StringIO()
    csv.writer(made, delimiter=between).writerows(rows)
    found = _look(bakery, made.getvalue(), encoding=encoding)
    assert found.problems == []
    assert [(row.content.params.text, row.due) for row in found.rows] == [
        ("خبز طازج اليوم", datetime(2026, 11, 5, 7, 30, tzinfo=UTC))
    ]


def test_a_plan_is_looked_at_then_taken_once_and_whole(bakery: people.Bakery) -> None:
    team = team_of(bakery)
    terms = Terms(name="Ramadan", goal="orders", starts_on=date(2027, 2, 1), ends_on=date(2027, 3, 1))
    campaign = actions.make_campaign(team=team, terms=terms, at=MOMENT)
    circle = profiles.create_circle(by=bakery.page.id, name="Regulars", at=MOMENT)
    found = _look(
        bakery,
        "date,time,text,link,image,campaign,audience,language,comment,thread\n"
        "2026-11-05,9:30,Bread,bakery.example/bread,https://pictures.example/loaf.jpg,ramadan,,English,Order now,\n"
        '1/9/1448,٧:٠٠ م,"=2+2, no sum",,,Ramadan,circle:regulars,ar,,"two\n---\nthree"\n'
        ",,An idea,,,,followers,,,\n\n",
    )
    assert found.problems == []
    assert found.import_id is not None
    assert not Entry.objects.exists(), "a look changes nothing"
    assert reading.take(team=team, import_id=found.import_id, at=MOMENT) == 3
    bread, sums, idea = Entry.objects.order_by("id")
    assert bread.params["text"] == "Bread\n\nhttps://bakery.example/bread"
    assert (bread.campaign_id, bread.first_comment, bread.params["language"]) == (campaign, "Order now", "en")
    assert sums.params["text"] == "=2+2, no sum", "a formula is text here"
    assert (sums.params["circle_id"], sums.thread, sums.due_at) == (
        str(circle), [kept_part("two"), kept_part("three")], datetime(2027, 2, 8, 17, 0, tzinfo=UTC),
    )  # fmt: skip
    assert (idea.due_at, idea.params["audience"], idea.scheduled_by_id) == (None, "followers", None)
    assert "https://pictures.example/loaf.jpg" in Comment.objects.get(entry=bread).text, "noted, not fetched"
    with pytest.raises(NotThere):
        reading.take(team=team, import_id=found.import_id, at=MOMENT)


def kept_part(text: str) -> dict[str, object]:
    return {"text": text, "photo_ids": [], "warning": "", "sensitive": False, "language": ""}


def test_parts_have_pictures_warnings_and_languages_of_their_own(bakery: people.Bakery) -> None:
    team = team_of(bakery)
    names = ["loaf.jpg", "cake.jpg"]
    loaf, cake = (
        actions.put_on_shelf(team=team, data=encode(photo(), "JPEG"), alt=name, at=MOMENT) for name in names
    )
    table = (
        "text,thread,image,warning,language\n"
        'Post,"one\n---\ntwo","loaf.jpg\n---\n\n---\ncake.jpg; loaf.jpg\n---\ncake.jpg",'
        '"\n---\nNuts","en\n---\nar\n---\nen"\n'
    )
    found = _look(bakery, table, pictures=dict(zip(names, (loaf, cake), strict=True)))
    assert found.problems == []
    [row] = found.rows
    assert (row.content.params.photo_ids, row.content.params.warning) == ((loaf,), "")
    assert row.content.thread == (
        Part(text="one", warning="Nuts", language="ar"),
        Part(text="two", photo_ids=(cake, loaf), language="en"),
        Part(photo_ids=(cake,)),
    )
    more = _look(bakery, 'text,thread,warning\nPost,one,"a\n---\nb\n---\nc"\n')
    assert [(each.number, each.column) for each in more.problems] == [(2, "warning")]


def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_taken(bakery: people.Bakery) -> None:
    found = _look(
        bakery,
        "date,time,text,link,campaign,audience,language\n"
        "2026-11-05,9:30,fine,,,,\n"
        "2026-10-01,9:30,past,,,,\n"
        "30/2/2026,25:00,x,,,,\n"
        "2026-11-05,,x,,,,\n"
        ",9:30,x,,,,\n"
        "2026-11-05,9:30,,,,,\n"
        "2026-11-05,9:30,x,not an address,Nothing,aliens,klingon!\n"
        f"2026-11-05,9:30,{'x' * 900},,,,\n"
        "2026-11-05,9:30,x,,,,,one cell too many\n",
    )
    assert found.import_id is None
    assert _problems(found) == [
        (3, "date"), (4, "date"), (5, "time"), (6, "date"), (7, "text"),
        (8, "campaign"), (8, "audience"), (8, "language"), (8, "link"), (9, "text"), (10, "text"),
    ]  # fmt: skip
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"PK\x03\x04rest",
        b"\x00\x01\x02",
        b"\xff\xd8\xff\xe0",
        b"text\n",
        b'text\n"never closed ' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(bakery: people.Bakery, data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        reading.look_at(team=team_of(bakery), file=io.BytesIO(data), at=MOMENT)
    assert len(str(refused.value.sentence)) > 10


class _Endless(io.RawIOBase):
    """A file of a million rows that is nowhere."""

    def __init__(self, row: str = "2026-11-05,9:30,row {number} with some more words") -> None:
        self._row = row
        self._rows: Iterator[bytes] = self._made()
        self._left = b""
        self.sent = 0

    def _made(self) -> Iterator[bytes]:
        yield b"date,time,text\n"
        for number in range(1_000_000):
            yield f"{self._row.format(number=number)}\n".encode()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, where: int, whence: int = 0) -> int:
        self._rows, self._left, self.sent = self._made(), b"", 0
        return 0

    def tell(self) -> int:
        return self.sent

    def readinto(self, into: Any) -> int:
        while len(self._left) < len(into):
            row = next(self._rows, b"")
            if not row:
                break
            self._left += row
        piece, self._left = self._left[: len(into)], self._left[len(into) :]
        into[: len(piece)] = piece
        self.sent += len(piece)
        return len(piece)


def test_a_million_rows_are_refused_quickly_and_hardly_any_is_read(bakery: people.Bakery) -> None:
    file = _Endless()
    tracemalloc.start()
    began = clock.monotonic()
    with pytest.raises(BadInput) as refused:
        reading.look_at(team=team_of(bakery), file=io.BufferedReader(file), at=MOMENT)
    took, (_now, most) = clock.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "2000" in str(refused.value.sentence).replace(",", "")
    assert file.sent < 1_000_000, "bytes, of fifty million"
    assert most < 64_000_000
    assert took < 60


@pytest.mark.parametrize("row", ["", ",,", " , ,"])
def test_a_million_rows_that_say_nothing_are_refused_as_soon(bakery: people.Bakery, row: str) -> None:
    """A spreadsheet writes them where somebody formatted a whole column."""
    file = _Endless(row)
    with pytest.raises(BadInput) as refused:
        reading.look_at(team=team_of(bakery), file=io.BufferedReader(file), at=MOMENT)
    assert refused.value.code == "empty_rows"
    assert file.sent < 1_000_000
    _look(bakery, "text\n" + f"{row}\n" * 9_000 + "bread\n")


def test_there_is_room_for_what_fits_and_not_for_one_more(
    bakery: people.Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_PLANNED", 3)
    _look(bakery, "text\none\ntwo\nthree\n")
    with pytest.raises(BadInput):
        _look(bakery, "text\none\ntwo\nthree\nfour\n")


def test_an_hour_that_passed_between_looking_and_taking_takes_nothing(bakery: people.Bakery) -> None:
    found = _look(bakery, "date,time,text\n2026-11-05,9:30,one\n2026-12-05,9:30,two\n")
    assert found.import_id
    with pytest.raises(BadInput):
        reading.take(team=team_of(bakery), import_id=found.import_id, at=later(days=5))
    assert not Entry.objects.exists()
    with pytest.raises(NotThere):
        reading.take(team=team_of(bakery, "owner"), import_id=found.import_id, at=MOMENT)


def test_what_is_written_out_is_taken_in_as_it_was(bakery: people.Bakery, write: Write) -> None:
    team = team_of(bakery)
    first = write(
        '=HYPERLINK("http://evil.example")',
        thread=("two", Part(text="- three", warning="=W", language="en")),
        first_comment="@here",
        warning="+",
    )
    actions.schedule(team=team, entry_id=first, due=later(days=3), at=MOMENT)
    write("'quoted' and, with; all\nlines")
    table = "".join(writing.lines(team=team))
    cells = [cell for row in csv.reader(io.StringIO(table.lstrip("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    found = _look(bakery, table)
    assert found.problems == []
    before = queries.upcoming(team=team, after=MOMENT) + queries.drafts(team=team)
    assert [(row.content, row.due) for row in found.rows] == [
        (each.content, each.due_at.replace(second=0, microsecond=0) if each.due_at else None)
        for each in before
    ]


def test_a_row_that_falls_into_the_missing_hour_moves_forward(bakery: people.Bakery) -> None:
    # in Beirut clocks go from midnight to one on 28 March 2027
    found = _look(bakery, "date,time,text\n28/3/2027,0:30,x\n")
    assert found.rows[0].due == datetime(2027, 3, 27, 22, 30, tzinfo=UTC)
    assert found.rows[0].due.astimezone(UTC) + timedelta(hours=3) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
