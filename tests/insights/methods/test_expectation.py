"""Expected reach and the value of a plan: ranges that hold, nothing known ahead, little history said to be little."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.methods.enough import Need, NotEnough
from majlis.insights.methods.expectation import (
    FEWEST_POSTS,
    PUBLISHED,
    Basis,
    Expectation,
    Outcome,
    Past,
    Planned,
    back_test,
    borrow,
    learn,
    score,
)
from majlis.insights.methods.plan_value import Choice, PlanValue, Verdict, plan_value

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


def page(
    posts: int, *, seed: int = 1, paid: float = 2.0, evening: float = 1.0, followers: int = 5_000
) -> list[Past]:
    """Made up: paid posts come to ``paid`` times as many, those of the evening to ``evening`` times."""
    random = np.random.default_rng(seed)
    made, at = [], START
    for _ in range(posts):
        at += timedelta(hours=float(random.integers(6, 40)))
        bought = bool(random.random() < 0.25)
        rate = (
            0.1
            * (paid if bought else 1)
            * (evening if at.hour >= 15 else 1)
            * math.exp(random.normal(0, 0.5))
        )
        reach = int(followers * rate)
        made.append(
            Past(at=at, followers=followers, kind=str(random.choice(["photo", "text"])), paid=bought,
                 length=int(random.integers(0, 500)), reach=reach, clicks=int(random.binomial(reach, 0.03)))
        )  # fmt: skip
    return made


def planned(posts: Sequence[Past], **changes: object) -> Planned:
    at = posts[-1].at + timedelta(days=3) if posts else START
    post = Planned(at=at, followers=5_000, kind="photo", length=200)
    return msgspec.structs.replace(post, **changes)


def expected(posts: Sequence[Past], post: Planned) -> Expectation:
    return learn(posts, at=post.at).expect(post)


def test_without_posts_it_says_from_whom_it_borrows() -> None:
    told = expected([], planned([]))
    assert (told.basis, told.posts, told.borrowed) == (Basis.BORROWED, 0, PUBLISHED[Outcome.REACH].name)
    assert told.high > 20 * told.low


def test_a_few_posts_narrow_what_is_borrowed_and_many_replace_it() -> None:
    posts = page(200)
    widths = []
    for count, basis in ((0, Basis.BORROWED), (5, Basis.MIXED), (25, Basis.MIXED), (200, Basis.OWN)):
        told = expected(posts[:count], planned(posts[:count]))
        assert (told.basis, told.borrowed is None, told.posts) == (basis, basis == Basis.OWN, count)
        widths.append(math.log((told.high + 1) / (told.low + 1)))
    assert widths[0] > widths[1] > widths[2] > widths[3]


def test_the_house_lends_before_strangers_do() -> None:
    others = [page(20, seed=seed, followers=300) for seed in range(4)]
    lent = borrow(others, name="pages of this house")
    assert lent is not None
    assert (lent.pages, lent.posts) == (4, 80)
    post = planned([], followers=300)
    told = learn([], at=post.at, borrowed=lent).expect(post)
    assert told.borrowed == "pages of this house"
    assert told.low <= 33 <= told.high
    assert borrow(others[:2], name="two") is None


def test_a_paid_post_is_expected_to_come_further() -> None:
    posts = page(200, paid=5)
    usual, paid = (expected(posts, planned(posts, paid=paid)) for paid in (False, True))
    assert paid.middle > 2.5 * usual.middle


histories = st.builds(
    lambda count, seed, followers: page(count, seed=seed, followers=followers),
    st.integers(0, 60), st.integers(0, 50), st.sampled_from([0, 3, 500, 10**9]),
)  # fmt: skip


@settings(max_examples=30)
@given(histories, st.sampled_from(Outcome), st.integers(0, 10**10), st.booleans())
def test_a_range_holds_its_middle(posts: list[Past], outcome: Outcome, followers: int, paid: bool) -> None:
    post = planned(posts, followers=followers, paid=paid, kind="never seen", length=10**6)
    told = learn(posts, at=post.at, outcome=outcome).expect(post)
    assert 0 <= told.low <= told.middle <= told.high
    assert score(told, told.middle).inside


def test_what_happens_later_or_has_not_settled_changes_nothing() -> None:
    posts = page(120)
    at = posts[80].at
    later = [*posts[:79], *(msgspec.structs.replace(one, reach=10**6) for one in posts[79:])]
    settled = [one for one in posts if one.at <= at - timedelta(days=2)]
    assert len(settled) <= 79
    post = Planned(at=at, followers=5_000, kind="photo")
    assert learn(posts, at=at).expect(post) == learn(later, at=at).expect(post)
    assert learn(posts, at=at).known == len(settled)


def test_the_back_test_says_what_would_have_been_said() -> None:
    posts = page(90)
    found = back_test(posts, first=25)
    assert found is not None
    for place in (25, 33, 40, 70, 89):
        post = posts[place]
        assert learn(posts, at=post.at).expect(post) == found.told[place - 25].expectation


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranges_hold_four_of_five_and_are_sharper_than_quantiles(seed: int) -> None:
    found = back_test(page(400, seed=seed, paid=6))
    assert found is not None
    assert 0.75 <= found.coverage <= 0.85
    assert found.median_width < found.naive_median_width
    assert found.mean_interval < found.naive_mean_interval


def restless(*, seed: int) -> list[Past]:
    """Made up: from the two hundredth post on three times as unpredictable."""
    random = np.random.default_rng(seed + 100)
    posts = page(400, seed=seed)
    return posts[:200] + [
        msgspec.structs.replace(one, reach=int(one.reach * math.exp(random.normal(0, 1.5))))
        for one in posts[200:]
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranges_of_a_page_that_changes_hold_after_it_changed(seed: int) -> None:
    found = back_test(restless(seed=seed))
    assert found is not None
    later = [one.score.inside for one in found.told[140:]]
    assert 0.75 <= sum(later) / len(later) <= 0.85


def test_ranges_that_missed_widen_the_next_only_once_it_is_known_that_they_did() -> None:
    posts = page(120)
    far = [*posts[:100], *(msgspec.structs.replace(one, reach=10**6) for one in posts[100:])]
    at = posts[100].at + timedelta(days=2)
    before, after = (learn(far, at=at + timedelta(seconds=wait)).widened for wait in (-1, 0))
    assert after == pytest.approx(before * math.exp(0.08 * 0.8))
    assert learn(posts[:20], at=at).widened == 1


def test_too_short_a_history_has_no_back_test() -> None:
    assert back_test([]) is None
    assert back_test(page(FEWEST_POSTS)) is None


@pytest.mark.parametrize(("came", "interval"), [(20, 10), (5, 10 + 50), (33, 10 + 80)])
def test_the_score_is_width_and_ten_times_what_was_missed(came: int, interval: float) -> None:
    told = Expectation(
        outcome=Outcome.REACH, low=10, middle=15, high=20 if came == 20 else 25, level=0.8, basis=Basis.OWN,
        posts=40, borrowed=None,
    )  # fmt: skip
    told = msgspec.structs.replace(told, high=20 if came != 33 else 25, low=10 if came != 33 else 15)
    assert score(told, came).interval == pytest.approx(interval)
    assert score(told, came).pinball == abs(came - 15) / 2


def test_posts_that_reached_nobody_are_posts_too() -> None:
    nobody = [msgspec.structs.replace(one, reach=0, clicks=0) for one in page(60)]
    told = expected(nobody, planned(nobody))
    assert (told.low, told.middle) == (0, 0)
    assert told.high <= 1


@pytest.mark.parametrize("bad", [{"followers": -1}, {"length": -1}, {"reach": -1}, {"clicks": -1}])
def test_below_nothing_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counted from nothing"):
        Past(**{"at": START, "followers": 1, "kind": "text", "reach": 0, **bad})  # type: ignore[arg-type]


# --- the plan


def test_a_planted_hour_is_found_and_its_worth_recovered() -> None:
    found = plan_value(page(400, evening=1.6), choice=Choice.HOUR, draws=200)
    assert isinstance(found, PlanValue)
    assert found.verdict == Verdict.BETTER
    assert found.ratio.low <= 1.6 <= found.ratio.high
    assert found.mean_agreed > found.mean_other


def test_choices_that_make_no_difference_mostly_stay_open() -> None:
    verdicts = []
    for seed in range(12):
        found = plan_value(page(200, seed=seed), draws=100)
        assert isinstance(found, PlanValue)
        assert found.ratio.low <= found.ratio.value <= found.ratio.high
        verdicts.append(found.verdict)
    assert verdicts.count(Verdict.OPEN) >= 10


def test_a_short_history_says_how_much_is_missing() -> None:
    assert plan_value(page(70)) == NotEnough(what=Need.POSTS, have=70, need=100, more=30)
    alike = [msgspec.structs.replace(one, kind="photo") for one in page(200)]
    assert isinstance(plan_value(alike, choice=Choice.KIND), NotEnough)
