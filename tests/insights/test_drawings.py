"""Pictures of plots: drawn in a process of their own, once for the same numbers; tables with nothing to compute."""

from __future__ import annotations

import csv
import io
import resource
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from PIL import Image

from majlis.config import plotting
from majlis.core.errors import NotNow
from majlis.insights.exports import csvs, drawings, xlsx
from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.insights.plots import bars, look
from majlis.media import drawing

CSS = Path(plotting.__file__).parent.parent / "web" / "static" / "majlis" / "css"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(drawings, "_folder", lambda: tmp_path)
    return tmp_path


def spec() -> look.Spec:
    drawn = bars.lying([bars.Bar("شاهدوا", 61, "61 (12%)"), bars.Bar("Viewed", 30, "30")])
    assert drawn is not None
    return drawn


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_png_and_an_svg(folder: Path, language: str) -> None:
    with translation.override(language):
        png = drawings.drawn(spec(), form="png")
        svg = drawings.drawn(spec(), form="svg").decode()
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.width >= 2 * look.WIDTH
    assert len(picture.convert("RGB").getcolors(1_000_000)) > 20  # something is on it
    assert svg.startswith("<svg")
    assert "شاهدوا" in svg
    assert "--plot" not in svg  # names of colours were put in


def test_the_same_is_drawn_once_and_the_old_is_thrown_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    monkeypatch.setattr(drawings, "_KEPT", 3)
    monkeypatch.setattr(drawing, "draw", lambda *, spec, form: drawn.append(spec) or b"picture")
    for _again in range(2):
        assert drawings.drawn(spec(), form="svg") == b"picture"
    assert len(drawn) == 1
    for number in range(6):
        drawings.drawn(spec() | {"height": number}, form="svg")
    assert len(list(folder.iterdir())) == 3


def test_what_cannot_be_drawn_is_a_refusal_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(NotNow):
        drawings.drawn({"width": 1, "autosize": {}, "mark": "no such mark"}, form="png")
    assert not list(folder.iterdir())


def test_a_specification_fetches_nothing(folder: Path) -> None:
    remote = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar", "autosize": {}, "encoding": {}}
    with pytest.raises(NotNow):
        drawings.drawn(remote, form="svg")


def test_the_engine_is_not_in_this_process(folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    drawings.drawn(spec() | {"height": 99}, form="svg")
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    )  # kilobytes; the engine takes 90,000


def test_colours_are_those_of_the_style_sheets() -> None:
    text = (CSS / "tokens.css").read_text() + (CSS / "figures.css").read_text()
    for name, colour in look.LIGHT.items():
        assert f"{name}: {colour};" in text, name


def test_the_script_is_made_of_the_wheel_once(tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert plotting.is_stale(made)
    assert plotting.make(made)
    text = (made / plotting.NAME).read_text("utf-8")
    assert text.startswith("// vl-convert-python 1.")
    assert "window.vegaEmbed" in text
    assert (made / f"{plotting.NAME}.gz").stat().st_size < 350_000
    assert not plotting.is_stale(made)
    assert not plotting.make(made)
    (made / plotting.NAME).write_text("// vl-convert-python 0.1\n")
    assert plotting.is_stale(made)


# tables

EVIL = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    '=HYPERLINK("http://e.example")',
    "\n@x",
]
cells = st.one_of(
    st.none(), st.integers(-(10**12), 10**12), st.decimals(-1000, 1000, places=3), st.floats(-1e6, 1e6),
    st.dates(date(1950, 1, 1)),
    st.text(max_size=40), st.sampled_from(EVIL),
    st.integers(-(10**9), 10**9).map(lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
)  # fmt: skip


def _sheet(rows: list[tuple[Any, ...]]) -> Sheet:
    return Sheet(
        "=Posts: [1]/2",
        (Column("=A"), Column("@B", "number")),
        tuple(rows),
        (Note("+N", "=1"), Note("W", "w")),
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_no_cell_of_a_table_is_ever_computed(rows: list[tuple[Any, ...]]) -> None:
    sheet = _sheet(rows)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.written(sheet, rtl=False)))
    for page in book.worksheets:
        for row in page.iter_rows():
            assert not [cell.value for cell in row if cell.data_type == "f"]
    read = list(csv.reader(io.StringIO(csvs.written(sheet).decode("utf-8-sig"), newline="")))
    assert len(read) == len(rows) + 1
    for given_, written in zip([tuple(c.name for c in sheet.columns), *rows], read, strict=True):
        for before, after in zip(given_, written[:2], strict=True):
            if isinstance(before, str):
                assert not after.lstrip().startswith(("=", "+", "-", "@", "＝")) or after.startswith("'")


def test_values_come_back_as_they_were() -> None:
    rows: list[tuple[Any, ...]] = [
        ("=1+1", 12), ("خبز", Decimal("12.500")), (datetime(2026, 11, 2, 9, 30, tzinfo=UTC), 0.25), (date(2026, 11, 2), None)
    ]  # fmt: skip
    page = openpyxl.load_workbook(io.BytesIO(xlsx.written(_sheet(rows), rtl=True))).worksheets[0]
    read = [tuple(cell.value for cell in row) for row in page.iter_rows(min_row=2)]
    assert read == [
        ("=1+1", 12), ("خبز", 12.5), (datetime(2026, 11, 2, 9, 30), 0.25), (datetime(2026, 11, 2), None)  # noqa: DTZ001
    ]  # fmt: skip
    assert page.sheet_view.rightToLeft
