"""Two versions of a post: each for one half, until the end; then the better one for the other half too."""

from __future__ import annotations

import pytest

import plans
import trying
from cast import MOMENT, Bakery, later
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.paging import Page
from majlis.feeds.home import home_page
from majlis.feeds.lists import ProfileQuery, profile_page
from majlis.insights.kinds import Kind
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.models import Post
from majlis.studio import actions as plan
from majlis.studio.experiments import actions, again, results
from majlis.studio.models import Experiment
from plans import team_of

pytestmark = pytest.mark.django_db
END = later(days=2)


@pytest.fixture
def fans(bakery: Bakery) -> list[int]:
    return trying.followers(bakery, 40)


def _entry(bakery: Bakery, text: str, **more: object) -> int:
    return plan.make(team=team_of(bakery), draft=plan.Draft(content=plans.content(text, **more)), at=MOMENT)


@pytest.fixture
def tried(bakery: Bakery, fans: list[int]) -> tuple[int, int, int]:
    """A test that runs: its id, and the posts A and B."""
    a, b = _entry(bakery, "Bread from six"), _entry(bakery, "Warm bread, warm hands")
    made = actions.start_versions(team_of(bakery), entry_a=a, entry_b=b, name="Words", ends_at=END, at=MOMENT)
    plan.publish_now(team=team_of(bakery), entry_id=a, at=MOMENT)
    found = results.experiment(team_of(bakery), made)
    assert found.post_a
    assert found.post_b
    return made, found.post_a, found.post_b


def _halves(fans: list[int], a: int, b: int, **after: float) -> tuple[list[int], list[int]]:
    at = later(**after)
    homes = {who: home_page(viewer=who, page=Page(), at=at).ids for who in fans}
    return [who for who in fans if a in homes[who]], [who for who in fans if b in homes[who]]


def test_both_leave_together_and_each_follower_has_one(fans: list[int], tried: tuple[int, int, int]) -> None:
    _made, a, b = tried
    of_a, of_b = _halves(fans, a, b, hours=1)
    assert sorted(of_a + of_b) == sorted(fans)
    assert len(of_a) > 5
    assert len(of_b) > 5


def test_both_stand_on_the_profile(bakery: Bakery, fans: list[int], tried: tuple[int, int, int]) -> None:
    _made, a, b = tried
    shown = profile_page(
        query=ProfileQuery(author=bakery.page.id), viewer=fans[0], page=Page(), at=MOMENT
    ).ids
    assert {a, b} <= set(shown)


def test_at_its_date_the_better_one_goes_to_the_other_half(
    bakery: Bakery, fans: list[int], tried: tuple[int, int, int]
) -> None:
    made, a, b = tried
    of_a, of_b = _halves(fans, a, b, hours=1)
    for who in of_b:
        trying.views(who, b, page=bakery.page.id, at=later(hours=2), kind=Kind.REACTION)
    for number in range(25):
        posts.publish(
            by=bakery.page.id, params=PostParams(text=f"news {number}"), at=later(hours=3, minutes=number)
        )
    assert actions.end_due(at=END - (END - MOMENT) / 10) == 0
    assert actions.end_due(at=END) == 1
    assert actions.end_due(at=END) == 0
    found = results.experiment(team_of(bakery), made)
    compared = results.versions(team_of(bakery), made, at=later(days=3))
    assert compared is not None
    assert compared.arms["engaged"][1].converted == len(of_b)
    assert compared.information == 1
    assert found.chosen == (compared.comparisons["engaged"].better or "a")
    assert not found.stopped_early
    other_half = of_b if found.chosen == "a" else of_a
    at = later(days=2, hours=1)
    placed = again.placed(
        viewer=other_half[0], feed=home_page(viewer=other_half[0], page=Page(), at=at), at=at
    )
    assert placed is not None
    assert placed.post_id == (a if found.chosen == "a" else b)
    chosen_half = of_a if found.chosen == "a" else of_b
    loser = b if found.chosen == "a" else a
    feed = home_page(viewer=chosen_half[0], page=Page(limit=40), at=at)
    assert loser not in feed.ids
    assert again.placed(viewer=chosen_half[0], feed=feed, at=at) is None


def test_stopped_early_widens_what_is_said_and_calls_nothing_better(
    bakery: Bakery, fans: list[int], tried: tuple[int, int, int]
) -> None:
    made, a, b = tried
    _of_a, of_b = _halves(fans, a, b, hours=1)
    for who in of_b:
        trying.views(who, b, page=bakery.page.id, at=later(hours=2), kind=Kind.REACTION)
    actions.stop(team_of(bakery), experiment_id=made, chosen="b", at=later(hours=12))
    found = results.experiment(team_of(bakery), made)
    assert (found.stopped_early, found.chosen) == (True, "b")
    early = results.versions(team_of(bakery), made, at=later(days=9))
    assert early is not None
    assert early.information == pytest.approx(0.25)
    assert early.comparisons["engaged"].better is None
    whole = results.compared(*early.arms["engaged"])
    mine = early.comparisons["engaged"].interval
    assert mine[1] - mine[0] >= whole.interval[1] - whole.interval[0]


def test_what_cannot_be_tested(bakery: Bakery, fans: list[int]) -> None:
    team = team_of(bakery)
    a, b, few = _entry(bakery, "one"), _entry(bakery, "two"), _entry(bakery, "three", audience="friends")
    for pair, error in (((a, a), BadInput), ((a, few), BadInput), ((a, 1), NotThere)):
        with pytest.raises(error):
            actions.start_versions(team, entry_a=pair[0], entry_b=pair[1], ends_at=END, at=MOMENT)
    for end in (MOMENT, later(days=31)):
        with pytest.raises(BadInput):
            actions.start_versions(team, entry_a=a, entry_b=b, ends_at=end, at=MOMENT)
    plan.schedule(team=team, entry_id=b, due=later(hours=2), at=MOMENT)
    with pytest.raises(Conflict):
        actions.start_versions(team, entry_a=a, entry_b=b, ends_at=END, at=MOMENT)
    actions.start_versions(team, entry_a=b, entry_b=a, ends_at=END, at=MOMENT)
    with pytest.raises(Conflict):
        actions.start_versions(team, entry_a=a, entry_b=b, ends_at=END, at=MOMENT)
    plan.publish_due(at=later(hours=2))
    assert Post.objects.filter(author_id=bakery.page.id).count() == 2


def test_a_version_is_not_in_the_holdout_besides(bakery: Bakery, fans: list[int]) -> None:
    actions.start_holdout(team_of(bakery), share=0.1, at=MOMENT)
    a, b = _entry(bakery, "one"), _entry(bakery, "two")
    made = actions.start_versions(team_of(bakery), entry_a=a, entry_b=b, ends_at=END, at=MOMENT)
    plan.publish_now(team=team_of(bakery), entry_id=b, at=MOMENT)
    assert results.experiment(team_of(bakery), made).posts == 2
    assert Experiment.objects.get(kind="holdout").ended_at is None
