"""Old facts move to files, each exactly once; questions are asked of both."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import plain_facts
import pytest
import shopping
from django.conf import settings
from django.db import transaction

import cast as people
from cast import MOMENT
from majlis.brands.models import Page
from majlis.brands.roles import Permission
from majlis.config.commands.archive import kept_files
from majlis.insights import archive, mine, windows
from majlis.insights.funnel import Funnel, funnel
from majlis.insights.kinds import Kind, Source
from majlis.insights.models import Encounter, Fact, FactFile, Hourly, Member
from majlis.insights.recording import NewFact, record
from majlis.insights.reports.overview import overview

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(archive, "folder", lambda: tmp_path / "facts")
    monkeypatch.setattr("majlis.insights.older.folder", lambda: tmp_path / "facts")


DAYS = settings.MAJLIS.facts_days
NOW = MOMENT + timedelta(days=DAYS + 5)


def made(at: datetime = MOMENT, **given: Any) -> NewFact:
    usual = {"page_id": 11, "post_id": 101, "kind": Kind.IMPRESSION, "source": Source.HOME, "nonce": 1}
    return NewFact(at=at, **(usual | given))


def in_files(what: str = 'post_id, viewer, kind, epoch_us("at")') -> list[tuple[Any, ...]]:
    names = [str(archive.folder() / name) for name in FactFile.objects.values_list("name", flat=True)]
    if not names:
        return []
    with duckdb.connect() as duck:
        return duck.execute(f"SELECT {what} FROM read_parquet(?)", [names]).fetchall()  # noqa: S608  # of this file


def history() -> list[int]:
    """Two days of what four members did, and a fact of now."""
    who = [people.alice().id, people.bob().id, people.dana().id, people.charlie().id]
    facts = [made(profile_id=id_, kind=Kind.SERVED) for id_ in who]
    facts += [made(profile_id=id_, nonce=5, at=MOMENT + timedelta(hours=20)) for id_ in who[:3]]
    facts += [made(profile_id=id_, kind=Kind.LINK_CLICK, nonce=6) for id_ in who[:2]]
    facts += [made(profile_id=who[3], kind=Kind.LINK_CLICK, nonce=7)]  # clicked in an app, never seen to view
    record(facts, arrived_at=MOMENT + timedelta(days=1))
    record([made(profile_id=who[0], kind=Kind.CONVERSION, nonce=8, at=NOW)], arrived_at=NOW)
    return who


def test_facts_are_in_the_file_or_in_the_table_and_never_in_both() -> None:
    history()
    before = sorted(Fact.objects.values_list("post_id", "viewer", "kind"))
    rollups = set(Hourly.objects.values_list("hour", "kind", "facts", "reach"))
    assert archive.archive(at=NOW) == 10
    assert archive.archive(at=NOW) == 0
    rows = [tuple(row[:3]) for row in in_files()]
    assert sorted(rows + list(Fact.objects.values_list("post_id", "viewer", "kind"))) == before
    assert Fact.objects.count() == 1
    assert set(Hourly.objects.values_list("hour", "kind", "facts", "reach")) == rollups
    assert FactFile.objects.count() == 2


def test_a_funnel_is_that_of_all_facts_wherever_they_lie() -> None:
    who = history()
    buyers = list(Member.objects.filter(profile_id__in=[who[0], who[3]]).values_list("pseudonym", flat=True))
    archive.archive(at=NOW)
    done = list(Fact.objects.values_list("page_id", "viewer", "kind", "at")) + in_files(
        'page_id, viewer, kind, "at"'
    )
    for since in (MOMENT - timedelta(days=1), MOMENT + timedelta(hours=1), NOW):
        for page in (None, 11, 12):
            asked = {"since": since, "ordered": buyers, "page_id": page}
            assert funnel(**asked) == plain_facts.funnel(done, **asked)
    assert funnel(since=MOMENT, ordered=buyers) == Funnel(served=4, viewed=3, clicked=2, ordered=1)


def test_a_funnel_begins_on_a_quarter_of_an_hour() -> None:
    with pytest.raises(ValueError, match="quarter"):
        funnel(since=MOMENT + timedelta(minutes=7), ordered=())


def test_who_ends_measurement_leaves_the_reach_of_long_ago_too() -> None:
    who = history()
    archive.archive(at=NOW)
    mine.switch_off(by=who[0], at=NOW)
    viewed = Encounter.objects.filter(post_id=101, viewed_at__isnull=False).count()
    assert viewed == 2
    assert sum(Hourly.objects.filter(post_id=101).values_list("reach", flat=True)) == viewed


class _Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["_to_disk", "_write", "delete", "note"])
def test_whatever_is_killed_nothing_is_lost_or_there_twice(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    history()
    before = sorted(Fact.objects.values_list("post_id", "viewer", "kind"))

    def dies_after(work: Any) -> Any:
        def run(*given: Any, **named: Any) -> Any:
            work(*given, **named)
            raise _Killed

        return run

    with monkeypatch.context() as patch:
        if where.startswith("_"):
            patch.setattr(archive, where, dies_after(getattr(archive, where)))
        else:
            name = {"delete": "delete_day", "note": "note_file"}[where]
            execute = archive.sql.execute

            def dying(query: str, **given: Any) -> int:
                done = execute(query, **given)
                if query == archive.SQL[name]:
                    raise _Killed
                return done

            patch.setattr(archive.sql, "execute", dying)
        with pytest.raises(_Killed), transaction.atomic():
            archive.archive(at=NOW)
    assert in_files() == []
    archive.archive(at=NOW)
    rows = [tuple(row[:3]) for row in in_files()]
    assert sorted(rows + list(Fact.objects.values_list("post_id", "viewer", "kind"))) == before


def test_the_files_lie_where_a_backup_takes_them(tmp_path: Path) -> None:
    history()
    archive.archive(at=NOW)
    kept = {path.relative_to(tmp_path).as_posix() for path in kept_files(tmp_path)}
    assert kept == {f"facts/{name}" for name in FactFile.objects.values_list("name", flat=True)}


def test_nobody_leads_back_from_a_file() -> None:
    history()
    archive.archive(at=NOW)
    with duckdb.connect() as duck:
        names = [str(archive.folder() / name) for name in FactFile.objects.values_list("name", flat=True)]
        columns = [
            row[0] for row in duck.execute("DESCRIBE SELECT * FROM read_parquet(?)", [names]).fetchall()
        ]
    assert columns == list(archive.COLUMNS)
    assert "nonce" not in columns


def test_what_is_done_before_the_first_whole_hour_is_found_in_files_too() -> None:
    bakery = people.bakery()
    Page.objects.filter(pk=bakery.page.id).update(time_zone="Asia/Kathmandu")  # midnight at a quarter past
    team = shopping.door(bakery, bakery.analyst, Permission.MEASURE)
    at = NOW
    window = windows.last_days(DAYS + 6, at=at, zone="Asia/Kathmandu")
    assert window.since
    who = [people.alice().id, people.bob().id]
    shared = {"page_id": bakery.page.id, "kind": Kind.CLICK}
    facts = [
        made(profile_id=id_, nonce=nonce, at=window.since + timedelta(minutes=5), **shared)
        for id_ in who
        for nonce in range(6)
    ]
    facts += [made(profile_id=who[0], nonce=9, at=window.since - timedelta(minutes=5), **shared)]
    record(facts, arrived_at=MOMENT + timedelta(hours=1))
    before = overview(team, window=window)
    assert before.interactions.value == 12
    assert archive.archive(at=at) == 13
    assert not Fact.objects.exists()
    assert overview(team, window=window) == before
