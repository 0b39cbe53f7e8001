"""Home: what it shows and why, the composer with and without a script, the line, what was left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from cast import MOMENT, alice, bob, charlie, follows, friends
from majlis.people import actions as people
from majlis.posts.models import Post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(("language", "why"), [("en", "You follow"), ("ar", "تتابع")])
def test_home_shows_what_those_she_follows_wrote_and_says_why(
    browse: Any, publish: Any, language: str, why: str
) -> None:
    her, him, stranger = alice(), bob(), charlie()
    follows(her, him)
    publish(him, "صباح الخير يا أهل الحيّ")
    publish(stranger, "nobody asked for this")
    page = browse(her, language).get("/home")
    html = page.content.decode()
    assert page.status_code == 200
    assert f'lang="{language}"' in html
    assert "صباح الخير" in html
    assert why in html
    assert "nobody asked for this" not in html


def test_a_guest_goes_through_the_door_and_comes_back(browse: Any) -> None:
    page = browse().get("/home?max_id=5")
    assert page.status_code == 302
    assert page["Location"] == "/accounts/login/?next=%2Fhome%3Fmax_id%3D5"


def test_the_composer_works_without_a_script_and_one_key_makes_one_post(browse: Any) -> None:
    her = alice()
    form = {"text": "First light", "audience": "public", "idempotency_key": "k1", "do": "post"}
    answers = [browse(her).post("/compose", form) for _again in range(2)]
    post = Post.objects.get(author_id=her.id)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer["Location"] for answer in answers} == {f"/@alice/{post.id}"}
    assert (post.text, post.audience) == ("First light", "public")


def test_with_a_script_the_card_comes_to_the_top_and_the_composer_is_empty_again(browse: Any) -> None:
    her = alice()
    form = {"text": "Second light", "audience": "public", "idempotency_key": "k2", "do": "post"}
    page = browse(her).post("/compose", form, headers={**HTMX, "HX-Target": "feed"})
    html = page.content.decode()
    assert page.status_code == 200
    assert html.index("Second light") < html.index('id="composer-box"')
    assert 'value="k2"' not in html


def test_what_cannot_be_taken_is_said_and_kept_and_changes_nothing(browse: Any) -> None:
    her = alice()
    form = {
        "text": "x" * 501,
        "audience": "followers",
        "content_warning": "long",
        "poll_options": ["tea", ""],
        "idempotency_key": "k3",
        "do": "post",
    }
    page = browse(her).post("/compose", form)
    html = page.content.decode()
    assert page.status_code == 422
    assert "characters too long" in html
    assert "x" * 501 in html
    assert 'value="k3"' in html
    assert 'value="tea"' in html
    assert 'value="long"' in html
    assert not Post.objects.exists()


def test_a_refusal_in_arabic_is_in_arabic(browse: Any) -> None:
    page = browse(alice(), "ar").post("/compose", {"text": "", "audience": "public", "do": "post"})
    assert page.status_code == 422
    assert "There is nothing in this post" not in page.content.decode()


def test_with_a_script_a_refusal_goes_into_the_composer(browse: Any) -> None:
    page = browse(alice()).post("/compose", {"text": "", "do": "post"}, headers=HTMX)
    assert (page.status_code, page["HX-Retarget"]) == (422, "#composer-box")


def test_the_composer_says_how_many_will_see_it(browse: Any) -> None:
    her, him = alice(), bob()
    friends(her, him)
    circle = people.create_circle(by=her.id, name="Family", at=MOMENT)
    html = browse(her).get("/home").content.decode()
    assert "1 member here" in html
    assert "1 follower will be able to see it." in html
    assert "1 friend will be able to see it" in html
    assert f'value="circle:{circle}"' in html
    assert "Nobody is in this circle yet" in html


def test_posts_for_a_circle_reach_those_in_it_alone(browse: Any) -> None:
    from majlis.people import access

    her, him, stranger = alice(), bob(), charlie()
    friends(her, him)
    follows(stranger, her)
    circle = people.create_circle(by=her.id, name="Family", at=MOMENT)
    own = access.own_circle(circle_id=circle, by=her.id)
    people.add_to_circle(circle=own, by=her.id, member=him.seen, at=MOMENT)
    browse(her).post("/compose", {"text": "only for some", "audience": f"circle:{circle}", "do": "post"})
    seen_by_him = browse(him).get("/home").content.decode()
    assert "only for some" in seen_by_him
    assert "Family" not in seen_by_him, "the name of a circle is its owner's"
    assert "only for some" not in browse(stranger).get("/home").content.decode()


def test_what_she_chose_not_to_read_is_counted_and_what_is_not_hers_is_not(browse: Any, publish: Any) -> None:
    her, him, stranger = alice(), bob(), charlie()
    follows(her, him, stranger)
    publish(him, "hello")
    publish(stranger, "muted words")
    publish(him, "for a circle of his, not for her", audience="mentioned")
    people.mute(by=her.id, whom=stranger.seen, at=MOMENT)
    html = browse(her).get("/home").content.decode()
    assert "1 post was left out here" in html
    assert "1 by people you muted" in html
    assert "2 posts were left out" not in html


def test_the_line_stands_between_new_and_seen(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    old = publish(him, "read already")
    browser = browse(her)
    assert browser.post("/home/read", {"last": str(old)}).status_code == 204
    publish(him, "new to her")
    html = browser.get("/home").content.decode()
    assert html.index("new to her") < html.index("You are caught up") < html.index("read already")


def test_a_marker_cannot_lie_in_the_future(browse: Any) -> None:
    from majlis.feeds import markers

    her = alice()
    browse(her).post("/home/read", {"last": str(2**62)})
    assert markers.markers(viewer=her.id, timelines=["home"]) == {}


def test_since_gives_only_what_came_after(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    first = publish(him, "before")
    second = publish(him, "after")
    html = browse(her).get(f"/home/since?min_id={first}", headers=HTMX).content.decode()
    assert "after" in html
    assert "before" not in html
    assert f'value="{second}"' in html
    assert "<html" not in html


def test_pages_walk_all_posts_in_both_directions(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    ids = [publish(him, f"number {n}") for n in range(45)]
    browser, address, met = browse(her), "/home", []
    while address:
        page = browser.get(address)
        met += [int(item.post.id) for item in page.context["items"]]
        address = page.context["older_url"]
    assert met == ids[::-1]
    back = browser.get(f"/home?min_id={ids[0]}")
    assert [int(item.post.id) for item in back.context["items"]] == ids[20:0:-1]


def test_a_cursor_that_is_no_number_is_refused_in_a_sentence(browse: Any) -> None:
    page = browse(alice()).get("/home?max_id=zero")
    assert page.status_code == 422
    assert "asked for with numbers" in page.content.decode()


# what home asks the database, by name, whatever the number of posts
QUERIES = {
    "the session and the login": 2,
    "the profile she acts as": 1,
    "what she reads: rules; hashtags and filters": 2,
    "the skeleton": 1,
    "posts": 1,
    "authors": 1,
    "her marks": 1,
    "how many see what she writes, her circles for that": 2,
    "the bell: how far she read, how many are new": 2,
    "the names of her circles": 1,
    "the line": 1,
    "suggestions": 1,
    "the rule of the house for its order": 1,
    "what may be promoted": 1,
    "what is withheld, what may be placed once more": 2,
}


def test_home_asks_the_same_of_the_database_for_twenty_posts_and_forty(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    friends(her, him)
    people.create_circle(by=her.id, name="Family", at=MOMENT)
    for n in range(45):
        publish(him, f"number {n}", at=MOMENT + timedelta(seconds=n))
    browser = browse(her)
    browser.get("/home")  # the hashtags of the day are remembered for a minute
    asked = [_queries(browser, f"/home?limit={limit}") for limit in (20, 40)]
    counts = [len(queries) for queries in asked]
    assert counts[0] == counts[1]
    assert counts[0] == sum(QUERIES.values()), asked


def _queries(browser: Any, address: str) -> list[str]:
    from django.db import connection

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return [query["sql"][:60] for query in asked]


def test_since_leaves_out_what_the_composer_put_on_the_page(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    first = publish(him, "before")
    publish(her, "just written here")
    publish(him, "came meanwhile")
    html = browse(her).get(f"/home/since?min_id={first}", headers=HTMX).content.decode()
    assert "came meanwhile" in html
    assert "just written here" not in html
