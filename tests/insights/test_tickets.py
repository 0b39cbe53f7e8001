"""A ticket is good for one viewer, one post and one day, and cannot be made elsewhere."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from cast import MOMENT, later
from majlis.insights import tickets
from majlis.insights.kinds import Source

ids = st.integers(0, 2**63 - 1)


def issued(**given: object) -> str:
    usual = {"viewer": 5, "post_id": 7, "source": Source.HOME, "paid": False, "load": 3, "at": MOMENT}
    return tickets.issue(**(usual | given))  # type: ignore[arg-type]


@given(ids, ids, st.sampled_from(Source), st.booleans(), ids)
def test_it_says_what_was_sealed(viewer: int, post: int, source: Source, paid: bool, load: int) -> None:
    made = issued(viewer=viewer, post_id=post, source=source, paid=paid, load=load)
    found = tickets.read(made, viewer=viewer, post_id=post, at=later(hours=1).timestamp())
    assert found == tickets.Ticket(source, paid, load, int(MOMENT.timestamp()))
    assert len(made) == 32


def test_it_is_of_no_use_to_others_for_other_posts_or_the_day_after() -> None:
    made = issued()
    assert tickets.read(made, viewer=5, post_id=7, at=MOMENT.timestamp())
    assert not tickets.read(made, viewer=6, post_id=7, at=MOMENT.timestamp())
    assert not tickets.read(made, viewer=0, post_id=7, at=MOMENT.timestamp())
    assert not tickets.read(made, viewer=5, post_id=8, at=MOMENT.timestamp())
    assert not tickets.read(made, viewer=5, post_id=7, at=later(days=2).timestamp())
    assert not tickets.read(made, viewer=5, post_id=7, at=later(days=-2).timestamp())


@given(st.integers(0, 31), st.sampled_from("ABCDwxyz0189-_"))
def test_no_letter_of_it_can_be_changed_to_advantage(place: int, letter: str) -> None:
    made = issued(paid=False)
    forged = made[:place] + letter + made[place + 1 :]
    found = tickets.read(forged, viewer=5, post_id=7, at=MOMENT.timestamp())
    assert found is None or forged == made


@pytest.mark.parametrize(
    "nonsense", ["", "x", "ü" * 32, "=" * 32, "A" * 32, "A" * 33, "\x00" * 32, "💥" * 32]
)
def test_nonsense_is_no_ticket(nonsense: str) -> None:
    assert tickets.read(nonsense, viewer=0, post_id=0, at=MOMENT.timestamp()) is None
    assert tickets.read(issued(), viewer=5, post_id=-7, at=MOMENT.timestamp()) is None
