"""What is done to posts: as plain forms and by htmx, undone again, and never by a forged request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cast import MOMENT, alice, bob, follows
from majlis.core.clock import now
from majlis.posts import actions
from majlis.posts import queries as posts
from majlis.posts.composing import PollParams
from majlis.posts.models import Post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _marks(viewer: int, post: int) -> posts.Marks:
    return posts.marks(viewer=viewer, ids=[post])[post]


@pytest.mark.parametrize(
    ("act", "undo", "mark"),
    [
        ("react", "unreact", "reaction"),
        ("boost", "unboost", "boosted"),
        ("bookmark", "unbookmark", "bookmarked"),
        ("mute", "unmute", "muted"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_each_action_and_its_undoing(
    browse: Any, publish: Any, act: str, undo: str, mark: str, headers: dict[str, str]
) -> None:
    her, him = alice(), bob()
    post = publish(him)
    browser = browse(her)
    first = browser.post(f"/posts/{post}/{act}", {"kind": "love", "next": "/local"}, headers=headers)
    assert getattr(_marks(her.id, post), mark)
    second = browser.post(f"/posts/{post}/{undo}", {"next": "/local"}, headers=headers)
    assert not getattr(_marks(her.id, post), mark)
    for answer in (first, second):
        if headers:
            assert answer.status_code == 200
            assert f'id="post-{post}"' in answer.content.decode()
            assert "<html" not in answer.content.decode()
        else:
            assert (answer.status_code, answer["Location"]) == (303, f"/local#post-{post}")


def test_the_card_comes_back_as_it_stood(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    post = publish(her, "hers")
    boost = actions.boost(by=him.id, post_id=post, at=MOMENT)
    form = {"kind": "wow", "via": str(boost), "why": "boosted"}
    html = browse(her).post(f"/posts/{post}/react", form, headers=HTMX).content.decode()
    assert "boosted" in html
    assert "Boosted by" in html
    assert f'id="post-{post}"' in html


def test_via_another_post_brings_nothing_of_it(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post, other = publish(him, "this one"), publish(him, "another")
    html = browse(her).post(f"/posts/{post}/react", {"via": str(other)}, headers=HTMX).content.decode()
    assert "this one" in html
    assert "another" not in html


@pytest.mark.parametrize("kind", ["like", "love", "laugh", "wow", "sad", "angry"])
def test_six_reactions_one_at_a_time(browse: Any, publish: Any, kind: str) -> None:
    her = alice()
    post = publish(bob())
    browser = browse(her)
    browser.post(f"/posts/{post}/react", {"kind": "like"})
    browser.post(f"/posts/{post}/react", {"kind": kind})
    assert _marks(her.id, post).reaction == kind
    assert posts.hydrate([post])[post].favourites == 1


def test_a_reaction_that_there_is_not_is_refused_and_changes_nothing(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(bob())
    answer = browse(her).post(f"/posts/{post}/react", {"kind": "sneer"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    assert "no%20such%20reaction" in answer["X-Sentence"]
    assert not _marks(her.id, post).reaction


def test_pinning_puts_it_on_top_of_the_profile(browse: Any, publish: Any) -> None:
    her = alice()
    old = publish(her, "the old one")
    publish(her, "the new one")
    browser = browse(her)
    browser.post(f"/posts/{old}/pin")
    html = browser.get("/@alice").content.decode()
    assert html.index("the old one") < html.index("the new one")
    browser.post(f"/posts/{old}/unpin")
    assert not _marks(her.id, old).pinned


def test_voting(browse: Any, publish: Any) -> None:
    her = alice()
    question = PollParams(options=("tea", "coffee"), lasts=timedelta(days=1))
    post = publish(bob(), "tea?", poll=question, at=now())
    html = browse(her).post(f"/posts/{post}/vote", {"choices": "1"}, headers=HTMX).content.decode()
    assert "Your choice" in html
    poll = posts.hydrate([post])[post].poll
    assert poll is not None
    assert poll.votes == [0, 1]


def test_hidden_totals_are_nowhere_on_the_page_before_the_end(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    question = PollParams(options=("tea", "coffee"), lasts=timedelta(days=1), hide_totals=True)
    post = publish(him, "tea?", poll=question, at=now())
    browser = browse(her)
    browser.post(f"/posts/{post}/vote", {"choices": "1"})
    page = browser.get(f"/@bob/{post}")
    assert [option.votes for option in page.context["item"].post.poll.options] == [0, 0]
    assert "100%" not in page.content.decode()


def test_a_deleted_post_can_come_back(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(her, "oh no")
    browser = browse(her)
    gone = browser.post(f"/posts/{post}/delete", headers=HTMX)
    assert f"/posts/{post}/restore" in gone.content.decode()
    assert browse().get(f"/@alice/{post}").status_code == 404
    back = browser.post(f"/posts/{post}/restore", headers=HTMX)
    assert "oh no" in back.content.decode()
    assert browse().get(f"/@alice/{post}").status_code == 200


def test_deleting_without_a_script_leads_to_the_way_back(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(her)
    browser = browse(her)
    answer = browser.post(f"/posts/{post}/delete")
    assert answer["Location"] == f"/posts/{post}/deleted"
    assert f'action="/posts/{post}/restore"' in browser.get(answer["Location"]).content.decode()


def test_what_others_wrote_is_not_hers_to_change(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post = publish(him, "his words")
    browser = browse(her)
    answers = [browser.post(f"/posts/{post}/{act}", {"text": "hers"}) for act in ("delete", "pin", "unpin")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert browser.get(f"/posts/{post}/edit").status_code == 404
    assert browser.post(f"/posts/{post}/edit", {"text": "hers"}).status_code == 404
    assert Post.objects.get(id=post).text == "his words"
    assert Post.objects.get(id=post).deleted_at is None


def test_a_toast_in_arabic_travels_in_a_header(browse: Any, publish: Any) -> None:
    post = publish(bob())
    answer = browse(alice(), "ar").post(f"/posts/{post}/bookmark", headers=HTMX)
    assert answer["HX-Trigger"].isascii()
    told = json.loads(answer["HX-Trigger"])["toast"]
    assert told["undo"] == f"/posts/{post}/unbookmark"
    assert told["text"]


def test_a_guest_who_presses_a_button_is_led_to_the_door(browse: Any, publish: Any) -> None:
    post = publish(alice())
    browser = browse(csrf=True, referer=f"http://testserver/@alice/{post}")
    answer = browser.post(f"/posts/{post}/react", {"kind": "love"})
    assert answer.status_code == 303
    assert answer["Location"] == f"/accounts/login/?next=%2F%40alice%2F{post}"
    assert posts.hydrate([post])[post].favourites == 0


FORMS = [
    "/posts/{}/react", "/posts/{}/delete", "/posts/{}/boost", "/compose", "/people/{}/follow", "/people/{}/block",
    "/home/read", "/lists/new", "/circles/new", "/settings/profile", "/settings/preferences", "/settings/profiles/switch",
    "/settings/account/delete", "/preferences/theme", "/preferences/language", "/tags/x/follow",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_friendica_e16b6ee_no_form_is_taken_without_its_token(browse: Any, publish: Any, form: str) -> None:
    """FRIENDICA-e16b6ee, MBIN-logout: every form posted without a token, and with that of somebody else."""
    her, him = alice(), bob()
    post = publish(her)
    browser = browse(her, csrf=True)
    other = browse(him, csrf=True)
    other.get("/home")
    address = form.format(post if form.startswith("/posts") else him.id)
    before = list(Post.objects.values_list("id", "text", "deleted_at"))
    assert browser.post(address, {"text": "forged"}).status_code == 403
    stolen = {"text": "forged", "csrfmiddlewaretoken": other.cookies["csrftoken"].value}
    assert browser.post(address, stolen).status_code == 403
    assert browser.get(address).status_code in (200, 404, 405)
    assert list(Post.objects.values_list("id", "text", "deleted_at")) == before


def test_nobody_is_sent_elsewhere_by_a_form(browse: Any, publish: Any) -> None:
    post = publish(bob())
    browser = browse(alice())
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = browser.post(f"/posts/{post}/bookmark", {"next": target})
        assert answer["Location"].startswith(("/home#", "/home"))
