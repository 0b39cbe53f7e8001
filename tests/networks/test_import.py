"""Taking archives in: what is kept, what is said, and that nothing is ever half done."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import IntegrityError
from PIL import Image
from tests import cast

from majlis.core import sql
from majlis.core.errors import Conflict, NotNow, Refused
from majlis.networks import actions, importing, queries
from majlis.networks.importing import Outcome, Request
from majlis.people.queries import profile
from majlis.posts import access
from majlis.posts.queries import hydrate
from small_disks import fill, small_disk

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACTOR = "https://old.example/users/alice"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Photos and uploads of this test alone."""
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path / "data")
    return tmp_path / "data"


def photo(colour: str = "olive") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def large_photo() -> bytes:
    """Noise, which takes much room however it is kept."""
    out = BytesIO()
    Image.effect_noise((1200, 900), 90).save(out, "JPEG")
    return out.getvalue()


def note(number: int, text: str, *, day: int = 1, **more: Any) -> dict[str, Any]:
    id_ = f"{ACTOR}/statuses/{number}"
    inner = {
        "id": id_,
        "type": "Note",
        "attributedTo": ACTOR,
        "published": f"2021-03-{day:02}T10:00:00Z",
        "content": f"<p>{text}</p>",
        "contentMap": {"en": f"<p>{text}</p>"},
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers"],
        **more,
    }
    return {"id": f"{id_}/activity", "type": "Create", "actor": ACTOR, "object": inner, "to": inner["to"]}


def pack(folder: Path, notes: list[Any], files: Mapping[str, Any] | None = None) -> Path:
    path = folder / "archive.zip"
    parts = {
        "actor.json": {"id": ACTOR, "type": "Person", "preferredUsername": "alice", "name": "Alice there",
                       "followers": f"{ACTOR}/followers"},
        "outbox.json": {"type": "OrderedCollection", "orderedItems": notes},
        **(files or {}),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in parts.items():
            packed.writestr(name, value if isinstance(value, bytes | str) else json.dumps(value))
    return path


def take(who: cast.Member, path: Path, **choices: Any) -> Outcome:
    return importing.take(Request(profile_id=who.id, path=path, at=AT, **choices))


def posts_of(who: cast.Member) -> list[Any]:
    ids = sql.column("SELECT id FROM posts_post WHERE author_id = %(by)s ORDER BY id", by=who.id)
    views = hydrate(ids)
    return [views[id_] for id_ in ids]


def nothing_of(who: cast.Member) -> bool:
    rows = (
        sql.column("SELECT count(*) FROM posts_post WHERE author_id = %(by)s", by=who.id)
        + sql.column("SELECT count(*) FROM media_photo WHERE owner_id = %(by)s", by=who.id)
        + sql.column("SELECT posts FROM people_profilecount WHERE profile_id = %(by)s", by=who.id)
    )
    return rows == [0, 0, 0]


def attachment(name: str, alt: str = "") -> dict[str, Any]:
    return {
        "type": "Document",
        "mediaType": "image/jpeg",
        "url": f"/media_attachments/files/{name}",
        "name": alt,
    }


def test_posts_keep_what_they_had(tmp_path: Path) -> None:
    alice = cast.alice()
    path = pack(
        tmp_path,
        [
            note(2, "and then", day=2, inReplyTo=f"{ACTOR}/statuses/1"),
            note(
                1,
                "It begins #خبز",
                summary="long",
                attachment=[attachment("1/o.jpg", "a loaf")],
                sensitive=True,
            ),
            note(3, "to followers", day=3, to=[f"{ACTOR}/followers"], cc=[]),
        ],
        {"media_attachments/files/1/o.jpg": photo()},
    )
    outcome = take(alice, path)
    first, second, third = posts_of(alice)
    assert outcome.posts == 3
    assert (first.text, first.warning, first.language) == ("It begins #خبز", "long", "en")
    assert first.made_at == datetime(2021, 3, 1, 10, tzinfo=UTC)
    assert [each.alt for each in first.photos] == ["a loaf"]
    assert [tag.shown for tag in first.tags] == ["خبز"]
    assert (second.reply_to_id, second.thread_id) == (first.id, first.id)
    assert first.replies == 1
    assert third.audience == "followers"
    assert {post.imported_from for post in (first, second, third)} == {"mastodon"}
    found = profile(alice.id)
    assert found is not None
    assert (found.posts, found.last_post_on) == (3, None)


def test_progress_is_told_while_reading_and_then_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_TOLD_EVERY", 2)
    path = pack(tmp_path, [note(number, f"number {number}") for number in range(1, 6)])
    told: list[tuple[int, int]] = []
    request = Request(profile_id=cast.alice().id, path=path, at=AT)
    importing.take(request, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 0), (4, 0), (0, 5), (5, 5)]


