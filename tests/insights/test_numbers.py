"""The numbers: as METRICS has them, never NaN, never a group that is too small to show."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

import cast as people
from cast import MOMENT, later
from majlis.core.errors import NotThere
from majlis.insights import numbers
from majlis.insights.kinds import FEWEST_SHOWN, Kind, Source, State
from majlis.insights.ledger import Exact, Reached, exact, floored, ledger
from majlis.insights.models import MeasuredPost
from majlis.insights.numbers import Totals, Window, rates
from majlis.insights.recording import NewFact, record
from majlis.people import actions as relations
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams


def test_the_vectors(shared_data: Path) -> None:
    vector = json.loads((shared_data / "data" / "metric_vectors.json").read_text())["reach"]
    given_, wanted = vector["in"], vector["out"]
    reach = given_["unique_follower_viewers"] + given_["unique_nonfollower_viewers"]
    assert reach == wanted["reach"]
    totals = Totals(reach, given_["impressions"], given_["interactions"], given_["followers"])
    found = rates(totals, since=MOMENT, until=MOMENT)
    names = {
        "reach_to_followers": "reach_over_followers_industry",
        "frequency": "frequency",
        "engagement_by_reach": "err_by_reach",
        "engagement_by_impressions": "er_by_impressions",
        "engagement_by_followers": "er_by_followers",
    }
    for ours, theirs in names.items():
        assert found[ours].value == pytest.approx(wanted[theirs]), ours
        assert (found[ours].grade, found[ours].missing) == ("exact", "")


@given(st.builds(Totals, *[st.integers(0, 40)] * 4))
def test_every_division_has_a_value_or_says_why_not(totals: Totals) -> None:
    for name, number in rates(totals, since=MOMENT, until=MOMENT).items():
        assert number.formula == numbers.FORMULAS[name][0]
        assert (number.value is None) == bool(number.missing)
        assert number.value is None or number.value == number.value  # no NaN
        if 0 < totals.reach < FEWEST_SHOWN:
            assert number.value is None
            assert number.count is None, "a small group cannot be read off the parts of a rate either"


STATES = st.fixed_dictionaries({state: st.one_of(st.integers(0, 12), st.integers(0, 300)) for state in State})


@given(STATES)
def test_nothing_small_is_shown_nor_left_to_subtract(states: dict[State, int]) -> None:
    whole = Exact(1, 2, MOMENT, sum(states.values()), states, Reached(), Reached())
    found = floored(whole)
    shown = {line.state: line.count for line in found.lines if line.count is not None}
    assert all(
        count == states[state] and (count == 0 or count >= FEWEST_SHOWN) for state, count in shown.items()
    )
    hidden = [state for state in State if state not in shown]
    together = sum(states[state] for state in hidden)
    if found.eligible is None:
        assert found.merged is None
        assert 0 < together < FEWEST_SHOWN
        assert not any(shown.values()), "only where all followers together are fewer than ten"
    else:
        assert found.merged == together
        assert sum(shown.values()) + together == found.eligible
        assert not hidden or (together >= FEWEST_SHOWN and len(hidden) > 1)


@pytest.mark.django_db
def test_a_page_without_followers_or_history_says_not_enough_yet() -> None:
    page = people.bakery().page
    post = posts.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    found = numbers.of_post(post_id=post, at=later(days=1))
    assert {number.missing for name, number in found.items() if name != "reach"} == {"not_enough"}
    board = numbers.dashboard(page_id=page.id, last=MOMENT.date())
    assert board.windows[7]["reach"].value == 0
    assert board.windows[90]["frequency"].missing == "not_enough"
    assert ledger(post_id=post).eligible == 0
    with pytest.raises(NotThere):
        ledger(post_id=page.id)


@pytest.mark.django_db
def test_a_post_with_a_crowd_and_windows_that_end_now_or_earlier() -> None:
    page = people.bakery().page
    crowd = [
        relations.create_profile(
            user_id=None, handle=f"reader_{n}", display_name="R", kind="person", at=MOMENT
        )
        for n in range(30)
    ]
    relations.follow_in_bulk(pairs=[(who, page.id) for who in crowd[:25]], at=MOMENT)
    post = posts.publish(by=page.id, params=PostParams(text="Bread"), at=later(minutes=1)).post_id

    def view(who: int, load: int, *, days: int, paid: bool = False) -> NewFact:
        return NewFact(
            page_id=page.id, post_id=post, profile_id=who, kind=Kind.IMPRESSION, source=Source.HOME, paid=paid,
            nonce=load, at=later(days=days, hours=1),
        )  # fmt: skip

    facts = [view(who, 1, days=0) for who in crowd[:20]]
    facts += [view(who, 2, days=5) for who in crowd[:15]] + [
        view(who, 3, days=5, paid=True) for who in crowd[20:]
    ]
    record(facts, arrived_at=later(days=6))
    posts.react(by=crowd[0], post_id=post, at=later(days=6))
    found = numbers.of_post(post_id=post, at=later(days=6))
    assert found["reach"].value == 30
    assert found["frequency"].value == pytest.approx(45 / 30)
    assert (found["organic_reach_rate"].count, found["organic_reach_rate"].of) == (20, 25)
    assert found["reach_to_followers"].value == pytest.approx(30 / 25)
    assert found["engagement_by_impressions"].value == pytest.approx(1 / 45)
    states = exact(post_id=post).states
    assert (states[State.ENGAGED], states[State.VIEWED], sum(states.values())) == (1, 24, 25)

    last = later(days=5).date()
    assert numbers.reach(page_id=page.id, window=Window.ending(last, days=1)).value == 25
    assert numbers.reach(page_id=page.id, window=Window.ending(last, days=7)).value == 30
    assert numbers.reach(page_id=page.id, window=Window.ending(last - timedelta(days=1), days=7)).value == 20
    board = numbers.dashboard(page_id=page.id, last=last)
    assert board.windows[7]["reach"].value == 30
    assert board.followers_reached[28].value == 25
    assert [(top.post_id, top.reach, top.impressions) for top in board.top] == [(post, 30, 45)]
    assert sum(hour.reach for hour in numbers.hours(post_id=post)) == 30


@pytest.mark.django_db
def test_what_is_measured_and_what_is_not() -> None:
    bakery, alice = people.bakery(), people.alice()
    page = bakery.page
    hers = posts.publish(by=alice.id, params=PostParams(text="Where is bread?"), at=MOMENT).post_id
    answer = posts.publish(by=page.id, params=PostParams(text="Here", reply_to_id=hers), at=MOMENT).post_id
    own = posts.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    further = posts.publish(by=page.id, params=PostParams(text="More", reply_to_id=own), at=MOMENT).post_id
    posts.boost(by=page.id, post_id=hers, at=MOMENT)
    measured = set(MeasuredPost.objects.values_list("post_id", flat=True))
    assert measured == {own, further}
    assert answer not in measured
