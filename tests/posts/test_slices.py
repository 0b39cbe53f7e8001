"""Slices of time: every id lies in one of them, the newest come first, and what is asked for is covered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.paging import HIGHEST
from majlis.posts.slices import SHIFTS, Slice, keys_sql, slices

IDS = st.integers(0, HIGHEST - 2)


def ends(each: Slice) -> tuple[int, int]:
    """The lowest and the highest id."""
    shift = SHIFTS[each.level]
    return each.first << shift, ((each.last + 1) << shift) - 1


def touching(found: list[Slice]) -> bool:
    """Whether each begins where the one before ends, going back, none twice."""
    return all(ends(one)[0] == ends(other)[1] + 1 for one, other in pairwise(found))


@given(IDS, IDS)
def test_all_ids_between_are_covered_once(one: int, other: int) -> None:
    above, below = min(one, other), max(one, other) + 2
    found = list(slices(above=above, below=below))
    assert ends(found[0])[1] >= below - 1
    assert ends(found[-1])[0] <= above + 1
    assert touching(found)
    assert len(found) < 60 or below > 1 << 60
    assert all(1 <= len(each.keys) <= 8 for each in found)


@given(IDS)
def test_finer_slices_are_the_same_time(id_: int) -> None:
    for each in slices(above=0, below=id_ + 2):
        if each.level:
            finer = each.finer()
            assert touching(finer)
            assert (ends(finer[-1])[0], ends(finer[0])[1]) == ends(each)


@pytest.mark.parametrize("id_", [0, 1, 117_663_081_905_865_474, HIGHEST])
def test_the_database_counts_the_same(db: None, id_: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {keys_sql('%s::bigint')}", [id_] * len(SHIFTS))
        (keys,) = cursor.fetchone()
    assert keys == [Slice(level, id_ >> shift, id_ >> shift).keys[0] for level, shift in enumerate(SHIFTS)]
    assert len(set(keys)) == len(SHIFTS)
