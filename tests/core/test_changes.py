"""Following the change log: what others write is heard at once, one's own lines are passed over later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from majlis.config.server import conninfo
from majlis.core import changes
from majlis.core.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    changes.forget_listeners()
    lines: list[int] = []
    changes.listen("test", lambda line: lines.append(line.subject))
    yield lines
    changes.forget_listeners()


@pytest.fixture
def follower(heard: list[int]) -> Iterator[changes.Follower]:
    made = changes.Follower(conninfo(), fallen_behind=lambda: None, patience=60)
    made.start()
    assert made.ready.wait(10)
    yield made
    made.stop()
    notify("the end")
    made._thread.join(10)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def notify(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [changes.CHANNEL, name])


def write(subject: int) -> None:
    with transaction.atomic():
        changes.append("test", subject, at=now())


def test_own_lines_are_applied_at_the_commit_and_once(follower: changes.Follower, heard: list[int]) -> None:
    for subject in range(5):
        write(subject)
        assert heard[-1] == subject, "applied when the transaction ends, not when the log is read"
    before = changes._this.heard
    notify("another")
    until(lambda: changes._this.heard > before)
    assert heard == list(range(5))


def test_what_another_process_writes_is_heard_at_once(
    follower: changes.Follower, heard: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(1)
    monkeypatch.setattr(changes, "OWN_WAIT", 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_change (kind, subject, data, made_at) VALUES ('test', 2, '{}', now())"
        )
    notify("another")
    until(lambda: heard == [1, 2])


def test_an_own_line_that_nobody_could_apply_is_read_from_the_log(
    follower: changes.Follower, heard: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_apply_own", lambda lines: None)
    write(3)
    until(lambda: heard == [3])


def test_silence_is_how_long_nothing_was_read(follower: changes.Follower) -> None:
    assert changes.silence() < 10
    assert changes.silence() <= changes.silence()
