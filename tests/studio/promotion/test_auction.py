"""The auction and the places, over any bids: who wins pays what the second offered and never more than its own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cast import MOMENT
from majlis.studio.promotion.auction import Bid, auctions, places, second_price

FLOOR = Decimal("0.01")
prices = st.decimals("0", "2", places=4)
moments = st.none() | st.integers(0, 10_000).map(lambda minutes: MOMENT - timedelta(minutes=minutes))
bids = st.lists(st.builds(Bid, st.integers(1, 50), prices, moments), unique_by=lambda bid: bid.promotion_id)


@given(bids)
def test_the_highest_wins_and_pays_the_second(offered: list[Bid]) -> None:
    won = second_price(offered, floor=FLOOR)
    able = sorted((bid.most for bid in offered if bid.most >= FLOOR), reverse=True)
    if not able:
        assert won is None
        return
    assert won is not None
    own = next(bid.most for bid in offered if bid.promotion_id == won.promotion_id)
    assert own == able[0]
    assert won.price == (able[1] if len(able) > 1 else FLOOR)
    assert FLOOR <= won.price <= own


@given(bids, st.randoms())
def test_the_order_in_which_bids_come_does_not_matter(offered: list[Bid], random: object) -> None:
    mixed = list(offered)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert second_price(mixed, floor=FLOOR) == second_price(offered, floor=FLOOR)


@given(bids, prices)
def test_nobody_gains_by_bidding_other_than_what_it_is_worth(offered: list[Bid], other: Decimal) -> None:
    """Vickrey's point. ``worth`` is the truth, ``other`` any bid instead; the gain is worth − price if it wins."""
    worth, mine = Decimal("0.7500"), 99
    rivals = [bid for bid in offered if bid.most != worth and bid.most != other]

    def gain(most: Decimal) -> Decimal:
        won = second_price([*rivals, Bid(mine, most)], floor=FLOOR)
        return worth - won.price if won and won.promotion_id == mine else Decimal(0)

    assert gain(worth) >= gain(other)


@given(bids, st.integers(0, 5))
def test_a_promotion_wins_one_place_of_a_page(offered: list[Bid], count: int) -> None:
    won = auctions(offered, count=count, floor=FLOOR)
    assert len({each.promotion_id for each in won}) == len(won) <= count
    tops = [next(bid.most for bid in offered if bid.promotion_id == each.promotion_id) for each in won]
    assert tops == sorted(tops, reverse=True)


def test_equal_bids_take_turns_and_the_older_promotion_begins() -> None:
    early, late = MOMENT - timedelta(hours=2), MOMENT - timedelta(hours=1)
    same = Decimal("0.5")
    assert second_price([Bid(2, same), Bid(1, same)], floor=FLOOR) == second_price(
        [Bid(1, same), Bid(2, same)], floor=FLOOR
    )
    won = second_price([Bid(1, same, late), Bid(2, same, early)], floor=FLOOR)
    assert won is not None
    assert (won.promotion_id, won.price) == (2, same)
    new = second_price([Bid(1, same, early), Bid(3, same)], floor=FLOOR)
    assert new is not None
    assert new.promotion_id == 3


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_of_ten_items_in_a_row_one_is_promoted_at_most_and_none_is_first(pages: list[int]) -> None:
    """However a reader pages through: the pages are read one under the other."""
    together, organic = [], 0
    for size in pages:
        where = set(places(size))
        shown = [position in where for position in range(size + len(where))]
        assert shown.count(False) == size, "every organic item has its place"
        assert not shown or not shown[0]
        assert not shown or not shown[-1]
        together += shown
        organic += size
    spots = [position for position, promoted in enumerate(together) if promoted]
    assert all(after - before >= 10 for before, after in pairwise(spots))
    assert len(spots) * 9 <= organic


def test_none_where_the_operator_wants_none() -> None:
    assert places(200, per_ten=0) == []
    assert places(8) == []
    assert places(20) == [5, 15]
