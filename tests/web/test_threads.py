"""The page of a post, and that nothing of a post that is not his is on any surface for Charlie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from cast import MOMENT, Member, alice, bob, charlie, follows, friends
from majlis.people import access
from majlis.people import actions as people
from majlis.posts import actions
from majlis.posts.composing import PostParams
from majlis.posts.models import Bookmark, Post, Reaction

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r"[A-Za-z0-9]{64}")


def _body(page: Any) -> str:
    """The page without what differs each time: the token of forms, the address that was asked for."""
    text = _TOKEN.sub("token", page.content.decode())
    return re.sub(r'name="next" value="[^"]*"', "", text)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_thread_shows_what_it_answers_and_its_answers_in_order(
    browse: Any, publish: Any, language: str
) -> None:
    her, him = alice(), bob()
    first = publish(her, "the first word")
    second = publish(him, "@alice the second word", reply_to_id=first)
    publish(her, "@bob the third word", reply_to_id=second)
    page = browse(her, language).get(f"/@bob/{second}")
    html = page.content.decode().partition("<main")[2]
    assert html.index("the first word") < html.index("the second word") < html.index("the third word")


def test_every_other_address_of_a_post_leads_to_its_own(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post = publish(her)
    boost = actions.boost(by=him.id, post_id=post, at=MOMENT)
    browser = browse()
    assert browser.get(f"/posts/{post}")["Location"] == f"/@alice/{post}"
    assert browser.get(f"/@bob/{post}")["Location"] == f"/@alice/{post}"
    assert browser.get(f"/@bob/{boost}")["Location"] == f"/@alice/{post}"
    assert browser.get(f"/posts/{post}/history")["Location"] == f"/@alice/{post}/history"
    assert browser.get(f"/users/{her.id}")["Location"] == "/@alice"


def test_history_shows_what_was_said_before(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(her, "a tpyo")
    actions.edit(by=her.id, post_id=post, params=PostParams(text="a typo"), at=MOMENT)
    html = browse().get(f"/@alice/{post}/history").content.decode()
    assert html.index("a typo") < html.index("a tpyo")


def test_who_boosted_reacted_and_quoted_is_told(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post = publish(her, "quote me")
    actions.boost(by=him.id, post_id=post, at=MOMENT)
    actions.react(by=him.id, post_id=post, kind="laugh", at=MOMENT)
    publish(him, "as she says", quote_of_id=post)
    browser = browse()
    assert "بوب الحلبي" in browser.get(f"/@alice/{post}/boosts").content.decode()
    assert "Laugh" in browser.get(f"/@alice/{post}/reactions").content.decode()
    assert "as she says" in browser.get(f"/@alice/{post}/quotes").content.decode()


# Charlie -------------------------------------------------------------------------------------------


@dataclass
class Secret:
    """A post of Alice's that is not for Charlie, and an id that nobody has."""

    kind: str
    her: Member
    post: int
    unknown: int


@pytest.fixture(params=["followers", "friends", "circle", "mentioned", "deleted", "blocked"])
def secret(request: Any, publish: Any) -> Secret:
    her, him = alice(), bob()
    friends(her, him)
    params: dict[str, Any] = {"audience": request.param, "text": "a word for few @bob #secretplan"}
    if request.param == "circle":
        params["circle_id"] = people.create_circle(by=her.id, name="Family", at=MOMENT)
        own = access.own_circle(circle_id=params["circle_id"], by=her.id)
        people.add_to_circle(circle=own, by=her.id, member=him.seen, at=MOMENT)
    if request.param in ("deleted", "blocked"):
        params["audience"] = "public"
    post = publish(her, **params)
    actions.react(by=him.id, post_id=post, kind="love", at=MOMENT)
    if request.param == "deleted":
        actions.delete(by=her.id, post_id=post, at=MOMENT)
    return Secret(request.param, her, post, 2**62)


@pytest.fixture
def stranger(secret: Secret) -> Member:
    him = charlie()
    if secret.kind == "blocked":
        people.block(by=secret.her.id, whom=him.seen, at=MOMENT)
    return him


PARTS = ["", "/history", "/boosts", "/reactions", "/quotes"]


def test_masto_12930_charlie_gets_for_a_post_not_his_what_he_gets_for_none(
    browse: Any, secret: Secret, stranger: Member
) -> None:
    browser = browse(stranger)
    for address in [start + part for part in PARTS for start in ("/@alice/{}", "/posts/{}")]:
        real, none = browser.get(address.format(secret.post)), browser.get(address.format(secret.unknown))
        assert real.status_code == none.status_code == 404, address
        assert _body(real) == _body(none), address


ACTS = [
    "react", "unreact", "boost", "unboost", "bookmark", "unbookmark", "pin", "unpin", "mute", "unmute", "vote",
    "delete", "restore", "edit",
]  # fmt: skip


