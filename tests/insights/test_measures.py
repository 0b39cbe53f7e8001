"""The measures: as METRICS has them, never NaN, never a group that is too small to show."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
import shopping
from hypothesis import given

import cast as people
from cast import MOMENT, Bakery, later
from majlis.brands.models import Page
from majlis.brands.roles import Permission
from majlis.core.errors import NotThere
from majlis.insights import windows
from majlis.insights.figures import Figure, Why
from majlis.insights.kinds import FEWEST_SHOWN, Kind, Source, State
from majlis.insights.ledger import Exact, Reached, exact, floored, ledger
from majlis.insights.models import MeasuredPost
from majlis.insights.recording import NewFact, record
from majlis.insights.reports import growth, measures, overview, post, posts
from majlis.insights.reports.measures import Counted
from majlis.insights.windows import Window
from majlis.people import actions as relations
from majlis.posts import actions
from majlis.posts.composing import PostParams
from majlis.studio.results.funnel import of_window

WINDOW = Window(MOMENT, MOMENT)
RATES = (
    measures.reach_by_followers, measures.frequency, measures.engagement_rate, measures.engagement_by_impressions,
    measures.engagement_by_followers,
)  # fmt: skip


def test_the_vectors(shared_data: Path) -> None:
    vector = json.loads((shared_data / "data" / "metric_vectors.json").read_text())["reach"]
    told, wanted = vector["in"], vector["out"]
    followers, strangers = told["unique_follower_viewers"], told["unique_nonfollower_viewers"]
    states = dict.fromkeys(State, 0) | {
        State.VIEWED: followers,
        State.SERVED: told["followers"] - followers,
    }
    whole = Exact(
        1, 2, MOMENT, told["followers"], states,
        Reached(followers, followers, 0, told["impressions"] - strangers, 0),
        Reached(strangers, strangers, 0, strangers, 0),
    )  # fmt: skip
    of = measures.counted(whole, {Kind.CLICK: told["interactions"]}, followers=told["followers"])
    found = {
        "reach": measures.reach(of, window=WINDOW),
        "organic_reach_rate_followers": measures.organic_reach_rate(whole, floored(whole), window=WINDOW),
        "reach_over_followers_industry": measures.reach_by_followers(of, window=WINDOW),
        "frequency": measures.frequency(of, window=WINDOW),
        "err_by_reach": measures.engagement_rate(of, window=WINDOW),
        "er_by_impressions": measures.engagement_by_impressions(of, window=WINDOW),
        "er_by_followers": measures.engagement_by_followers(of, window=WINDOW),
    }
    assert found.keys() == wanted.keys()
    for name, figure in found.items():
        assert figure.value == pytest.approx(wanted[name]), name
        assert figure.grade == "exact"
    assert len({str(figure.name) for figure in found.values()}) == len(found), "two rates never have one name"


counts = st.integers(0, 40)


@given(st.builds(Counted, st.one_of(st.none(), counts), counts, counts, st.one_of(st.none(), counts)))
def test_every_division_has_a_value_or_says_why_not(of: Counted) -> None:
    for rate in RATES:
        figure = rate(of, window=WINDOW)
        assert (figure.value is None) == (figure.why is not None)
        assert figure.value is None or math.isfinite(figure.value)
        assert not any(0 < (part.value or 0) < FEWEST_SHOWN for part in figure.parts), "nor by its parts"
    if of.reach is None or 0 < of.reach < FEWEST_SHOWN:
        for rate in RATES[:3]:
            assert rate(of, window=WINDOW).value is None


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_reach_within_a_rate_tells_no_more_than_the_reach(followers: int, strangers: int) -> None:
    whole = Exact(
        1, 2, MOMENT, 100, dict.fromkeys(State, 0), Reached(followers, followers, 0, 90), Reached(strangers)
    )
    of = measures.counted(whole, {Kind.CLICK: 40}, followers=100)
    shown = measures.reach(of, window=WINDOW).value
    for rate in RATES[:3]:
        parts = {str(part.name): part.value for part in rate(of, window=WINDOW).parts}
        assert parts["Reach"] == shown


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


def analyst(bakery: Bakery, zone: str = "UTC") -> shopping.OnTeam:
    Page.objects.filter(pk=bakery.page.id).update(time_zone=zone)
    return shopping.door(bakery, bakery.analyst, Permission.MEASURE)


def crowd(page: int, many: int, *, following: int) -> list[int]:
    who = [
        relations.create_profile(
            user_id=None, handle=f"reader_{n}", display_name="R", kind="person", at=MOMENT
        )
        for n in range(many)
    ]
    relations.follow_in_bulk(pairs=[(each, page) for each in who[:following]], at=MOMENT)
    return who


@pytest.mark.django_db
def test_a_page_without_followers_or_history_says_not_enough_yet() -> None:
    bakery = people.bakery()
    page, team = bakery.page, analyst(bakery)
    own = actions.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    found = post.post(team, post_id=own, at=later(days=1)).figures
    rates = {
        name: figure
        for name, figure in found.items()
        if "rate" in name or "by_" in name or name == "frequency"
    }
    assert len(rates) == 7
    assert {figure.why for figure in rates.values()} == {Why.NOTHING_YET}
    week = windows.last_days(7, at=later(days=1), zone="UTC")
    told = overview.overview(team, window=week)
    assert (told.reach.value, told.frequency.why) == (0, Why.NOTHING_YET)
    assert growth.growth(team, window=week).rate.why is Why.NOTHING_YET
    assert ledger(post_id=own).eligible == 0
    with pytest.raises(NotThere):
        ledger(post_id=page.id)


@pytest.mark.django_db
def test_a_post_with_a_crowd_and_windows_until_now() -> None:
    bakery = people.bakery()
    page, team = bakery.page, analyst(bakery)
    who = crowd(page.id, 45, following=25)
    own = actions.publish(by=page.id, params=PostParams(text="Bread"), at=later(minutes=1)).post_id

    def view(profile: int, load: int, *, days: int, paid: bool = False) -> NewFact:
        return NewFact(
            page_id=page.id, post_id=own, profile_id=profile, kind=Kind.IMPRESSION, source=Source.HOME, paid=paid,
            nonce=load, at=later(days=days, hours=1),
        )  # fmt: skip

    facts = [view(each, 1, days=0) for each in who[:15]]
    facts += [view(each, 2, days=5) for each in who[:15]] + [
        view(each, 3, days=5, paid=True) for each in who[15:]
    ]
    record(facts, arrived_at=later(days=6))
    for each in who[:10]:
        actions.react(by=each, post_id=own, at=later(days=6))
    found = {
        name: figure.value for name, figure in post.post(team, post_id=own, at=later(days=6)).figures.items()
    }
    assert found["reach"] == 45
    assert found["frequency"] == pytest.approx(60 / 45)
    assert found["organic_reach_rate"] == pytest.approx(15 / 25)
    assert found["reach_by_followers"] == pytest.approx(45 / 25)
    assert found["engagement_rate"] == pytest.approx(10 / 45)
    assert found["engagement_by_impressions"] == pytest.approx(10 / 60)
    assert found["engagement_by_followers"] == pytest.approx(10 / 25)
    states = exact(post_id=own).states
    assert (states[State.ENGAGED], states[State.VIEWED], sum(states.values())) == (10, 15, 25)
    (listed,) = posts.posts(team, window=windows.last_days(7, at=later(days=6), zone="UTC"))
    assert (listed.ledger, listed.engagement_rate.value) == (ledger(post_id=own), found["engagement_rate"])

    for days, reached, followers in ((7, 45, 25), (2, 45, 25), (1, 0, 0)):
        told = overview.overview(team, window=windows.last_days(days, at=later(days=6), zone="UTC"))
        assert (told.reach.value, told.followers.value) == (reached, followers), days
    assert sum(step.reached or 0 for step in post.post(team, post_id=own, at=later(days=6)).steps) == 45


@pytest.mark.django_db
@pytest.mark.parametrize(
    "zone", ["Asia/Beirut", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "UTC"]
)
def test_the_days_of_a_window_are_the_pages_own(zone: str) -> None:
    """Who came a minute before midnight there came the day before; also of what is done, by hours of UTC or not."""
    bakery = people.bakery()
    page, team = bakery.page, analyst(bakery, zone)
    at = later(days=3)
    window = windows.last_days(2, at=at, zone=zone)
    assert window.since
    who = crowd(page.id, 32, following=32)
    own = actions.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id

    def did(kind: Kind, some: list[int], moment: object, load: int) -> list[NewFact]:
        return [
            NewFact(page_id=page.id, post_id=own, profile_id=each, kind=kind, source=Source.HOME, nonce=load,
                    at=moment)  # type: ignore[arg-type]
            for each in some
        ]  # fmt: skip

    minute = timedelta(minutes=1)
    facts = did(Kind.IMPRESSION, who, window.since - minute, 1) + did(
        Kind.IMPRESSION, who[:12], window.since, 2
    )
    facts += did(Kind.IMPRESSION, who[12:20], at - minute, 3) + did(Kind.CLICK, who[:11], window.since, 4)
    facts += did(Kind.CLICK, who, window.since - minute, 5)
    # late and in another order, as it comes
    for part in (facts[40:], facts[:40]):
        record(part, arrived_at=at)
    told = overview.overview(team, window=window)
    assert (told.reach.value, told.followers.value, told.interactions.value) == (20, 20, 11)
    assert of_window(since=window.since, until=at, page_id=page.id).viewed == told.reach.value
    assert overview.overview(team, window=windows.last_days(5, at=at, zone=zone)).reach.value == 32


@pytest.mark.django_db
def test_growth_is_a_share_of_who_followed_before() -> None:
    bakery = people.bakery()
    team = analyst(bakery)
    who = crowd(bakery.page.id, 60, following=40)
    relations.follow_in_bulk(pairs=[(each, bakery.page.id) for each in who[40:]], at=later(days=10))

    def rate(days: int) -> Figure:
        return growth.growth(team, window=windows.last_days(days, at=later(days=12), zone="UTC")).rate

    assert rate(7).value == pytest.approx(20 / 40)
    assert rate(1).value == 0
    assert rate(28).why is Why.NOTHING_YET


@pytest.mark.django_db
def test_what_is_measured_and_what_is_not() -> None:
    bakery, alice = people.bakery(), people.alice()
    page = bakery.page
    hers = actions.publish(by=alice.id, params=PostParams(text="Where is bread?"), at=MOMENT).post_id
    answer = actions.publish(by=page.id, params=PostParams(text="Here", reply_to_id=hers), at=MOMENT).post_id
    own = actions.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    further = actions.publish(by=page.id, params=PostParams(text="More", reply_to_id=own), at=MOMENT).post_id
    actions.boost(by=page.id, post_id=hers, at=MOMENT)
    measured = set(MeasuredPost.objects.values_list("post_id", flat=True))
    assert measured == {own, further}
    assert answer not in measured