def test_a_second_time_adds_nothing(tmp_path: Path) -> None:
    alice = cast.alice()
    path = pack(tmp_path, [note(1, "once")])
    take(alice, path)
    again = take(
        alice, pack(tmp_path, [note(1, "once"), note(2, "more", day=2, inReplyTo=f"{ACTOR}/statuses/1")])
    )
    first, second = posts_of(alice)
    assert again.posts == 1
    assert again.report.not_taken["imported_before"].count == 1
    assert second.reply_to_id == first.id


def test_two_members_may_bring_the_same(tmp_path: Path) -> None:
    alice, bob = cast.alice(), cast.bob()
    path = pack(tmp_path, [note(1, "once")])
    assert take(alice, path).posts == take(bob, path).posts == 1


def test_names_in_an_archive_mention_nobody_here(tmp_path: Path) -> None:
    alice, bob = cast.alice(), cast.bob()
    take(alice, pack(tmp_path, [note(1, "for @bob alone", to=["https://old.example/users/bob"], cc=[])]))
    (post,) = posts_of(alice)
    assert (post.audience, post.mentions) == ("mentioned", [])
    for stranger in (bob.id, cast.charlie().id, None):
        with pytest.raises(Refused):
            access.see(post_id=post.id, viewer=stranger)
    assert access.see(post_id=post.id, viewer=alice.id)


def test_nobody_hears_of_it(tmp_path: Path) -> None:
    alice = cast.alice()
    cast.follows(cast.bob(), alice)
    before = sql.one("SELECT count(*) FROM core_change WHERE kind LIKE 'post.%%'")
    take(alice, pack(tmp_path, [note(number, "quietly", day=number) for number in range(1, 20)]))
    assert sql.one("SELECT count(*) FROM core_change WHERE kind LIKE 'post.%%'") == before


@pytest.mark.parametrize(
    ("chosen", "audience"), [("", "public"), ("unlisted", "unlisted"), ("friends", "friends")]
)
def test_never_wider_than_chosen(tmp_path: Path, chosen: str, audience: str) -> None:
    alice = cast.alice()
    take(alice, pack(tmp_path, [note(1, "a"), note(2, "b", day=2, to=[], cc=[])]), audience=chosen)
    assert [post.audience for post in posts_of(alice)] == [audience, "mentioned"]


def test_a_long_album_goes_on_in_answers(tmp_path: Path) -> None:
    alice = cast.alice()
    names = [f"{number}/o.jpg" for number in range(18)]
    path = pack(
        tmp_path,
        [note(1, "album", attachment=[attachment(name) for name in names])],
        {f"media_attachments/files/{name}": photo() for name in names},
    )
    outcome = take(alice, path)
    first, second = posts_of(alice)
    assert (len(first.photos), len(second.photos)) == (16, 2)
    assert second.reply_to_id == first.id
    assert outcome.report.notes["album_continued"].count == 1
    assert take(alice, path).posts == 0


def test_polls_keep_their_votes(tmp_path: Path) -> None:
    alice = cast.alice()
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in (("bread", 7), ("rice", 3))
    ]
    question = note(1, "Which?", oneOf=options, endTime="2021-03-04T10:00:00Z", votersCount=10)
    question["object"]["type"] = "Question"
    take(alice, pack(tmp_path, [question]))
    (post,) = posts_of(alice)
    assert post.poll is not None
    assert (post.poll.options, post.poll.votes, post.poll.voters) == (["bread", "rice"], [7, 3], 10)
    assert post.poll.over(at=AT)


def test_what_is_missing_broken_or_of_tomorrow_is_said(tmp_path: Path) -> None:
    alice = cast.alice()
    path = pack(
        tmp_path,
        [
            note(1, "no photo", attachment=[attachment("1/gone.jpg")]),
            note(2, "no picture", day=2, attachment=[attachment("2/o.jpg")]),
            note(3, "from tomorrow", day=3, published="2031-01-01T00:00:00Z"),
        ],
        {"media_attachments/files/2/o.jpg": b"\xff\xd8\xff no picture at all"},
    )
    outcome = take(alice, path)
    assert [post.text for post in posts_of(alice)] == ["no photo", "no picture"]
    assert {"media_missing", "photo_refused", "future_date"} <= set(outcome.report.not_taken)
    assert all(str(line.sentence) for line in outcome.report.reasons())


def test_broken_json_in_the_middle_costs_one_post(tmp_path: Path) -> None:
    alice = cast.alice()
    good, last = json.dumps(note(1, "good")), json.dumps(note(3, "last", day=3))
    outbox = (
        '{"type": "OrderedCollection", "orderedItems": ['
        + good
        + ', {"id": "x", "type": tru}, '
        + last
        + "]}"
    )
    outcome = take(alice, pack(tmp_path, [], {"outbox.json": outbox}))
    assert [post.text for post in posts_of(alice)] == ["good", "last"]
    assert outcome.report.not_taken["item_not_json"].count == 1


