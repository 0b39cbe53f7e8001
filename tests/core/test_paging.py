"""Paging as Mastodon's clients do it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.errors import BadInput
from majlis.core.paging import HIGHEST, Page, Slice

LINK = "https://majlis.test/api/v1/things"


def test_absent_and_empty_parameters_are_the_first_page() -> None:
    assert Page.parse({}) == Page(limit=20)
    assert Page.parse({"max_id": "", "since_id": None, "limit": ""}) == Page(limit=20)


@pytest.mark.parametrize(("given_limit", "limit"), [("0", 1), ("7", 7), ("80", 80), ("81", 80)])
def test_the_limit_is_brought_between_one_and_the_most(given_limit: str, limit: int) -> None:
    assert Page.parse({"limit": given_limit}, default=40, most=80).limit == limit


@pytest.mark.parametrize("name", ["max_id", "since_id", "min_id", "limit"])
@pytest.mark.parametrize("nonsense", ["x", "-1", "1.5", "١٢", "1e3", " 1", "9" * 21, True, "null", "1;--"])
def test_nonsense_is_refused_and_named(name: str, nonsense: object) -> None:
    with pytest.raises(BadInput) as refusal:
        Page.parse({name: nonsense})
    assert refusal.value.field == name


def test_ids_beyond_the_database_are_cut_to_the_highest() -> None:
    assert Page.parse({"max_id": "99999999999999999999"}).below == HIGHEST


def _answer(page: Page, ids: list[int]) -> Slice[str]:
    """What the SQL of a paged query does, on a plain list."""
    inside = [id_ for id_ in sorted(ids, reverse=page.order == "DESC") if page.above < id_ < page.below]
    return page.slice_of((id_, f"item {id_}") for id_ in inside[: page.limit])


def test_min_id_gives_the_items_next_to_it_and_since_id_the_newest() -> None:
    ids = [1, 2, 3, 4, 5, 6]
    assert _answer(Page(min_id=2, limit=2), ids).items == ("item 4", "item 3")
    assert _answer(Page(since_id=2, limit=2), ids).items == ("item 6", "item 5")
    assert _answer(Page(max_id=5, min_id=1, limit=2), ids).items == ("item 3", "item 2")


@given(st.sets(st.integers(1, 500)), st.integers(1, 7))
def test_following_next_reads_everything_once(ids: set[int], limit: int) -> None:
    page, seen = Page(limit=limit), []
    while True:
        answer = _answer(page, list(ids))
        seen += answer.items
        if not answer.full:
            break
        page = Page(max_id=answer.oldest, limit=limit)
    assert seen == [f"item {id_}" for id_ in sorted(ids, reverse=True)]


@given(st.sets(st.integers(1, 500)), st.integers(1, 7))
def test_following_prev_from_the_oldest_reads_everything_once(ids: set[int], limit: int) -> None:
    page, seen = Page(min_id=0, limit=limit), []
    while (answer := _answer(page, list(ids))).newest is not None:
        seen = [*answer.items, *seen]
        page = Page(min_id=answer.newest, limit=limit)
    assert seen == [f"item {id_}" for id_ in sorted(ids, reverse=True)]


def test_links_lead_both_ways_and_keep_other_parameters() -> None:
    answer = Slice(items=("b", "a"), newest=20, oldest=10, full=True)
    header = answer.link_header(LINK, {"limit": 2, "max_id": 30, "only": ["x", "é&"]})
    assert header == (
        f'<{LINK}?limit=2&only=x&only=%C3%A9%26&max_id=10>; rel="next", '
        f'<{LINK}?limit=2&only=x&only=%C3%A9%26&min_id=20>; rel="prev"'
    )


def test_the_last_page_leads_nowhere_further_and_an_empty_one_nowhere() -> None:
    assert 'rel="next"' not in Slice(items=("a",), newest=10, oldest=10, full=False).link_header(LINK)
    assert Slice[str](items=(), newest=None, oldest=None, full=False).link_header(LINK) == ""


def test_items_may_be_replaced_without_losing_the_cursors() -> None:
    answer = Slice(items=(3, 2, 1), newest=30, oldest=10, full=True)
    shown = answer.replace(lambda items: [str(item) for item in items if item != 2])
    assert shown == Slice(items=("3", "1"), newest=30, oldest=10, full=True)
