"""Mastodon archives: outbox, profile, references and tables, from a zip, a tar.gz and a folder."""

from __future__ import annotations

import io
import json
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ACTOR = "https://social.example/users/alice"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def note(number: int, **more: Any) -> dict[str, Any]:
    identity = f"{ACTOR}/statuses/{number}"
    post = {
        "id": identity,
        "type": "Note",
        "published": "2022-11-05T10:11:12Z",
        "attributedTo": ACTOR,
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers"],
        "content": "<p>Hello</p>",
        **more,
    }
    return {"id": f"{identity}/activity", "type": "Create", "actor": ACTOR, "object": post}


def files(items: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "actor.json": {
            "id": ACTOR,
            "type": "Person",
            "preferredUsername": "alice",
            "followers": f"{ACTOR}/followers",
        },
        "outbox.json": {"@context": [PUBLIC, {"x": []}], "id": "outbox.json", "orderedItems": items},
        **more,
    }


def test_a_post_with_everything(take: Any) -> None:
    attachments = [
        {
            "type": "Document",
            "mediaType": "image/png",
            "url": "/media_attachments/files/109/1/original/a.png",
            "name": "رغيف",
            "focalPoint": [0.5, -0.25],
            "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
        },
        {
            "mediaType": "image/jpeg",
            "url": "https://social.example/system/media_attachments/files/109/2/original/b.jpg",
            "focalPoint": [9, 0],
            "blurhash": "<script>",
        },
    ]
    tags = [
        {"type": "Hashtag", "name": "#خبز", "href": "https://social.example/tags/x"},
        {"type": "Mention", "name": "@bob@other.example", "href": "https://other.example/@bob"},
    ]
    html = '<p>Bread &amp; olives<br>خبز</p><p><a href="https://example.org/x">https://example.org/x</a></p>'
    taken = take(
        files(
            [
                note(
                    1,
                    content=html,
                    contentMap={"ar": html},
                    summary="Food &lt;3",
                    sensitive=True,
                    attachment=attachments,
                    tag=tags,
                    url="https://social.example/@alice/1",
                )
            ],
            **{
                "media_attachments/files/109/1/original/a.png": b"one",
                "media_attachments/files/109/2/original/b.jpg": b"two!",
            },
        )
    )
    (post,) = taken.posts
    assert post.text == "Bread & olives\nخبز\n\nhttps://example.org/x"
    assert (post.content_warning, post.sensitive, post.language) == ("Food <3", True, "ar")
    assert (post.source_id, post.url) == (f"{ACTOR}/statuses/1", "https://social.example/@alice/1")
    assert post.created_at == datetime(2022, 11, 5, 10, 11, 12, tzinfo=UTC)
    assert post.hashtags == ("خبز",)
    assert [(each.text, each.url) for each in post.mentions] == [
        ("@bob@other.example", "https://other.example/@bob")
    ]
    first, second = post.media
    assert (first.description, first.focal_point, first.size) == ("رغيف", (0.5, -0.25), 3)
    assert first.blurhash == "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"
    assert (second.focal_point, second.blurhash, second.size) == (None, None, 4)


@pytest.mark.parametrize(
    ("to", "cc", "audience"),
    [
        ([PUBLIC], [f"{ACTOR}/followers"], "public"),
        ("as:Public", [], "public"),
        ([f"{ACTOR}/followers"], [PUBLIC], "unlisted"),
        ([f"{ACTOR}/followers"], [], "followers"),
        (["https://other.example/users/bob"], [], "mentioned"),
        (["https://other.example/users/bob/followers"], [], "mentioned"),
        (None, None, "mentioned"),
        ([7, {"id": PUBLIC}], {}, "mentioned"),
    ],
)
def test_the_audience_is_never_wider_than_addressed(take: Any, to: Any, cc: Any, audience: str) -> None:
    assert take(files([note(1, to=to, cc=cc)])).posts[0].audience == audience


def test_threads_and_answers(take: Any) -> None:
    own = note(2, inReplyTo=f"{ACTOR}/statuses/1")
    other = note(3, inReplyTo="https://other.example/users/bob/statuses/9")
    lookalike = note(4, inReplyTo="https://social.example/users/alice2/statuses/9")
    posts = take(files([note(1), own, other, lookalike])).posts
    assert [post.reply_to_source_id for post in posts] == [None, f"{ACTOR}/statuses/1", None, None]
    assert [bool(post.reply_to_other) for post in posts] == [False, False, True, True]


def test_a_poll_with_its_votes(take: Any) -> None:
    options = [
        {"type": "Note", "name": name, "replies": {"totalItems": votes}}
        for name, votes in (("yes", 3), ("no", 1))
    ]
    question = note(1, type="Question", oneOf=options, endTime="2022-11-06T10:11:12Z", votersCount=4)
    (post,) = take(files([question])).posts
    assert [(each.title, each.votes) for each in post.poll.options] == [("yes", 3), ("no", 1)]
    assert (post.poll.multiple, post.poll.voters) == (False, 4)
    assert post.poll.ends_at == datetime(2022, 11, 6, 10, 11, 12, tzinfo=UTC)


