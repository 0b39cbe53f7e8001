"""What was counted about a page goes when the page is gone, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import measured_town
import plain_facts
import pytest
import shopping
from django.conf import settings

import cast as people
from majlis.core.clock import now
from majlis.insights import archive, older, sweeping
from majlis.insights.kinds import Kind, Source
from majlis.insights.models import (
    Encounter,
    Fact,
    FactFile,
    Following,
    Hourly,
    LastSeen,
    MeasuredPost,
    PageViewer,
    Standing,
)
from majlis.insights.recording import NewFact, record
from majlis.people import actions as profiles

pytestmark = pytest.mark.django_db

AT = now()
OF_PAGES = (Fact, Hourly, PageViewer, LastSeen, MeasuredPost, Following)
OF_POSTS = (Encounter, Standing)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (archive, older):
        monkeypatch.setattr(module, "folder", lambda: tmp_path / "facts")


def in_files() -> dict[int, int]:
    """Facts in files by page; and each file is as long as is noted."""
    found: dict[int, int] = {}
    with duckdb.connect() as duck:
        for file in FactFile.objects.all():
            asked = "SELECT page_id, count(*) FROM read_parquet(?) GROUP BY 1"
            rows = duck.execute(asked, [str(archive.folder() / file.name)]).fetchall()
            assert sum(count for _page, count in rows) == file.facts
            for page, count in rows:
                found[page] = found.get(page, 0) + count
    return found


def two_pages() -> tuple[measured_town.Town, int]:
    """A bakery and another one, each with facts in files and in the database."""
    town = measured_town.town(at=AT)
    other = shopping.other_bakery().page_id
    post = measured_town.publish(other, "Bread of others", at=AT - timedelta(days=4))
    who = town.followers[:20]
    measured_town.saw(other, post, who, Kind.SERVED, first=AT - timedelta(days=4), at=AT)
    measured_town.saw(other, post, who, Kind.IMPRESSION, first=AT - timedelta(days=1), at=AT)
    archive.archive(at=AT + timedelta(days=settings.MAJLIS.facts_days - 1))
    assert set(in_files()) == {town.bakery.page.id, other}
    assert Fact.objects.filter(page_id=other).exists()
    return town, other


def of_other(other: int) -> tuple[Any, ...]:
    posts = list(MeasuredPost.objects.filter(page_id=other).values_list("post_id", flat=True))
    return (
        in_files().get(other),
        *(sorted(map(repr, model.objects.filter(page_id=other).values_list())) for model in OF_PAGES),
        *(sorted(map(repr, model.objects.filter(post_id__in=posts).values_list())) for model in OF_POSTS),
    )


def assert_gone(town: measured_town.Town) -> None:
    page = town.bakery.page.id
    for of_page in OF_PAGES:
        assert not of_page.objects.filter(page_id=page).exists(), of_page
    for of_post in OF_POSTS:
        assert not of_post.objects.filter(post_id__in=town.posts).exists(), of_post
    assert page not in in_files()


def test_of_a_page_that_is_gone_nothing_is_left_and_of_others_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 50)
    town, other = two_pages()
    before = of_other(other)
    assert sweeping.sweep() == 0
    profiles.delete_profile(profile_id=town.bakery.page.id, at=AT)
    assert sweeping.sweep() > 500
    assert_gone(town)
    assert of_other(other) == before
    assert plain_facts.counts_agree()
    assert sweeping.sweep() == 0


class _Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "where", ["_to_disk", "count_file", "sweep_facts", "sweep_viewers", "sweep_standings"]
)
def test_whatever_is_killed_the_next_run_goes_on(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    town, other = two_pages()
    before = of_other(other)
    profiles.delete_profile(profile_id=town.bakery.page.id, at=AT)

    def dies_after(work: Callable[..., Any], query: str | None = None) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            done = work(*given, **named)
            if query is None or given[0] == query:
                raise _Killed
            return done

        return run

    with monkeypatch.context() as patch:
        if where.startswith("_"):
            patch.setattr(archive, where, dies_after(archive._to_disk))
        else:
            patch.setattr(sweeping.sql, "execute", dies_after(sweeping.sql.execute, sweeping.SQL[where]))
        with pytest.raises(_Killed):
            sweeping.sweep()
    sweeping.sweep()
    assert_gone(town)
    assert of_other(other) == before


def test_what_is_told_of_it_later_goes_the_next_time() -> None:
    town, _other = two_pages()
    page, who = town.bakery.page.id, people.alice().id
    profiles.delete_profile(profile_id=page, at=AT)
    sweeping.sweep()
    late = NewFact(
        page_id=page,
        post_id=town.posts[0],
        profile_id=who,
        kind=Kind.IMPRESSION,
        source=Source.HOME,
        nonce=1,
        at=AT,
    )
    assert record([late], arrived_at=AT) == 1
    assert sweeping.sweep() > 0
    assert_gone(town)
