"""Ids: ordered by time, and never the same in two processes that take them at the same moment."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from majlis.core.clock import now
from majlis.core.ids import id_at, lowest_id_at, moment_of, new_id

_TAKE = "from majlis.core.ids import new_id\nprint(*(new_id() for _ in range(20000)))"


def test_they_rise_and_tell_the_time() -> None:
    before = now()
    taken = [new_id() for _number in range(5_000)]
    assert taken == sorted(set(taken))
    assert 0 < taken[-1] < 2**63
    assert before - timedelta(milliseconds=1) <= moment_of(taken[0]) <= now()


def test_two_processes_at_the_same_moment_take_different_ones() -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", _TAKE], stdout=subprocess.PIPE, text=True)
        for _number in range(3)
    ]
    taken = [child.communicate()[0].split() for child in children]
    assert len({id_ for ids in taken for id_ in ids}) == sum(len(ids) for ids in taken) == 60_000


def test_an_id_of_the_past_is_of_its_millisecond() -> None:
    moment = now() - timedelta(days=3_000)
    assert lowest_id_at(moment) <= id_at(moment) < lowest_id_at(moment + timedelta(milliseconds=1))
