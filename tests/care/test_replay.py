"""Threads of care teams, taken in as they stand in their file: what the inbox says of first replies is what anybody who
compares times finds. Lines come in any order: answers before their questions, several in a row."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from talking import take_in

from cast import Bakery
from majlis.care import evaluation, intake
from majlis.care.intake import Outside
from majlis.care.models import Strand

NOW = datetime(2026, 11, 2, tzinfo=UTC)
#: thread, author, minute; a number is a customer
MADE = (
    ("1", "shop", 12), ("1", "7", 30), ("1", "7", 0), ("1", "shop", 31), ("1", "shop", 13),  # 12, answered twice
    ("2", "8", 100), ("2", "shop", 90), ("2", "shop", 154),  # the shop spoke first: 54
    ("3", "line", 5), ("3", "9", 2), ("3", "9", 4), ("3", "10", 1),  # another customer was first: 4
    ("4", "line", 400), ("4", "11", 47),  # 353
    ("5", "line", 1),  # nobody asked
    ("6", "line", 3), ("6", "12", 9),  # nobody answered
    ("7", "shop", 5), ("7", "13", 5),  # at once
)  # fmt: skip
FIRST = {"shop": [12.0, 54.0, 0.0], "line": [4.0, 353.0]}


def line(number: int, thread: str, author: str, minute: int) -> str:
    at = datetime(2017, 10, 31, 22 + minute // 60 - 20, minute % 60, tzinfo=UTC)
    said = {"id": str(number), "thread": thread, "in_reply_to": None, "author": author, "text": f"{number}"}
    return json.dumps({**said, "is_customer": author.isdecimal(), "created_at": at.isoformat()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "complaints" / evaluation.FILE
    made.parent.mkdir()
    made.write_text("\n".join(line(number, *each) for number, each in enumerate(MADE)) + "\n\n")
    return tmp_path


def replayed(bakery: Bakery, path: Path) -> dict[str, list[float]]:
    """Every line taken in as it comes; care account → minutes until the first replies that the inbox keeps."""
    brands: dict[str, tuple[str, str]] = {}
    said = []
    for text in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
        given = json.loads(text)
        thread, author, at = given["thread"], given["author"], given["created_at"]
        said.append(
            Outside(
                network="x", id=given["id"], thread=thread, author=author, at=datetime.fromisoformat(at),
                text=given["text"], team=not given["is_customer"],
            )
        )  # fmt: skip
        if not given["is_customer"]:
            brands[thread] = min(brands.get(thread, (at, author)), (at, author))
    assert intake.arrive(page_id=bakery.page.id, said=said) == len(said)
    take_in(at=NOW)
    found: dict[str, list[float]] = defaultdict(list)
    kept = Strand.objects.filter(page_id=bakery.page.id, conversation__first_reply_seconds__isnull=False)
    for key, seconds in kept.values_list("key", "conversation__first_reply_seconds"):
        found[brands[key.removeprefix("outside.x:")][1]].append(seconds / 60)
    return found


@pytest.mark.django_db
def test_a_made_file_by_hand(bakery: Bakery, folder: Path) -> None:
    found = replayed(bakery, folder / "complaints" / evaluation.FILE)
    assert {brand: sorted(times) for brand, times in found.items()} == {
        brand: sorted(times) for brand, times in FIRST.items()
    }


def test_the_rows_of_a_made_file(folder: Path) -> None:
    rows = {row.name: row for row in evaluation.rows(folder)}
    assert rows["care: threads"].value == 7
    assert rows["care: threads with a first reply"].value == 5
    for brand, times in (*FIRST.items(), ("all", [*FIRST["shop"], *FIRST["line"]])):
        for name, share in (("median", 0.5), ("p75", 0.75), ("p90", 0.9)):
            row = rows[f"care, first reply, {name} in minutes: {brand}"]
            assert row.value == pytest.approx(np.quantile(times, share))
            assert row.meets


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(evaluation.rows(tmp_path))
    path = tmp_path / "complaints" / evaluation.FILE
    path.parent.mkdir()
    path.write_text(
        line(1, *MADE[0]).replace("+00:00", "")
    )  # a moment without a zone could be any of several
    with pytest.raises(ValueError, match="created_at"):
        list(evaluation.rows(tmp_path))
    path.write_text("")
    assert [row.value for row in evaluation.rows(tmp_path)] == [0, 0, None, None, None]


@pytest.mark.django_db
def test_threads_of_real_care_teams(bakery: Bakery, shared_data: Path) -> None:
    path = shared_data / "data" / "complaints" / evaluation.FILE
    threads = evaluation.read(path)
    plain = evaluation.plainly(threads)
    found = replayed(bakery, path)
    assert found.keys() == plain.keys()
    for brand, seconds in plain.items():
        times = [each / 60 for each in seconds]
        assert median(found[brand]) == pytest.approx(median(times)), brand
        assert np.quantile(found[brand], [0.75, 0.9]) == pytest.approx(np.quantile(times, [0.75, 0.9])), brand
    assert [row.name for row in evaluation.rows(shared_data / "data") if row.meets is False] == []