def test_charlie_can_do_nothing_to_it_and_learns_nothing_by_trying(
    browse: Any, secret: Secret, stranger: Member
) -> None:
    browser = browse(stranger)
    before = _state()
    form = {"kind": "like", "choices": "0", "text": "mine now", "audience": "public"}
    for act in ACTS:
        real = browser.post(f"/posts/{secret.post}/{act}", form)
        none = browser.post(f"/posts/{secret.unknown}/{act}", form)
        assert real.status_code == none.status_code == 404, act
        assert _body(real) == _body(none), act
        assert _state() == before, act


def _state() -> list[Any]:
    return [
        sorted(Post.objects.values_list("id", "text", "deleted_at")),
        sorted(Reaction.objects.values_list("post_id", "profile_id", "kind")),
        sorted(Bookmark.objects.values_list("post_id", "profile_id")),
    ]


@pytest.mark.parametrize("address", ["/compose?reply_to={}", "/compose?quote={}"])
def test_charlie_can_neither_answer_nor_quote_it(
    browse: Any, secret: Secret, stranger: Member, address: str
) -> None:
    browser = browse(stranger)
    real, none = browser.get(address.format(secret.post)), browser.get(address.format(secret.unknown))
    assert (real.status_code, _body(real)) == (none.status_code, _body(none)) == (404, _body(none))


FOR_MACHINES = ["/@alice/feed.atom", "/tags/secretplan/feed.atom", "/sitemap-posts-1.xml"]
SURFACES = [
    "/@alice", "/@alice/with_replies", "/@alice/media", "/explore", "/local", "/tags/secretplan", "/home",
    "/bookmarks", "/favourites",
]  # fmt: skip


def test_misskey_202430_mbin_1208_it_is_on_no_surface_for_charlie_nor_for_a_guest(
    browse: Any, secret: Secret, stranger: Member
) -> None:
    if secret.kind not in ("blocked", "followers"):
        follows(stranger, secret.her)
    readers = {"Charlie": browse(stranger), "a guest": browse()}
    surfaces = [*SURFACES, *FOR_MACHINES]
    if secret.kind == "blocked":  # a public post: a guest may read it, and what machines read is a guest's
        del readers["a guest"]
        surfaces = SURFACES
    for address in surfaces:
        for reader, browser in readers.items():
            shown = browser.get(address).content.decode()
            assert "a word for few" not in shown, (address, reader)
            assert str(secret.post) not in shown, (address, reader)


def test_a_quote_of_it_shows_nothing_of_it(browse: Any, publish: Any) -> None:
    her, him, stranger = alice(), bob(), charlie()
    friends(her, him)
    quoted = publish(her, "said in public")
    quoting = publish(him, "look", quote_of_id=quoted)
    actions.edit(
        by=her.id, post_id=quoted, params=PostParams(text="said to few", audience="followers"), at=MOMENT
    )
    html = browse(stranger).get(f"/@bob/{quoting}").content.decode()
    assert "said to few" not in html
    assert "said in public" not in html
    assert "not available to you" in html


def test_hollo_246_an_answer_for_few_is_not_counted_for_others(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    friends(her, him)
    post = publish(her, "what do you think?")
    publish(him, "@alice for you alone", audience="mentioned", reply_to_id=post)
    page = browse(charlie()).get(f"/@alice/{post}")
    assert page.context["item"].post.counts.replies == 0
    assert "for you alone" not in page.content.decode()


def test_a_card_kept_for_one_reader_is_not_shown_to_another(browse: Any, publish: Any) -> None:
    """Cards are kept between readers by value: marks, menus and tokens are each reader's own."""
    her, him = alice(), bob()
    post = publish(her, "shared card")
    actions.react(by=him.id, post_id=post, kind="love", at=MOMENT)
    hers = browse(her).get(f"/@alice/{post}").content.decode()
    his = browse(him).get(f"/@alice/{post}").content.decode()
    guests = browse().get(f"/@alice/{post}").content.decode()
    assert f"/posts/{post}/delete" in hers
    assert f"/posts/{post}/delete" not in his
    assert 'aria-pressed="true"' in his
    assert 'aria-pressed="true"' not in hers
    assert f"/posts/{post}/mute" in his
    assert 'hx-post="/posts' in guests
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)) for html in (hers, his)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]


def test_the_page_of_a_thread_asks_the_same_of_the_database_for_any_number_of_answers(
    browse: Any, publish: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    her, him = alice(), bob()
    post = publish(her, "begin")
    browser, counts = browse(him), []
    browser.get("/explore")  # whether he has a studio is remembered for a minute
    for _round in range(2):
        for _answer in range(20):
            publish(him, "@alice answer", reply_to_id=post)
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/@alice/{post}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 24
