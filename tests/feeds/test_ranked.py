"""The order by closeness: the published formula, the same items, and pages that hang together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import MOMENT, Member, alice, follows, friends, later, member
from majlis.core.errors import BadInput
from majlis.core.ids import id_at
from majlis.core.paging import Page
from majlis.feeds import house_rule, recipes
from majlis.feeds.home import home_page
from majlis.feeds.house_rule import HouseRule
from majlis.feeds.ranked import RankedPage, ranked_page
from majlis.feeds.recipes import Signals, closeness
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.models import Post

NOW = later(hours=30)
signals = st.builds(Signals, st.booleans(), st.integers(0, 500), st.integers(0, 500))
ages = st.floats(0, 24)


def _score(known: Signals, hours: float) -> float:
    return closeness(known, came_at=NOW - timedelta(hours=hours), as_of=NOW).total


def test_the_formula_as_it_is_published() -> None:
    assert _score(Signals(), 0) == 1
    assert _score(Signals(), 6) == pytest.approx(0.5)
    assert _score(Signals(mutual=True, reactions=5, replies=3), 0) == pytest.approx(1 + 1 + 0.5 + 0.75)
    assert _score(Signals(mutual=True, reactions=5, replies=3), 12) == pytest.approx(3.25 / 4)


@given(signals, ages, ages)
def test_older_never_weighs_more(known: Signals, one: float, other: float) -> None:
    assert (_score(known, one) >= _score(known, other)) or one > other


@given(signals, signals, ages)
def test_more_closeness_never_weighs_less_and_it_is_bounded(
    low: Signals, high: Signals, hours: float
) -> None:
    more = Signals(
        low.mutual or high.mutual, max(low.reactions, high.reactions), max(low.replies, high.replies)
    )
    assert _score(more, hours) >= _score(low, hours)
    assert _score(more, hours) < 1 + recipes.MUTUAL + recipes.REACTIONS + recipes.REPLIES


def _write(by: Member, text: str, *, hours: float, **params: Any) -> int:
    """A post of so many hours ago: its id says when, so it is given one of then."""
    at = NOW - timedelta(hours=hours)
    made = posts.publish(by=by.id, params=PostParams(text=text, **params), at=at).post_id
    fresh = id_at(at)
    Post.objects.filter(id=made).update(thread_id=fresh)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("UPDATE posts_postcount SET post_id = %s WHERE post_id = %s", [fresh, made])
        cursor.execute("UPDATE posts_post SET id = %s WHERE id = %s", [fresh, made])
    return fresh


def _ranked(who: Member, *, start: int = 0, limit: int = 20) -> RankedPage:
    return ranked_page(viewer=who.id, as_of=NOW, start=start, limit=limit, at=NOW)


@pytest.mark.django_db
def test_a_friend_is_above_a_stranger_of_the_same_hour_and_says_why() -> None:
    her, friend, other = alice(), member("friend"), member("other")
    friends(her, friend)
    follows(her, other)
    near, far = _write(friend, "from a friend", hours=3), _write(other, "from a page", hours=2)
    page = _ranked(her)
    assert page.feed.ids == [near, far]
    score = page.scores[near]
    assert (score.mutual, score.reactions, score.replies) == (1, 0, 0)
    assert score.hours == pytest.approx(3, abs=0.01)
    assert score.total == pytest.approx(2 * 2 ** (-0.5), rel=0.01)


@pytest.mark.django_db
def test_what_she_did_counts_and_what_others_did_does_not() -> None:
    her, loved, loud = alice(), member("loved"), member("loud")
    follows(her, loved, loud)
    old = [_write(loved, f"old {number}", hours=40 + number) for number in range(5)]
    for post in old:
        posts.react(by=her.id, post_id=post, kind="love", at=MOMENT)
    popular = _write(loud, "popular", hours=1)
    for number in range(8):
        posts.react(by=member(f"fan_{number}").id, post_id=popular, kind="like", at=NOW)
    hers = _write(loved, "quiet", hours=2)
    page = _ranked(her)
    assert page.feed.ids[:2] == [hers, popular]
    assert page.scores[hers].signals.reactions == 5
    assert page.scores[popular].signals.reactions == 0


@pytest.mark.django_db
def test_it_shows_the_same_items_as_the_newest_first_and_each_once() -> None:
    her, one, two = alice(), member("one"), member("two")
    friends(her, one)
    follows(her, two)
    for number in range(30):
        _write((one, two)[number % 2], f"n {number}", hours=number)
    met: list[int] = []
    page: RankedPage | None = _ranked(her, limit=7)
    while page is not None:
        met += page.feed.ids
        if page.next_start is not None:
            page = _ranked(her, start=page.next_start, limit=7)
        elif page.below is not None:
            rest = home_page(viewer=her.id, page=Page(max_id=page.below, limit=40), at=NOW)
            met += rest.ids
            page = None
        else:
            page = None
    chronological = home_page(viewer=her.id, page=Page(limit=40), at=NOW).ids
    assert sorted(met, reverse=True) == chronological
    assert len(met) == len(set(met)) == 30
    assert met != chronological


@pytest.mark.django_db
def test_what_comes_while_she_pages_is_not_put_in_between() -> None:
    her, one = alice(), member("one")
    follows(her, one)
    for number in range(10):
        _write(one, f"n {number}", hours=number + 1)
    first = _ranked(her, limit=5)
    posts.publish(by=one.id, params=PostParams(text="just now"), at=NOW)
    second = _ranked(her, start=5, limit=5)
    assert not set(first.feed.ids) & set(second.feed.ids)
    assert len({*first.feed.ids, *second.feed.ids}) == 10


@pytest.mark.django_db
def test_ordering_costs_one_query_more(django_assert_max_num_queries: Any) -> None:
    her, one = alice(), member("one")
    follows(her, one)
    for number in range(25):
        _write(one, f"n {number}", hours=number / 2)
    # and what experiments withhold: only a process that follows the change log remembers it
    with django_assert_max_num_queries(8):
        _ranked(her)


@pytest.mark.django_db
def test_nobody_set_anything_the_newest_comes_first_and_members_may_choose(operator: Member) -> None:
    rule = house_rule.in_force()
    assert (rule.recipe_for(""), rule.recipe_for("closeness"), rule.recipe_for("bought")) == (
        "chronological", "closeness", "chronological",
    )  # fmt: skip
    house_rule.set_rule(recipe="chronological", choice="house", by=operator.user_id, at=MOMENT)
    assert house_rule.in_force().recipe_for("closeness") == "chronological"
    house_rule.set_rule(recipe="closeness", choice="members", by=operator.user_id, at=later(days=1))
    rule = house_rule.in_force()
    assert (rule.recipe_for(""), rule.recipe_for("chronological")) == ("closeness", "chronological")
    assert [each.since for each in house_rule.history()] == [later(days=1), MOMENT]


@pytest.mark.django_db
def test_there_are_no_other_recipes(operator: Member) -> None:
    for recipe, choice in (("bought", "house"), ("closeness", "nobody")):
        with pytest.raises(BadInput):
            house_rule.set_rule(recipe=recipe, choice=choice, by=operator.user_id, at=MOMENT)
    assert house_rule.in_force() == HouseRule()
