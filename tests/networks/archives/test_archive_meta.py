"""Instagram and Facebook exports: garbled text, albums, missing photos, every layout."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.networks.archives.cleaning import clean, restored

ALBUM = {
    "media": [
        {
            "uri": "media/posts/201907/b_17900000000000002.jpg",
            "creation_timestamp": 1562000001,
            "title": "oven",
        },
        {"uri": "media/posts/201907/a_17900000000000001.jpg", "creation_timestamp": 1562000000, "title": ""},
    ],
    "title": "Br\u00c3\u00b8d og \u00d8\u00ae\u00d8\u00a8\u00d8\u00b2",
    "creation_timestamp": 1562000002,
}
ALBUM_FILES = {each["uri"]: b"picture" for each in ALBUM["media"]}


def garbled(text: str) -> str:
    return text.encode().decode("latin-1")


@given(st.text())
def test_whatever_was_garbled_is_restored(text: str) -> None:
    assert restored(garbled(text), set()) == text


@given(st.text())
def test_restoring_says_when_it_changed_something(text: str) -> None:
    notes: set[str] = set()
    assert (restored(text, notes) != text) == ("mojibake" in notes)


@pytest.mark.parametrize(
    "text", ["café", "naïve", "خبز", "50 €", "bread 🍞", "Ã", "ø", "Ã¸ and خبز", "\u00c3\u00b8 \u00c3"]
)
def test_what_was_not_garbled_stays(text: str) -> None:
    notes: set[str] = set()
    assert restored(text, notes) == text
    assert notes == set()


def test_the_usual_cases_are_restored() -> None:
    assert restored("\u00c3\u00b8", set()) == "ø"
    assert restored("\u00f0\u009f\u008d\u009e \u00d8\u00ae\u00d8\u00a8\u00d8\u00b2", set()) == "🍞 خبز"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_clean_texts_can_be_kept_anywhere(text: str) -> None:
    notes: set[str] = set()
    cleaned = clean(text, notes)
    cleaned.encode()
    assert "\0" not in cleaned
    assert clean(cleaned, set()) == cleaned


@pytest.mark.parametrize(
    "name",
    [
        "your_instagram_activity/media/posts_1.json",
        "your_instagram_activity/content/posts_1.json",
        "content/posts_1.json",
        "posts_1.json",
        "posts.json",
        "instagram-alice-2024/your_instagram_activity/media/posts_1.json",
    ],
)
def test_an_album_in_every_layout(take: Any, name: str) -> None:
    root = "instagram-alice-2024/" if name.startswith("instagram-") else ""
    taken = take({name: [ALBUM], **{root + file: data for file, data in ALBUM_FILES.items()}})
    (post,) = taken.posts
    assert (post.source, post.source_id, post.text) == ("instagram", "17900000000000002", "Brød og خبز")
    assert post.created_at == datetime(2019, 7, 1, 16, 53, 22, tzinfo=UTC)
    assert [(each.name, each.description) for each in post.media] == [
        (root + "media/posts/201907/b_17900000000000002.jpg", "oven"),
        (root + "media/posts/201907/a_17900000000000001.jpg", ""),
    ]
    assert post.notes == ("mojibake",)
    assert taken.skipped == []


def test_the_caption_may_stand_on_the_photo(take: Any) -> None:
    single = {"media": [{"uri": "a.jpg", "creation_timestamp": 1562000000, "title": "caf\u00c3\u00a9"}]}
    (post,) = take({"posts_1.json": [single], "a.jpg": b"x"}).posts
    assert (post.text, post.media[0].description) == ("café", "")


def test_photos_are_found_where_they_moved_to_but_never_guessed(take: Any) -> None:
    files = {"posts_1.json": [ALBUM], "media/other/b_17900000000000002.jpg": b"x"}
    files |= {"one/a_17900000000000001.jpg": b"1", "two/a_17900000000000001.jpg": b"2"}
    taken = take(files)
    assert [each.name for each in taken.posts[0].media] == ["media/other/b_17900000000000002.jpg"]
    assert taken.codes == ["media_missing"]


@pytest.mark.parametrize(
    "uri", ["../../etc/passwd.jpg", "/etc/passwd.jpg", "https://evil.example/x.jpg", "a\0b.jpg"]
)
def test_a_photo_outside_the_archive_is_missing(take: Any, uri: str) -> None:
    entry = {"media": [{"uri": uri, "creation_timestamp": 1562000000}], "title": "text"}
    taken = take({"posts_1.json": [entry]})
    assert (taken.posts[0].media, taken.codes) == ((), ["media_missing"])


def test_videos_stories_and_archived_posts_are_reported(take: Any) -> None:
    video = {"media": [{"uri": "v.mp4", "creation_timestamp": 1562000000, "title": ""}], "title": "Watch"}
    silent = {"media": [{"uri": "w.mp4", "creation_timestamp": 1562000001, "title": ""}]}
    taken = take(
        {
            "your_instagram_activity/media/posts_1.json": [],
            "your_instagram_activity/media/reels.json": {"ig_reels_media": [video, silent, video]},
            "your_instagram_activity/media/stories.json": {"ig_stories": [{}]},
            "your_instagram_activity/media/archived_posts.json": {"ig_archived_post_media": []},
        }
    )
    assert [post.text for post in taken.posts] == ["Watch"]
    codes = ["video_not_yet", "video_not_yet", "nothing_left", "repeated", "story", "archived_by_author"]
    assert taken.codes == codes


def test_the_same_post_has_the_same_number_in_the_next_export(take: Any) -> None:
    entry = {
        "media": [{"uri": "media/x/plain.jpg", "creation_timestamp": 1562000000}],
        "title": "caf\u00c3\u00a9",
    }
    moved = {"media": [{"uri": "media/y/plain.jpg", "creation_timestamp": 1562000000}], "title": "café"}
    one, other = (take({"posts_1.json": [each]}).posts[0].source_id for each in (entry, moved))
    assert one == other


def test_a_private_account_stays_among_followers(take: Any) -> None:
    about = {
        "string_map_data": {
            "Username": {"value": "alice.ig"},
            "Name": {"value": "\u00d8\u00a3\u00d9\u0084\u00d9\u008a\u00d8\u00b3"},
            "Private Account": {"value": "True"},
        },
        "media_map_data": {"Profile Photo": {"uri": "media/profile/me.jpg"}},
    }
    taken = take(
        {
            "posts_1.json": [ALBUM],
            "personal_information/personal_information.json": {"profile_user": [about]},
            "media/profile/me.jpg": b"face",
        }
    )
    assert (taken.profile.handle, taken.profile.name, taken.profile.locked) == ("alice.ig", "أليس", True)
    assert taken.profile.avatar == "media/profile/me.jpg"
    assert taken.posts[0].audience == "followers"


def test_people_in_both_forms_of_the_lists(take: Any) -> None:
    person = {"title": "", "string_list_data": [{"value": "bob", "timestamp": 1562000000}]}
    titled = {"title": "dana", "string_list_data": [{"timestamp": 1562000000}]}
    broken = {"title": "not a name!", "string_list_data": []}
    taken = take(
        {
            "posts_1.json": [],
            "connections/followers_and_following/following.json": {
                "relationships_following": [person, titled]
            },
            "connections/followers_and_following/followers_1.json": [person, broken],
        }
    )
    assert [(each.relation, each.handle, each.url) for each in taken.follows] == [
        ("following", "bob", "https://www.instagram.com/bob/"),
        ("following", "dana", "https://www.instagram.com/dana/"),
        ("follower", "bob", "https://www.instagram.com/bob/"),
    ]
    assert taken.codes == ["item_shape"]


def test_the_layout_of_2018(take: Any) -> None:
    media = {
        "photos": [
            {"caption": "caf\u00c3\u00a9", "taken_at": "2018-05-01T10:00:00", "path": "photos/201805/x.jpg"}
        ],
        "videos": [{"caption": "", "taken_at": "2018-05-02T10:00:00", "path": "videos/201805/y.mp4"}],
        "stories": [{"path": "stories/z.jpg"}],
    }
    taken = take(
        {
            "media.json": media,
            "photos/201805/x.jpg": b"x",
            "profile.json": {"username": "alice", "biography": "Baker", "private_account": False},
            "connections.json": {"following": {"bob": "2018-01-01T00:00:00"}, "followers": {"dana": "x"}},
        }
    )
    assert [(post.text, post.created_at) for post in taken.posts] == [
        ("café", datetime(2018, 5, 1, 10, tzinfo=UTC))
    ]
    assert [(each.relation, each.handle) for each in taken.follows] == [
        ("following", "bob"),
        ("follower", "dana"),
    ]
    assert taken.codes == ["video_not_yet", "nothing_left"]
    assert taken.profile.bio == "Baker"


def test_broken_parts_and_entries_are_lines(take: Any) -> None:
    taken = take(
        {
            "posts_1.json": [{"title": "no date"}, "x", {"media": "y"}, ALBUM],
            "reels.json": "{broken",
            "personal_information.json": b"\xff\xfe",
            "media/posts/201907/b_17900000000000002.jpg": b"x",
        }
    )
    assert len(taken.posts) == 1
    assert sorted(taken.codes) == sorted(
        [
            "item_encoding",
            "no_date",
            "item_shape",
            "no_date",
            "media_missing",
            "member_broken",
            "part_not_json",
        ]
    )


def test_facebook_posts_with_photos_and_links(take: Any) -> None:
    entry = {
        "timestamp": 1562000000,
        "data": [{"post": "Br\u00c3\u00b8d"}, {"update_timestamp": 1}],
        "attachments": [
            {"data": [{"media": {"uri": "posts/media/p.jpg", "description": "Br\u00c3\u00b8d"}}]},
            {"data": [{"external_context": {"url": "https://example.org/"}}]},
            {"data": [{"external_context": {"url": "javascript:x"}}]},
        ],
        "title": "Alice updated her status.",
    }
    event = {"timestamp": 1562000001, "title": "Alice was born."}
    profile = {
        "profile_v2": {
            "name": {"full_name": "Alice"},
            "username": "alice.fb",
            "registration_timestamp": 1262000000,
        }
    }
    for name in (
        "posts/your_posts_1.json",
        "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json",
    ):
        taken = take(
            {
                name: [entry, event, entry],
                "posts/media/p.jpg": b"x",
                "profile_information/profile_information.json": profile,
            }
        )
        (post,) = taken.posts
        assert (post.source, post.text, post.audience) == (
            "facebook",
            "Brød\n\nhttps://example.org/",
            "friends",
        )
        assert [(each.name, each.description) for each in post.media] == [("posts/media/p.jpg", "Brød")]
        assert taken.codes == ["profile_event", "repeated"]
        assert taken.profile.handle == "alice.fb"


def test_facebook_by_the_key_tree(take: Any, shared_data: Path) -> None:
    folder = shared_data / "data" / "archives" / "keytrees"
    tree = json.loads((folder / "Facebook__posts__your_posts_1.json").read_text())
    tree[0] |= {"timestamp": 1562000000}
    tree[0]["attachments"][0]["data"][0]["media"] |= {
        "uri": "posts/media/p.jpg",
        "creation_timestamp": 1562000000,
    }
    (post,) = take({"posts/your_posts_1.json": tree, "posts/media/p.jpg": b"x"}).posts
    assert (post.text, len(post.media)) == ("str", 1)


@pytest.mark.parametrize(
    ("name", "posts", "photos", "codes"),
    [
        ("test_image", 1, 1, []),
        ("test_images", 1, 5, []),
        ("test_video", 1, 0, ["video_not_yet", "repeated"]),
    ],
)
def test_real_exports(
    shared_data: Path, read_path: Any, name: str, posts: int, photos: int, codes: list[str]
) -> None:
    taken = read_path(shared_data / "data" / "archives" / "instagram" / name)
    assert (len(taken.posts), sum(len(post.media) for post in taken.posts)) == (posts, photos)
    assert taken.codes == codes
    assert all(post.text and post.created_at.year >= 2016 for post in taken.posts)
