"""An export taken in again: by another account, in another house, and by the account it came from."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from tests import cast

from majlis.core import addresses, sql
from majlis.core.errors import NotThere
from majlis.core.paging import Page
from majlis.feeds import conversations
from majlis.media import actions as media
from majlis.media import queries as photos
from majlis.media.hiding import store
from majlis.media.store import url_for
from majlis.networks import exporting, importing
from majlis.networks.importing import Outcome, Request
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.people import queries as people_queries
from majlis.posts import access
from majlis.posts import actions as posts
from majlis.posts.composing import PollParams, PostParams
from majlis.posts.queries import PostView, hydrate
from majlis.posts.visibility import visible_among

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ARTICLE = "Some **bold** words\n\n- one\n- two\n\nand #خبز for `code`."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path / "data")


def say(who: cast.Member, text: str, *, minutes: int = 0, **more: Any) -> int:
    at = cast.later(minutes=minutes)
    return posts.publish(by=who.id, params=PostParams(text=text, **more), at=at).post_id


def photo(who: cast.Member, colour: str, alt: str = "") -> int:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return media.upload(owner=who.id, data=out.getvalue(), alt=alt, at=AT)


def give(who: cast.Member, folder: Path) -> Path:
    path = folder / f"{who.handle}.zip"
    exporting.give(profile_id=who.id, path=path, at=AT)
    return path


def bring(who: cast.Member, path: Path, **more: Any) -> Outcome:
    return importing.take(Request(profile_id=who.id, path=path, at=AT, **more))


def posts_of(profile_id: int) -> list[PostView]:
    ids = sql.column(
        "SELECT id FROM posts_post WHERE author_id = %(by)s AND deleted_at IS NULL ORDER BY made_at, id",
        by=profile_id,
    )
    views = hydrate(ids)
    return [views[id_] for id_ in ids]


def family(owner: cast.Member, *members: cast.Member, name: str = "Family") -> int:
    circle = people.create_circle(by=owner.id, name=name, at=AT)
    own = people_access.own_circle(circle_id=circle, by=owner.id)
    for member in members:
        people.add_to_circle(by=owner.id, circle=own, member=member.seen, at=AT)
    return circle


def everything(alice: cast.Member, bob: cast.Member) -> None:
    """One of each kind of post, two minutes apart, and her people."""
    circle = family(alice, bob)
    say(alice, "one  space and\n\n@bob a mention #خبز", photo_ids=(photo(alice, "olive", "زيتون"),))
    say(alice, ARTICLE, minutes=2, title="On bread", cover_id=photo(alice, "navy", "a cover"))
    say(alice, "quiet", minutes=4, audience="unlisted", may_reply="nobody", may_quote="followers")
    say(alice, "followers", minutes=6, audience="followers", warning="food")
    say(alice, "friends", minutes=8, audience="friends")
    say(alice, "family", minutes=10, audience="circle", circle_id=circle)
    say(alice, "to herself", minutes=12, audience="mentioned")
    poll = PollParams(options=("bread", "رز"), lasts=timedelta(days=1), multiple=True)
    say(alice, "Which?", minutes=14, poll=poll)
    cast.friends(alice, bob)


KEPT = ("kind", "title", "text", "warning", "sensitive", "language", "audience", "may_reply", "may_quote")


def test_everything_comes_back_in_another_account(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    everything(alice, bob)
    outcome = bring(fresh, give(alice, tmp_path))
    assert outcome.report.not_taken_total == 0, outcome.report.not_taken
    before, after = posts_of(alice.id), posts_of(fresh.id)
    for name in (*KEPT, "made_at"):
        assert [getattr(post, name) for post in after] == [getattr(post, name) for post in before], name
    assert after[1].html == before[1].html
    assert "<strong>bold</strong>" in after[1].html
    assert after[1].cover is not None
    assert after[1].cover.alt == "a cover"
    assert after[1].photos == []
    assert [each.alt for each in after[0].photos] == ["زيتون"]
    assert after[7].poll is not None
    assert (after[7].poll.options, after[7].poll.multiple) == (["bread", "رز"], True)
    assert [each.name for each in people_queries.circles(owner_id=fresh.id)] == ["Family"]
    relations = people_queries.relationships(viewer_id=fresh.id, ids=[bob.id], at=AT)
    assert relations[bob.id].following


def test_own_posts_are_quoted_again_and_others_by_their_address(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    first = say(alice, "first")
    say(alice, "see", minutes=2, quote_of_id=first)
    others = say(bob, "nine figs")
    say(alice, "", minutes=4, quote_of_id=others)
    path = give(alice, tmp_path)
    bring(fresh, path)
    after = posts_of(fresh.id)
    assert [post.quote_of_id for post in after] == [None, after[0].id, None]
    assert after[1].quote_state == "accepted"
    assert (after[0].quotes, posts_of(alice.id)[0].quotes) == (1, 1)
    # of what somebody else wrote, no word and no link that she did not type: its address
    assert after[2].text.endswith(f"/posts/{others}")
    assert bring(fresh, path).posts == 0


def test_charlie_sees_of_it_what_charlie_saw(tmp_path: Path) -> None:
    alice, bob, charlie, fresh = cast.alice(), cast.bob(), cast.charlie(), cast.member("alice_again")
    everything(alice, bob)
    bring(fresh, give(alice, tmp_path))

    def seen(who: cast.Member, author: cast.Member) -> list[str]:
        found = posts_of(author.id)
        allowed = visible_among(ids=[post.id for post in found], viewer=who.id)
        return [post.text for post in found if post.id in allowed]

    assert seen(charlie, fresh) == seen(charlie, alice)
    # Bob is in the circle there, too; what was for followers and friends waits until he follows again
    assert [text for text in seen(bob, fresh) if text not in seen(charlie, fresh)] == ["family"]


def test_in_another_house_a_circle_is_there_and_nobody_in_it(tmp_path: Path, settings: Any) -> None:
    alice, bob = cast.alice(), cast.bob()
    everything(alice, bob)
    path = give(alice, tmp_path)
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, base_url="https://second.example")
    fresh = cast.member("alice_there")
    outcome = bring(fresh, path)
    assert outcome.posts == 8
    assert [post.audience for post in posts_of(fresh.id)] == [post.audience for post in posts_of(alice.id)]
    (circle,) = people_queries.circles(owner_id=fresh.id)
    assert (circle.name, circle.members) == ("Family", 0)
    assert set(outcome.report.not_taken) == {"contact_not_here"}
    # people of the first house who have the names of some of the second are not followed
    assert not people_queries.relationships(viewer_id=fresh.id, ids=[bob.id], at=AT)[bob.id].following


def test_her_own_account_gets_nothing_twice(tmp_path: Path) -> None:
    alice, bob = cast.alice(), cast.bob()
    everything(alice, bob)
    before = posts_of(alice.id)
    gone = before[2].id
    path = give(alice, tmp_path)
    posts.delete(by=alice.id, post_id=gone, at=AT)
    outcome = bring(alice, path)
    assert outcome.posts == 1  # the one that was deleted since
    assert outcome.report.not_taken["here_already"].count == 7
    assert [post.text for post in posts_of(alice.id)] == [post.text for post in before]
    assert bring(alice, path).posts == 0
    assert [each.name for each in people_queries.circles(owner_id=alice.id)] == ["Family"]


def test_a_circle_of_that_name_lets_nobody_new_in(tmp_path: Path) -> None:
    alice, bob, charlie, fresh = cast.alice(), cast.bob(), cast.charlie(), cast.member("alice_again")
    everything(alice, bob)
    mine = family(fresh, charlie)
    secret = say(fresh, "for my family here", audience="circle", circle_id=mine)
    bring(fresh, give(alice, tmp_path))
    with pytest.raises(NotThere):
        access.see(post_id=secret, viewer=bob.id)


@pytest.mark.parametrize(
    ("chosen", "audience"), [("unlisted", "circle"), ("followers", "mentioned"), ("friends", "mentioned")]
)
def test_a_circle_is_never_wider_than_chosen(tmp_path: Path, chosen: str, audience: str) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    say(alice, "family", audience="circle", circle_id=family(alice, bob))
    bring(fresh, give(alice, tmp_path), audience=chosen)
    assert [post.audience for post in posts_of(fresh.id)] == [audience]


def test_a_mute_keeps_what_it_said_of_notifications(tmp_path: Path) -> None:
    alice, bob, dana, fresh = cast.alice(), cast.bob(), cast.dana(), cast.member("alice_again")
    people.mute(by=alice.id, whom=bob.seen, notifications=False, at=AT)
    people.mute(by=alice.id, whom=dana.seen, at=AT)
    bring(fresh, give(alice, tmp_path))
    relations = people_queries.relationships(viewer_id=fresh.id, ids=[bob.id, dana.id], at=AT)
    assert [relations[each.id].muting for each in (bob, dana)] == [True, True]
    assert [relations[each.id].muting_notifications for each in (bob, dana)] == [False, True]


# direct posts


def direct(alice: cast.Member) -> int:
    return say(alice, "@bob a word of eleven figs", audience="mentioned", may_reply="mentioned")


def readers(post: PostView, *who: cast.Member) -> list[str]:
    return [each.handle for each in who if visible_among(ids=[post.id], viewer=each.id)]


def test_a_direct_post_keeps_whom_it_was_sent_to(tmp_path: Path) -> None:
    alice, bob, charlie, fresh = cast.alice(), cast.bob(), cast.charlie(), cast.member("alice_again")
    direct(alice)
    path = give(alice, tmp_path)
    outcome = bring(fresh, path)
    assert outcome.report.notes == {}
    (before,), (after,) = posts_of(alice.id), posts_of(fresh.id)
    assert (after.mentions, after.html, after.audience) == (before.mentions, before.html, "mentioned")
    assert "/@bob" in after.html
    assert readers(after, bob, charlie, alice, fresh) == ["bob", "alice_again"]
    assert bring(fresh, path).posts == 0
    # and from there on to a third account
    third = cast.member("alice_once_more")
    bring(third, give(fresh, tmp_path))
    assert [each.handle for each in posts_of(third.id)[0].mentions] == ["bob"]


def test_a_direct_post_that_came_back_tells_nobody_anything_new(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    direct(alice)
    to_do = "SELECT count(*) FROM jobs_job WHERE name LIKE 'notifications.%%'"
    before = sql.one(to_do)
    bring(fresh, give(alice, tmp_path))
    assert sql.one(to_do) == before
    found = conversations.conversations(viewer=bob.id, page=Page(limit=10), at=AT).found.items
    assert {(one.with_ids, one.unread) for one in found} == {((alice.id,), True), ((fresh.id,), False)}


def test_in_another_house_a_direct_post_is_for_nobody_of_the_same_name(tmp_path: Path, settings: Any) -> None:
    alice, bob, charlie = cast.alice(), cast.bob(), cast.charlie()
    direct(alice)
    path = give(alice, tmp_path)
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, base_url="https://second.example")
    fresh = cast.member("alice_there")
    outcome = bring(fresh, path)
    (post,) = posts_of(fresh.id)
    assert (post.audience, post.mentions) == ("mentioned", [])
    assert readers(post, bob, charlie, fresh) == ["alice_there"]
    assert outcome.report.notes["recipients_not_here"].count == 1


@pytest.mark.parametrize("chosen", ["followers", "friends", "mentioned"])
def test_chosen_narrow_a_direct_post_is_for_her_alone(tmp_path: Path, chosen: str) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    direct(alice)
    bring(fresh, give(alice, tmp_path), audience=chosen)
    (post,) = posts_of(fresh.id)
    assert readers(post, bob, fresh) == ["alice_again"]


def test_who_blocks_her_new_account_hears_nothing_from_it(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    direct(alice)
    people.block(by=bob.id, whom=fresh.seen, at=AT)
    outcome = bring(fresh, give(alice, tmp_path))
    (post,) = posts_of(fresh.id)
    assert post.mentions == []
    assert outcome.report.notes["recipients_not_here"].count == 1


# pictures inside articles


def address(photo_id: int, owner: cast.Member, size: str = "large") -> str:
    found = photos.photos(photo_ids=[photo_id], owner=owner.id)[photo_id]
    return addresses.absolute(url_for(found.key, found.variants[size].file))


def pictures_of(post: PostView) -> list[str]:
    return re.findall(r'<img[^>]* src="([^"]+)"', post.html)


def stands_there(url: str) -> bool:
    path = url.removeprefix(addresses.media_url(""))
    return path != url and store().locate(address=path).size > 0


def forget_unposted() -> None:
    media.sweep(before=AT + timedelta(days=400))


@pytest.mark.parametrize("house", ["", "https://second.example"])
def test_an_article_keeps_its_pictures(tmp_path: Path, settings: Any, house: str) -> None:
    alice = cast.alice()
    attached, elsewhere = photo(alice, "olive", "an olive"), photo(alice, "navy")
    say(alice, "a photo first", minutes=1, photo_ids=(elsewhere,))
    urls = [address(attached, alice), address(elsewhere, alice, "original"), address(elsewhere, alice)]
    text = "One ![one]({}) and\n\n![two]({}) and [a link]({}).".format(*urls)
    say(alice, text, minutes=2, title="On pictures", photo_ids=(attached,))
    say(alice, f"![again]({urls[0]})", minutes=3, title="Once more")
    path = give(alice, tmp_path)
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, base_url=house or settings.MAJLIS.base_url)
    fresh = cast.member("alice_again")
    outcome = bring(fresh, path)
    forget_unposted()
    assert outcome.report.not_taken_total == 0, outcome.report.not_taken
    first, article, again = posts_of(fresh.id)
    assert [len(post.photos) for post in (first, article, again)] == [1, 1, 0]
    assert article.photos[0].alt == "an olive"
    keys = [first.photos[0].key, article.photos[0].key]
    assert [keys[1] in pictures_of(article)[0], keys[0] in pictures_of(article)[1]] == [True, True]
    assert "/original." in pictures_of(article)[1]
    assert article.text.count(keys[0]) == 2
    assert pictures_of(again) == pictures_of(article)[:1]
    assert all(stands_there(url) for url in pictures_of(article))
    assert not any(url in article.text for url in urls)
    assert bring(fresh, path).posts == 0


def test_a_picture_that_no_other_post_carries_hangs_on_its_article(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    other = photo(alice, "navy", "a sea")
    say(alice, "a photo first", photo_ids=(other,))
    say(alice, f"![sea]({address(other, alice)})", minutes=2, title="On the sea")
    path = give(alice, tmp_path)
    keep_articles_alone(path)
    bring(fresh, path)
    forget_unposted()
    (article,) = posts_of(fresh.id)
    assert [each.alt for each in article.photos] == ["a sea"]
    assert stands_there(pictures_of(article)[0])


def keep_articles_alone(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    outbox = json.loads(parts["outbox.json"])
    outbox["orderedItems"] = [each for each in outbox["orderedItems"] if each["object"]["type"] == "Article"]
    parts["outbox.json"] = json.dumps(outbox).encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)


def test_a_picture_of_somebody_else_is_not_hers_to_take(tmp_path: Path) -> None:
    alice, charlie, fresh = cast.alice(), cast.charlie(), cast.member("alice_again")
    his = photo(charlie, "navy", "charlie's own sea")
    say(charlie, "for friends alone", photo_ids=(his,), audience="friends")
    url = address(his, charlie)
    say(alice, f"![sea]({url})", minutes=2, title="On the sea")
    path = give(alice, tmp_path)
    with zipfile.ZipFile(path) as packed:
        assert not [name for name in packed.namelist() if name.startswith("media_attachments")]
        assert b"charlie's own sea" not in packed.read("outbox.json")
    bring(fresh, path)
    assert posts_of(fresh.id)[0].text == f"![sea]({url})"
    assert photos.photos_by_key(keys=[url.split("/")[-2]], owner=fresh.id) == {}


def test_more_pictures_than_a_post_takes_photos_all_stay(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    shown = [photo(alice, colour) for colour in ("olive", "navy", "teal") for _number in range(6)]
    for start in (0, 9):
        say(alice, "photos", minutes=start, photo_ids=tuple(shown[start : start + 9]))
    text = " ".join(f"![one]({address(each, alice)})" for each in shown)
    say(alice, text, minutes=20, title="On pictures")
    path = give(alice, tmp_path)
    keep_articles_alone(path)
    bring(fresh, path)
    forget_unposted()
    (article,) = posts_of(fresh.id)
    assert len(article.photos) == 16
    assert len(set(pictures_of(article))) == 18
    assert all(stands_there(url) for url in pictures_of(article))
    # files are swept with their rows: the rows are there
    keys = [url.split("/")[-2] for url in pictures_of(article)]
    assert len(photos.photos_by_key(keys=keys, owner=fresh.id)) == 18