def test_a_bomb_and_names_outside_leave_nothing(tmp_path: Path) -> None:
    alice = cast.alice()
    path = pack(tmp_path, [note(1, "still here")], {
        "../../outside.txt": "x",
        "media_attachments/files/1/bomb.jpg": b"\0" * 30_000_000,
    })  # fmt: skip
    outcome = take(alice, path)
    assert outcome.posts == 1
    assert {"name_outside", "member_ratio"} <= set(outcome.report.not_taken)
    assert not (tmp_path.parent / "outside.txt").exists()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    bob = cast.bob()
    with pytest.raises(Refused):
        take(bob, broken)
    assert nothing_of(bob)


def test_a_fault_at_the_end_leaves_nothing(tmp_path: Path) -> None:
    """The last step counts her posts; here the database refuses the number."""
    sql.execute("ALTER TABLE people_profilecount ADD CONSTRAINT tests_few CHECK (posts < 2)")
    alice = cast.alice()
    path = pack(
        tmp_path,
        [note(1, "one", attachment=[attachment("1/o.jpg")]), note(2, "two", day=2)],
        {"media_attachments/files/1/o.jpg": photo()},
    )
    with pytest.raises(IntegrityError, match="tests_few"):
        take(alice, path)
    assert nothing_of(alice)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, own_folder: Path) -> None:
    alice = cast.alice()
    path = pack(
        tmp_path,
        [
            note(1, "one", attachment=[attachment("1/o.jpg")]),
            note(2, "b", day=2, attachment=[attachment("2/o.jpg")]),
        ],
        {"media_attachments/files/1/o.jpg": photo(), "media_attachments/files/2/o.jpg": large_photo()},
    )
    with small_disk(own_folder, 2):
        fill(own_folder, leave=200_000)
        with pytest.raises(NotNow):
            actions.take_in_place(profile_id=alice.id, path=path, at=AT)
        assert nothing_of(alice)
    (told,) = queries.imports(by=alice.id)
    assert (told.state, told.failure) == ("failed", "media_store_full")


def test_people_found_again_are_suggested_and_not_followed(tmp_path: Path, settings: Any) -> None:
    alice, bob, dana = cast.alice(), cast.bob(), cast.dana()
    host = settings.MAJLIS.host
    path = pack(tmp_path, [note(1, "hello")], {
        "following_accounts.csv": f"Account address,Show boosts\nbob@elsewhere.example,true\ndana@{host},true\n",
        "blocked_accounts.csv": f"charlie@{host}\n",
    })  # fmt: skip
    cast.charlie()
    outcome = take(alice, path)
    assert str(bob.id) in outcome.found
    followed = sql.column("SELECT followed_id FROM people_follow WHERE follower_id = %(by)s", by=alice.id)
    assert followed == [dana.id]
    assert sql.one("SELECT count(*) FROM people_block WHERE blocker_id = %(by)s", by=alice.id) == (1,)
    assert outcome.name == "Alice there"
    assert alice.profile.display_name == "Alice"


def test_asked_for_and_done_by_a_job(tmp_path: Path, own_folder: Path) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    data = pack(tmp_path, [note(1, "one")]).read_bytes()
    import_id = actions.ask_import(by=alice.id, chunks=[data], name="archive.zip", at=AT)
    with pytest.raises(Conflict):
        actions.ask_import(by=alice.id, chunks=[data], name="archive.zip", at=AT)
    assert queries.imports(by=alice.id)[0].running
    actions.run_import(import_id=import_id, at=AT)
    actions.run_import(import_id=import_id, at=AT + timedelta(minutes=1))
    (told,) = queries.imports(by=alice.id)
    assert (told.state, told.network, told.done, told.total) == ("done", "mastodon", 1, 1)
    assert told.outcome is not None
    assert told.outcome.posts == 1
    assert queries.imports(by=charlie.id) == []
    assert not list((own_folder / "imports").iterdir())


def test_an_x_archive(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "data" / "archives" / "x"
    if not source.is_dir():
        pytest.skip("NOT RUN: there is no X archive")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for file in sorted((source / "zip_contents").iterdir()):
            packed.write(file, f"data/{file.name}")
        posts = json.loads((source / "tweets.json").read_text(encoding="utf-8"))
        packed.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(posts)}")
    _whole(tmp_path / "x.zip")


def test_an_instagram_archive(shared_data: Path) -> None:
    _whole(shared_data / "data" / "archives" / "instagram")


def _whole(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"NOT RUN: there is no {path.name} archive")
    alice = cast.alice()
    outcome = take(alice, path)
    posts = posts_of(alice)
    assert len(posts) == outcome.posts > 0
    assert all(post.text or post.photos or post.poll for post in posts)
    assert take(alice, path).posts == 0


@pytest.mark.slow
def test_a_hundred_thousand_posts(tmp_path: Path) -> None:
    alice = cast.alice()
    start = datetime(2015, 1, 1, tzinfo=UTC)
    notes = [
        note(
            number, f"post number {number} of many", published=(start + timedelta(minutes=number)).isoformat()
        )
        for number in range(100_000)
    ]
    assert take(alice, pack(tmp_path, notes)).posts == 100_000
    assert sql.one("SELECT posts FROM people_profilecount WHERE profile_id = %(by)s", by=alice.id) == (
        100_000,
    )
