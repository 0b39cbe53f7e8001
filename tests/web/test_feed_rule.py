"""The public rule: what the page says is what the code counts with; every item says why; members choose."""

from __future__ import annotations

import html as html_of
import re
from datetime import timedelta
from typing import Any

import pytest

from cast import MOMENT, Member, alice, bob, charlie, follows, friends, member
from majlis.core.clock import now
from majlis.core.ids import moment_of
from majlis.feeds import house_rule, recipes
from majlis.feeds.recipes import Signals, closeness
from majlis.people import queries as people
from majlis.posts import actions as posts

pytestmark = pytest.mark.django_db


def _text(response: Any) -> str:
    return html_of.unescape(response.content.decode())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_states_the_formula_with_the_numbers_of_the_code(browse: Any, language: str) -> None:
    """The formula is read off the page and worked out; it must give what the code gives."""
    page = _text(browse(language=language).get("/about/feed"))
    formula = re.search(r"<math[^>]*>(.*?)</math>", page, re.DOTALL)
    assert formula
    base, half_life, one, reactions, reactions_half, replies, replies_half = map(
        float, re.findall(r"<mn>([\d.]+)</mn>", formula[1])
    )
    mutual = float(re.search(r"<bdi>m</bdi>\D*([\d.]+)", page)[1])  # type: ignore[index]
    assert (base, one) == (2, 1)
    for known in (Signals(), Signals(True, 4, 1), Signals(False, 30, 12)):
        for hours in (0.0, 2.5, 23.0):
            told = base ** (-hours / half_life) * (
                one
                + mutual * known.mutual
                + reactions * known.reactions / (known.reactions + reactions_half)
                + replies * known.replies / (known.replies + replies_half)
            )
            at = now()
            counted = closeness(known, came_at=at - timedelta(hours=hours), as_of=at)
            assert counted.total == pytest.approx(told)


def test_the_other_numbers_on_it_are_the_codes_too(browse: Any, settings: Any) -> None:
    from msgspec.structs import replace

    page = _text(browse().get("/about/feed"))
    assert f"Of the last {recipes.WINDOW_HOURS} hours, at most {recipes.MOST} items" in page
    assert f"in the last {recipes.SIGNAL_DAYS} days" in page
    assert "Of 10 items in a row one is promoted at most, never one of the first 5" in page
    assert "The least is \u2066$0.001\u2069 an impression." in page
    settings.MAJLIS = replace(settings.MAJLIS, promoted_per_ten=0)
    assert "There are none in this house." in _text(browse().get("/about/feed"))


def test_members_choose_where_the_house_lets_them(browse: Any, publish: Any, operator: Member) -> None:
    her, friend, page = alice(), bob(), member("writer")
    friends(her, friend)
    follows(her, page)
    at = now()
    near = publish(friend, "from a friend", at=at)
    far = publish(page, "from a stranger", at=at)
    browser = browse(her)
    assert [item.id for item in browser.get("/home").context["items"]] == [str(far), str(near)]
    assert "Newest first" in _text(browser.get("/home"))
    assert browser.post("/home/order", {"recipe": "closeness"}).status_code == 303
    home = browser.get("/home")
    assert [item.id for item in home.context["items"]] == [str(near), str(far)]
    assert "By closeness" in _text(home)
    house_rule.set_rule(recipe="chronological", choice="house", by=operator.user_id, at=MOMENT)
    home = browser.get("/home")
    assert [item.id for item in home.context["items"]] == [str(far), str(near)]
    assert home.context["order"].others == []
    assert browser.post("/home/order", {"recipe": "closeness"}).status_code == 422


def test_apps_get_the_newest_first_whatever_she_chose(publish: Any, client: Any, operator: Member) -> None:
    from majlis.accounts import tokens

    her, friend, page = alice(), bob(), member("writer")
    friends(her, friend)
    follows(her, page)
    ids = [publish(friend, "one", at=now()), publish(page, "two", at=now())]
    house_rule.set_rule(recipe="closeness", choice="house", by=operator.user_id, at=MOMENT)
    token = tokens.issue_token(
        user_id=her.user_id, profile_id=her.id, application="a", scopes="read", at=now()
    )
    answer = client.get("/api/v1/timelines/home", headers={"authorization": f"Bearer {token}"})
    assert [int(status["id"]) for status in answer.json()] == ids[::-1]


def test_an_unknown_order_is_refused(browse: Any) -> None:
    her = alice()
    assert browse(her).post("/home/order", {"recipe": "paid"}).status_code == 422
    viewer = people.viewer_of(user_id=her.user_id, chosen=her.id)
    assert viewer is not None
    assert viewer.preferences.recipe == ""


def test_pages_of_the_ranked_feed_hang_together(browse: Any, publish: Any) -> None:
    her, friend = alice(), bob()
    friends(her, friend)
    for number in range(30):
        publish(friend, f"number {number}", at=now())
    browser = browse(her)
    browser.post("/home/order", {"recipe": "closeness"})
    first = browser.get("/home")
    second = browser.get(first.context["older_url"])
    met = [item.id for page in (first, second) for item in page.context["items"]]
    assert len(met) == len(set(met)) == 30
    assert not second.context["first_page"]
    for odd in ("?as_of=x&from=y", "?as_of=99999999999&from=20", "?as_of=1&from=20", "?from=5"):
        assert browser.get(f"/home{odd}").status_code == 200


def test_every_item_says_why_and_what_it_weighs(browse: Any, publish: Any) -> None:
    her, friend = alice(), bob()
    friends(her, friend)
    for number in range(5):
        posts.react(by=her.id, post_id=publish(friend, f"old {number}"), kind="like", at=now())
    post = publish(friend, "hello")
    browser = browse(her)
    (item,) = [item for item in browser.get("/home").context["items"] if item.id == str(post)]
    page = browser.get(item.why_url)
    assert page.status_code == 200
    assert "You follow" in _text(page)
    score = page.context["score"]
    assert (score.mutual, score.reactions, score.replies) == (1, 0.5, 0)
    assert score.hours == pytest.approx((now() - moment_of(post)).total_seconds() / 3600, abs=0.01)


def test_what_is_not_in_her_home_has_no_reason_to_be_there(browse: Any, publish: Any) -> None:
    her, friend = alice(), bob()
    friends(her, friend)
    secret = publish(friend, "for friends", audience="friends")
    public = publish(friend, "for all")
    browser = browse(charlie())
    nothing = browser.get("/home/why/5")
    for post in (secret, public):
        page = browser.get(f"/home/why/{post}")
        assert page.status_code == nothing.status_code == 404
        assert "for friends" not in _text(page)
    assert browse().get(f"/home/why/{public}").status_code == 302
