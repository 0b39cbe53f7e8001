"""Declaring jobs: names, retries and slots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from majlis.core.jobs import job, registry


@job("tests_registry.note")
def note(*, text: str = "") -> None: ...


def other() -> None: ...


def test_retries_wait_longer_each_time_up_to_six_hours() -> None:
    for failures, planned in [(1, 5), (2, 10), (3, 20), (8, 640), (13, 20_480), (14, 21_600), (5000, 21_600)]:
        waits = [registry.delay(failures, first=5.0) for _ in range(200)]
        assert planned * 0.75 <= min(waits) < max(waits) <= planned * 1.25
        assert max(waits) - min(waits) > planned * 0.2, "they must not come back all at once"


def test_slots_of_recurring_jobs() -> None:
    at = datetime(2026, 11, 22, 21, 58, 13, 5, tzinfo=UTC)
    every_five = registry.Kind("a.b", note, every=timedelta(minutes=5))
    daily = registry.Kind("a.b", note, every=timedelta(days=1), offset=timedelta(hours=22))
    assert every_five.slot(at) == datetime(2026, 11, 22, 21, 55, tzinfo=UTC)
    assert daily.slot(at) == datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "post", "Posts.send", "posts.send mail", "posts.", "x." + "y" * 100])
def test_a_name_says_module_and_what(name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a job"):
        job(name)(note)


def test_two_jobs_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"two jobs are named tests_registry\.note"):
        job("tests_registry.note")(other)
    assert job("tests_registry.note")(note) is note


def test_a_recurring_job_takes_no_arguments() -> None:
    def needy(*, number: int) -> None: ...

    with pytest.raises(TypeError):
        job("tests_registry.needy", every=timedelta(minutes=1))(needy)
