"""What a member keeps for herself comes back with her export: filters, notes about people, drafts."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from tests import cast

from majlis.core import addresses
from majlis.feeds import access as filters_access
from majlis.feeds import actions as filters
from majlis.feeds.actions import Word
from majlis.media import actions as media
from majlis.media import queries as photos
from majlis.media.store import url_for
from majlis.networks import exporting, importing
from majlis.networks.importing import Outcome, Request
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.people import queries as people_queries
from majlis.posts import access
from majlis.posts import actions as posts
from majlis.posts.composing import PollParams, PostParams
from majlis.posts.queries import DraftView, drafts, hydrate

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = "https://second.example"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path / "data")


def move_to(settings: Any, base_url: str) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, base_url=base_url)


def say(who: cast.Member, text: str, *, minutes: int = 0, **more: Any) -> int:
    at = cast.later(minutes=minutes)
    return posts.publish(by=who.id, params=PostParams(text=text, **more), at=at).post_id


def keep(who: cast.Member, text: str, *, minutes: int = 0, **more: Any) -> int:
    return posts.keep_draft(by=who.id, params=PostParams(text=text, **more), at=cast.later(minutes=minutes))


def photo(who: cast.Member, colour: str, alt: str = "") -> int:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return media.upload(owner=who.id, data=out.getvalue(), alt=alt, at=AT)


def give(who: cast.Member, folder: Path) -> Path:
    path = folder / f"{who.handle}.zip"
    path.unlink(missing_ok=True)
    exporting.give(profile_id=who.id, path=path, at=AT)
    return path


def bring(who: cast.Member, path: Path, **more: Any) -> Outcome:
    return importing.take(Request(profile_id=who.id, path=path, at=AT, **more))


def codes(outcome: Outcome) -> dict[str, int]:
    return {code: line.count for code, line in outcome.report.not_taken.items()}


# filters


def as_made(who: cast.Member) -> list[tuple[Any, ...]]:
    return [
        (each.title, each.contexts, each.action, each.expires_at,
         [(word.keyword, word.whole_word) for word in each.keywords])
        for each in filters_access.own_filters(by=who.id)
    ]  # fmt: skip


def two_filters(who: cast.Member) -> list[int]:
    return [
        filters.create_filter(
            by=who.id, title="Spoilers", contexts=["home", "public"], at=AT, action="hide",
            words=[Word("الحلقة", False), Word("the end", True)],
        ),
        filters.create_filter(
            by=who.id, title="Spoilers", contexts=["thread"], at=AT, action="blur", lifetime=timedelta(days=9)
        ),
    ]  # fmt: skip


def test_filters_come_back_once(tmp_path: Path) -> None:
    alice, charlie, fresh = cast.alice(), cast.charlie(), cast.member("alice_again")
    two_filters(alice)
    path = give(alice, tmp_path)
    outcome = bring(fresh, path)
    assert as_made(fresh) == as_made(alice)
    assert (codes(outcome), outcome.report.taken["filter"]) == ({}, 2)
    assert codes(bring(fresh, path)) == codes(bring(alice, path)) == {"filter_here": 2}
    assert as_made(fresh) == as_made(alice)
    assert len(as_made(alice)) == 2
    assert as_made(charlie) == []


def test_a_filter_that_was_changed_here_stays_as_it_is(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    two_filters(alice)
    path = give(alice, tmp_path)
    bring(fresh, path)
    one = filters_access.own_filters(by=fresh.id)[0]
    filters.change_filter(
        filter=one, by=fresh.id, at=AT, changes={"action": "warn"}, words=[Word(id=one.keywords[0].id, remove=True)]
    )  # fmt: skip
    before = as_made(fresh)
    assert codes(bring(fresh, path)) == {"filter_here": 2}
    assert as_made(fresh) == before


def test_a_filter_names_its_posts_again_as_far_as_she_may_see_them(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    cast.friends(alice, bob)
    named = [say(alice, "hers"), say(bob, "his"), say(bob, "for friends", audience="friends")]
    made = filters.create_filter(by=alice.id, title="These", contexts=["home"], at=AT)
    own = filters_access.own_filter(filter_id=made, by=alice.id)
    for post_id in named:
        seen = access.see(post_id=post_id, viewer=alice.id)
        filters.add_post(filter=own, by=alice.id, post=seen, at=AT)
    outcome = bring(fresh, give(alice, tmp_path))
    (filter_,) = filters_access.own_filters(by=fresh.id)
    found = hydrate([each.post_id for each in filter_.posts])
    assert [(found[each.post_id].text, found[each.post_id].author_id) for each in filter_.posts] == [
        ("hers", fresh.id),
        ("his", bob.id),
    ]
    assert codes(outcome)["post_not_here"] == 1


def test_a_filter_that_ended_or_cannot_be_is_left_out_and_said(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    filters.create_filter(
        by=alice.id, title="Old", contexts=["home"], at=AT - timedelta(days=9), lifetime=timedelta(days=1)
    )
    path = give(alice, tmp_path)
    assert codes(bring(fresh, path)) == {"filter_ended": 1}
    assert as_made(fresh) == []


# notes


def note_of(who: cast.Member, about: cast.Member) -> str:
    return people_queries.relationships(viewer_id=who.id, ids=[about.id], at=AT)[about.id].note


def test_notes_about_people_come_back_and_are_hers_alone(tmp_path: Path, settings: Any) -> None:
    alice, bob, charlie, fresh = cast.alice(), cast.bob(), cast.charlie(), cast.member("alice_again")
    people.write_note(by=alice.id, about=bob.seen, text="likes figs\nand olives")
    people.write_note(by=alice.id, about=charlie.seen, text="a stranger")
    path = give(alice, tmp_path)
    bring(fresh, path)
    assert [note_of(fresh, each) for each in (bob, charlie)] == ["likes figs\nand olives", "a stranger"]
    assert [note_of(each, fresh) + note_of(each, alice) for each in (bob, charlie)] == ["", ""]
    people.write_note(by=fresh.id, about=bob.seen, text="what she thinks now")
    assert codes(bring(fresh, path)) == {"note_here": 2}
    assert note_of(fresh, bob) == "what she thinks now"
    # in another house a name is somebody else
    move_to(settings, SECOND)
    there = cast.member("alice_there")
    assert codes(bring(there, path)) == {"contact_not_here": 2}
    assert note_of(there, bob) == ""


def test_of_whom_nobody_may_see_any_more_there_is_no_note(tmp_path: Path) -> None:
    alice, charlie, fresh = cast.alice(), cast.charlie(), cast.member("alice_again")
    people.write_note(by=alice.id, about=charlie.seen, text="a stranger")
    people.withdraw_profile(profile_id=charlie.id, at=AT)
    assert codes(bring(fresh, give(alice, tmp_path))) == {"contact_not_here": 1}


# drafts


def kept(who: cast.Member) -> list[DraftView]:
    return sorted(drafts(by=who.id), key=lambda draft: draft.made_at)


def plain(draft: DraftView) -> dict[str, Any]:
    """What of a draft holds no number of the house it is in."""
    names = (
        "text",
        "title",
        "warning",
        "sensitive",
        "language",
        "audience",
        "poll",
        "may_reply",
        "may_quote",
    )
    return {name: getattr(draft.params, name) for name in names} | {"made_at": draft.made_at}


def all_kinds(alice: cast.Member, bob: cast.Member) -> None:
    circle = people.create_circle(by=alice.id, name="Family", at=AT)
    own = people_access.own_circle(circle_id=circle, by=alice.id)
    people.add_to_circle(by=alice.id, circle=own, member=bob.seen, at=AT)
    keep(alice, " half a sentence, @bob\n", minutes=1, photo_ids=(photo(alice, "olive", "زيتون"),))
    keep(alice, "family", minutes=2, audience="circle", circle_id=circle, warning="food", sensitive=True)
    poll = PollParams(options=("bread", "رز"), lasts=timedelta(hours=6), multiple=True, hide_totals=True)
    keep(alice, "", minutes=3, poll=poll, audience="followers", may_reply="nobody", may_quote="friends")
    keep(alice, "an answer", minutes=4, reply_to_id=say(alice, "asked", minutes=1))
    keep(alice, "to bob", minutes=5, quote_of_id=say(bob, "said", minutes=1))
    posts.schedule(
        by=alice.id, params=PostParams(text="at noon"), due=cast.later(days=300), at=cast.later(minutes=6)
    )
    shown = photo(alice, "navy")
    found = photos.photos(photo_ids=[shown], owner=alice.id)[shown]
    url = addresses.absolute(url_for(found.key, found.variants["large"].file))
    keep(
        alice,
        f"![sea]({url})",
        minutes=7,
        title=" ",
        cover_id=photo(alice, "teal", "a cover"),
        photo_ids=(shown,),
    )


def sweep() -> None:
    media.sweep(before=AT + timedelta(days=400))


def test_drafts_come_back_whole_and_once(tmp_path: Path) -> None:
    alice, bob, charlie, fresh = cast.alice(), cast.bob(), cast.charlie(), cast.member("alice_again")
    all_kinds(alice, bob)
    path = give(alice, tmp_path)
    outcome = bring(fresh, path)
    sweep()
    before, after = kept(alice), kept(fresh)
    assert codes(outcome) == {}
    assert outcome.report.taken["draft"] == len(after) == 7
    waited = after.pop(5)
    assert (waited.params.text, waited.due_at) == ("at noon", None)
    assert outcome.report.notes["draft_unscheduled"].count == 1
    *plainly, article = zip(before, after, strict=True)
    assert [plain(one) for one, _other in plainly] == [plain(other) for _one, other in plainly]
    (asked,) = (post for post in hydrate([after[3].params.reply_to_id or 0]).values())
    assert (asked.text, asked.author_id) == ("asked", fresh.id)
    assert after[4].params.quote_of_id == before[4].params.quote_of_id
    (circle,) = people_queries.circles(owner_id=fresh.id)
    assert after[1].params.circle_id == circle.id
    mine = photos.photos(
        photo_ids=[*after[0].params.photo_ids, article[1].params.cover_id or 0], owner=fresh.id
    )
    assert [each.alt for each in mine.values()] == ["زيتون", "a cover"]
    (shown,) = photos.photos(photo_ids=article[1].params.photo_ids, owner=fresh.id).values()
    assert (article[1].params.title, shown.key in article[1].params.text) == (" ", True)
    assert codes(bring(fresh, path)) == {"imported_before": 1, "draft_here": 7}
    assert codes(bring(alice, path)) == {"here_already": 1, "draft_here": 7}
    assert (len(kept(fresh)), len(kept(alice))) == (7, 6)
    assert kept(charlie) == []


def test_a_draft_that_came_back_can_be_published_with_its_photos(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    keep(alice, "bread", photo_ids=(photo(alice, "olive", "olives"),))
    bring(fresh, give(alice, tmp_path))
    sweep()
    (draft,) = kept(fresh)
    posts.discard(by=fresh.id, draft_id=draft.id)
    post = posts.publish(by=fresh.id, params=draft.params, at=AT).post_id
    assert [each.alt for each in hydrate([post])[post].photos] == ["olives"]


def test_drafts_changed_since_and_drafts_that_look_alike(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    keep(alice, "the same", minutes=1)
    keep(alice, "the same", minutes=2)
    keep(alice, "another", minutes=3)
    path = give(alice, tmp_path)
    bring(fresh, path)
    assert [draft.params.text for draft in kept(fresh)] == ["the same", "the same", "another"]
    changed = kept(fresh)[2]
    posts.keep_draft(by=fresh.id, params=PostParams(text="quite another"), at=AT, draft_id=changed.id)
    posts.discard(by=fresh.id, draft_id=kept(fresh)[0].id)
    assert codes(bring(fresh, path)) == {"draft_here": 2}
    assert [draft.params.text for draft in kept(fresh)] == ["the same", "the same", "quite another"]


@pytest.mark.parametrize(
    ("chosen", "audiences"),
    [("unlisted", ["circle", "unlisted"]), ("friends", ["mentioned", "friends"]), ("mentioned", ["mentioned"] * 2)],
)  # fmt: skip
def test_a_draft_is_never_wider_than_chosen(tmp_path: Path, chosen: str, audiences: list[str]) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    circle = people.create_circle(by=alice.id, name="Family", at=AT)
    keep(alice, "family", minutes=1, audience="circle", circle_id=circle)
    keep(alice, "all", minutes=2)
    bring(fresh, give(alice, tmp_path), audience=chosen)
    assert [draft.params.audience for draft in kept(fresh)] == audiences


def test_a_draft_about_what_she_may_not_see_here_keeps_its_words_alone(tmp_path: Path) -> None:
    alice, bob, fresh = cast.alice(), cast.bob(), cast.member("alice_again")
    cast.friends(alice, bob)
    secret = say(bob, "seven olives for friends", audience="friends")
    keep(alice, "an answer", reply_to_id=secret)
    path = give(alice, tmp_path)
    outcome = bring(fresh, path)
    (draft,) = kept(fresh)
    assert (draft.params.text, draft.params.reply_to_id) == ("an answer", None)
    assert outcome.report.notes["draft_alone"].count == 1


def test_in_another_house_drafts_come_back_too(tmp_path: Path, settings: Any) -> None:
    alice, bob = cast.alice(), cast.bob()
    all_kinds(alice, bob)
    path = give(alice, tmp_path)
    move_to(settings, SECOND)
    fresh = cast.member("alice_there")
    outcome = bring(fresh, path)
    sweep()
    after = kept(fresh)
    assert outcome.report.taken["draft"] == len(after) == 7
    assert after[1].params.audience == "circle"
    assert (after[3].params.reply_to_id is None, after[4].params.quote_of_id) == (False, None)
    assert SECOND in after[6].params.text
    assert outcome.report.notes["draft_alone"].count == 1


# what others may have written into the file


def forged(folder: Path, **parts: Any) -> Path:
    path = folder / "forged.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("outbox.json", json.dumps({"orderedItems": []}))
        packed.writestr("majlis.json", json.dumps(parts))
    return path


def test_what_is_no_filter_note_or_draft_is_left_out_and_the_rest_taken(tmp_path: Path) -> None:
    fresh = cast.member("alice_again")
    path = forged(
        tmp_path,
        filters=[
            {"title": "no place", "contexts": [], "action": "warn", "keywords": []},
            {"title": "no such deed", "contexts": ["home"], "action": "burn"},
            {"title": "", "contexts": ["home"], "action": "hide"},
            {"title": ["x"], "contexts": {"a": 1}, "action": 7, "expires_at": "soon", "keywords": "none"},
            {"title": "no word", "contexts": ["home"], "action": "hide", "keywords": [{"keyword": 5}]},
            {"title": "good", "contexts": ["home"], "action": "hide", "keywords": [{"keyword": "figs"}]},
        ],
        notes=[{"about": "bob", "text": "no house"}, {"about": ["x"]}, 7],
        drafts=[
            {"text": "without a moment"},
            {"made_at": "2026-11-01T00:00:00Z", "text": {}, "audience": "everybody", "poll": [1], "circle": 8,
             "may_reply": "all", "attachment": [{"url": 7}], "answers": "javascript:alert(1)", "language": 3},
        ],
    )  # fmt: skip
    outcome = bring(fresh, path)
    assert [row[0] for row in as_made(fresh)] == ["good"]
    (draft,) = kept(fresh)
    assert (draft.params.audience, draft.params.may_reply, draft.params.poll) == ("mentioned", "nobody", None)
    assert codes(outcome) == {"filter_refused": 5, "item_shape": 4, "media_kind": 1}


def test_a_draft_of_a_forged_file_answers_nothing_of_which_she_may_not_know(tmp_path: Path) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    secret = say(alice, "seven olives", audience="mentioned")
    made_at = "2026-11-01T00:00:00Z"
    for url in (
        addresses.absolute(f"/posts/{secret}"),
        addresses.absolute(f"/users/alice/statuses/{secret}"),
    ):
        draft = {"made_at": made_at, "text": url, "answers": url, "quotes": url}
        outcome = bring(charlie, forged(tmp_path, drafts=[draft]))
        assert outcome.report.notes["draft_alone"].count == 2
        made_at = "2026-11-01T00:00:01Z"
    assert {(each.params.reply_to_id, each.params.quote_of_id) for each in kept(charlie)} == {(None, None)}