def test_what_is_not_taken(take: Any) -> None:
    boost = {
        "id": "https://social.example/b/1",
        "type": "Announce",
        "actor": ACTOR,
        "object": "https://x.example/1",
    }
    boost["published"] = "2022-11-05T10:11:12Z"
    foreign = note(2, attributedTo="https://other.example/users/bob")
    video = {"mediaType": "video/mp4", "url": "/media_attachments/v.mp4"}
    items = [
        boost,
        foreign,
        {"type": "Delete", "actor": ACTOR},
        note(3, published="soon"),
        note(4, content="", attachment=[video]),
        note(5, attachment=[{"mediaType": "image/png", "url": "/media_attachments/gone.png"}]),
        note(5),
        note(6, id=7),
        "text",
    ]
    taken = take(files(items))
    assert [post.source_id[-1] for post in taken.posts] == ["5"]
    assert taken.codes == [
        "boost_of_other",
        "not_own",
        "not_a_post",
        "no_date",
        "video_not_yet",
        "nothing_left",
        "media_missing",
        "repeated",
        "no_id",
        "item_shape",
    ]
    kept = take(files(items), boosts="text")
    assert (kept.posts[0].kind, kept.posts[0].text) == ("boost_text", "https://x.example/1")


def test_html_becomes_text_and_nothing_runs(take: Any) -> None:
    html = '<p>a<script>alert(1)</script><img src=x onerror=alert(2)><span class="invisible">https://</span>b</p>'
    (post,) = take(files([note(1, content=html)])).posts
    assert post.text == "ahttps://b"


def test_html_made_to_be_slow_is_not(take: Any) -> None:
    start = time.process_time()
    hostile = ["<b>" * 100_000, "<p>" * 100_000, "&" * 300_000, "<a href=" * 30_000, "<table><b>" * 20_000]
    taken = take(files([note(number, content=html) for number, html in enumerate(hostile)]))
    assert len(taken.posts) + len(taken.skipped) == len(hostile)
    assert time.process_time() - start < 10


def test_an_address_too_long_to_be_kept_is_no_number(take: Any) -> None:
    assert take(files([note(1, id=f"{ACTOR}/statuses/{'1' * 300}")])).codes == ["no_id"]


def test_profile_references_and_pictures(take: Any) -> None:
    actor = {
        "id": ACTOR,
        "preferredUsername": "alice",
        "name": "Alice\0",
        "summary": "<p>Baker</p>",
        "published": "2017-01-01T00:00:00Z",
        "manuallyApprovesFollowers": True,
        "icon": {"type": "Image", "url": "avatar.png"},
        "image": {"type": "Image", "url": "../header.jpg"},
        "attachment": [
            {"type": "PropertyValue", "name": "Shop", "value": '<a href="https://shop.example">shop</a>'}
        ],
        "url": "javascript:alert(1)",
    }
    taken = take(
        {
            **files([]),
            "actor.json": actor,
            "avatar.png": b"face",
            "likes.json": {"orderedItems": ["https://x.example/1", "javascript:alert(1)", 7]},
            "bookmarks.json": {"orderedItems": [{"id": "https://x.example/2"}]},
        }
    )
    profile = taken.profile
    assert (profile.handle, profile.name, profile.bio, profile.locked) == ("alice", "Alice", "Baker", True)
    assert (profile.avatar, profile.header, profile.url) == ("avatar.png", None, None)
    assert profile.fields == (("Shop", "shop"),)
    assert [(each.kind, each.url) for each in taken.references] == [
        ("like", "https://x.example/1"),
        ("bookmark", "https://x.example/2"),
    ]
    assert taken.codes == ["item_shape", "item_shape"]


def test_tables_with_and_without_header(take: Any) -> None:
    taken = take(
        {
            "following_accounts.csv": "Account address,Show boosts,Notify on new posts,Languages\n"
            "bob@other.example,true,false,\n"
            "dana@social.example,false,false,ar\nnot an address\n=cmd|' /C calc'!A0,x\n",
            "blocked_accounts.csv": "\ufeffcharlie@bad.example\r\n",
            "muted_accounts.csv": "Account address,Hide notifications\nloud@x.example,true\n",
            "lists.csv": "عائلة,bob@other.example\nFriends,@dana@social.example\n",
            "blocked_domains.csv": "#domain,#severity\nBad.example,silence\n",
            "bookmarks.csv": "https://x.example/2\njavascript:x\n",
        }
    )
    found = [(each.relation, each.handle, each.list_name, each.show_boosts) for each in taken.follows]
    assert found == [
        ("following", "bob@other.example", None, True),
        ("following", "dana@social.example", None, False),
        ("blocked", "charlie@bad.example", None, None),
        ("muted", "loud@x.example", None, None),
        ("list", "bob@other.example", "عائلة", None),
        ("list", "dana@social.example", "Friends", None),
        ("blocked_domain", "bad.example", None, None),
    ]
    assert taken.follows[3].mute_notifications is True
    assert taken.codes == ["row_shape", "row_shape", "row_shape"]


@pytest.mark.parametrize(
    "data", ['"never closed\n', b"bob@x.example\nd\xfcsseldorf@x.example\n", "a" * 200_000]
)
def test_a_broken_table_is_a_line(take: Any, data: Any) -> None:
    taken = take({"following_accounts.csv": data, "lists.csv": "Friends,dana@social.example\n"})
    assert [each.relation for each in taken.follows] == ["list"]
    assert len(taken.skipped) == 1


def test_a_table_alone_is_an_archive(tmp_path: Path, read_path: Any) -> None:
    path = tmp_path / "following_accounts.csv"
    path.write_text("bob@other.example\n")
    assert [each.handle for each in read_path(path).follows] == ["bob@other.example"]


def test_a_tar_gz_and_a_folder_give_the_same(tmp_path: Path, take: Any, read_path: Any) -> None:
    everything = files([note(1), note(2)], **{"likes.json": {"orderedItems": ["https://x.example/1"]}})
    folder = tmp_path / "folder"
    folder.mkdir()
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as packed:
        for name, value in everything.items():
            data = json.dumps(value).encode()
            (folder / name).write_bytes(data)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    as_zip = take(everything).records
    assert read_path(tmp_path / "a.tar.gz").records == read_path(folder).records == as_zip
    assert len(as_zip) == 4
