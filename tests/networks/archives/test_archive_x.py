"""X archives: texts, links, threads, photos, retweets, and every layout since 2012."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

PHOTO = {
    "extended_entities": {
        "media": [
            {
                "url": "https://t.co/photo1",
                "media_url_https": "https://pbs.twimg.com/media/AbC.jpg",
                "type": "photo",
                "ext_alt_text": "رغيف",
            },
            {
                "url": "https://t.co/photo1",
                "media_url_https": "https://pbs.twimg.com/media/DeF.png",
                "type": "photo",
            },
        ]
    }
}


def test_a_post_keeps_text_date_language_and_counts(take_x: Any, make_tweet: Any) -> None:
    taken = take_x(
        [make_tweet(100, "Bread &amp; olives &lt;3 &amp;copy; خبز", favorite_count="12", retweet_count="3")]
    )
    (post,) = taken.posts
    assert post.text == "Bread & olives <3 &copy; خبز"
    assert post.created_at == datetime(2019, 9, 4, 13, 51, 55, tzinfo=UTC)
    assert (post.source, post.source_id, post.language) == ("x", "100", "en")
    assert (post.favourites, post.boosts) == (12, 3)
    assert post.url == "https://x.com/alice_x/status/100"
    assert post.audience == "public"


def test_short_links_become_full_and_photo_links_go(take_x: Any, make_tweet: Any) -> None:
    urls = [
        {"url": "https://t.co/abc", "expanded_url": "https://example.org/?a=1&b=2"},
        {"url": "https://t.co/bad", "expanded_url": "javascript:alert(1)"},
    ]
    more = {"entities": {"urls": urls}, **PHOTO}
    text = "See https://t.co/abc and https://t.co/bad and https://t.co/unknown https://t.co/photo1"
    files = {"data/tweets_media/100-AbC.jpg": b"one", "data/tweets_media/100-DeF.png": b"two!"}
    (post,) = take_x([make_tweet(100, text, **more)], files).posts
    assert post.text == "See https://example.org/?a=1&b=2 and https://t.co/bad and https://t.co/unknown"
    assert post.notes == ("short_links",)
    assert [(each.name, each.size, each.description) for each in post.media] == [
        ("data/tweets_media/100-AbC.jpg", 3, "رغيف"),
        ("data/tweets_media/100-DeF.png", 4, ""),
    ]


def test_missing_photos_and_videos_are_reported_and_the_text_is_taken(take_x: Any, make_tweet: Any) -> None:
    video = {
        "extended_entities": {
            "media": [{"url": "https://t.co/v", "media_url_https": "https://x/V.jpg", "type": "video"}]
        }
    }
    taken = take_x(
        [
            make_tweet(1, "Look", **PHOTO),
            make_tweet(2, "See", **video),
            make_tweet(3, "https://t.co/v", **video),
        ]
    )
    assert [post.text for post in taken.posts] == ["Look", "See"]
    assert taken.codes == ["media_missing", "media_missing", "video_not_yet", "video_not_yet", "nothing_left"]


def test_own_threads_and_answers_to_others_are_told_apart(take_x: Any, make_tweet: Any) -> None:
    to_self = {
        "in_reply_to_status_id_str": "1",
        "in_reply_to_user_id_str": "7001",
        "in_reply_to_screen_name": "alice_x",
    }
    to_bob = {
        "in_reply_to_status_id_str": "55",
        "in_reply_to_user_id_str": "9",
        "in_reply_to_screen_name": "bob",
    }
    first, second, third = take_x(
        [
            make_tweet(1, "one"),
            make_tweet(2, "@Alice_X two", **to_self),
            make_tweet(3, "@bob hello", **to_bob),
        ]
    ).posts
    assert (first.reply_to_source_id, first.reply_to_other) == (None, None)
    assert (second.text, second.reply_to_source_id, second.reply_to_other) == ("two", "1", None)
    assert (third.text, third.reply_to_source_id) == ("@bob hello", None)
    assert third.reply_to_other == "https://x.com/bob/status/55"
    assert "reply_to_other" in third.notes


def test_retweets_are_left_out_or_kept_as_text(take_x: Any, make_tweet: Any) -> None:
    posts = [make_tweet(1, "RT @bob: hello…"), make_tweet(2, "mine")]
    left = take_x(posts)
    assert ([post.text for post in left.posts], left.codes) == (["mine"], ["boost_of_other"])
    kept = take_x(posts, boosts="text")
    assert [(post.kind, post.text) for post in kept.posts] == [
        ("boost_text", "RT @bob: hello…"),
        ("post", "mine"),
    ]


def test_a_protected_account_stays_among_followers(take_x: Any, make_tweet: Any, make_part: Any) -> None:
    history = [
        {"protectedHistory": {"protectedAt": "2020-01-01T00:00:00.000Z", "action": "Unprotect"}},
        {"protectedHistory": {"protectedAt": "2021-01-01T00:00:00.000Z", "action": "Protect"}},
    ]
    files = {"data/protected-history.js": make_part("protected_history", history)}
    taken = take_x([make_tweet(1, "quiet")], files)
    assert taken.posts[0].audience == "followers"
    assert taken.profile.locked


def test_parts_older_layouts_and_a_folder_around_everything(
    take: Any, make_tweet: Any, make_part: Any
) -> None:
    for folder in ("", "twitter-2019-abc/"):
        for names in (
            ["data/tweets.js", "data/tweets-part1.js", "data/tweets-part2.js"],
            ["data/tweet.js", "data/tweet-part1.js"],
            ["tweet.js"],
            ["data/js/tweets/2012_01.js", "data/js/tweets/2012_02.js"],
        ):
            files = {
                folder + name: make_part("tweets", [make_tweet(number, name)])
                for number, name in enumerate(names, 1)
            }
            assert [post.text for post in take(files).posts] == names


def test_posts_of_2012_have_another_form(take: Any) -> None:
    entry = {
        "id_str": "163000000000000001",
        "created_at": "2012-01-31 20:32:04 +0000",
        "text": "old &amp; good",
    }
    (post,) = take(
        {"data/js/tweets/2012_01.js": f"Grailbird.data.tweets_2012_01 = \n {json.dumps([entry])}"}
    ).posts
    assert (post.text, post.created_at) == ("old & good", datetime(2012, 1, 31, 20, 32, 4, tzinfo=UTC))


def test_long_posts_get_their_full_text(take_x: Any, make_tweet: Any, make_part: Any) -> None:
    long = "A recipe for bread with olives. " * 20 + "See https://t.co/long"
    note = {
        "noteTweet": {
            "noteTweetId": "9",
            "createdAt": "2019-09-04T13:51:55.000Z",
            "core": {
                "text": long,
                "urls": [{"shortUrl": "https://t.co/long", "expandedUrl": "https://example.org/r"}],
            },
        }
    }
    alone = {
        "noteTweet": {"noteTweetId": "8", "createdAt": "2018-01-01T00:00:00.000Z", "core": {"text": "gone"}}
    }
    taken = take_x(
        [
            make_tweet(1, "Something else entirely"),
            make_tweet(2, "@bob " + long[:250] + "… https://t.co/xyz"),
        ],
        {"data/note-tweet.js": make_part("note_tweet", [note, alone])},
    )
    assert taken.posts[1].text == "@bob " + long.replace("https://t.co/long", "https://example.org/r")
    assert taken.posts[1].notes == ("long_text",)
    assert taken.posts[0].text == "Something else entirely"
    assert [(each.what, each.code) for each in taken.skipped] == [("note 8", "long_text_alone")]


def test_texts_made_to_be_slow_are_not(take_x: Any, make_tweet: Any, make_part: Any) -> None:
    when = "2019-09-04T13:51:55.000Z"
    notes = [
        {"noteTweet": {"noteTweetId": str(number), "createdAt": when, "core": {"text": " @a" * 9_000}}}
        for number in range(60)
    ]
    posts = [
        make_tweet(number, text * 100_000)
        for number, text in enumerate([" x", " \u2028", "@a ", "https://t.co/"])
    ]
    start = time.process_time()
    taken = take_x(posts, {"data/note-tweet.js": make_part("note_tweet", notes)})
    assert time.process_time() - start < 5
    assert taken.report.not_taken["long_texts_at_once"].count == 50


def test_a_post_without_date_takes_it_from_its_number(take_x: Any, make_tweet: Any) -> None:
    posts = [make_tweet(1169246717864136705, "new"), make_tweet(20, "old")]
    for each in posts:
        each["tweet"]["created_at"] = "mañana"
    taken = take_x(posts)
    assert taken.posts[0].created_at.replace(microsecond=0) == datetime(2019, 9, 4, 13, 51, 55, tzinfo=UTC)
    assert taken.posts[0].notes == ("date_from_id",)
    assert taken.codes == ["no_date"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"tweet": {"full_text": "no number"}}, "no_id"),
        ({"tweet": {"id_str": "../../etc", "full_text": "x"}}, "no_id"),
        ({"tweet": {"id_str": "٣", "full_text": "x"}}, "no_id"),
        (
            {"tweet": {"id_str": "5", "full_text": 7, "created_at": "Wed Sep 04 13:51:55 +0000 2019"}},
            "item_shape",
        ),
        (
            {"tweet": {"id_str": "5", "full_text": "x", "created_at": "Wed Sep 99 13:51:55 +0000 2019"}},
            "no_date",
        ),
        ({"tweet": [1]}, "no_id"),
        ("text", "item_shape"),
        (None, "item_shape"),
    ],
)
def test_a_broken_entry_is_one_line_and_the_rest_is_taken(
    take_x: Any, make_tweet: Any, entry: Any, code: str
) -> None:
    taken = take_x([make_tweet(1, "before"), entry, make_tweet(2, "after")])
    assert [post.text for post in taken.posts] == ["before", "after"]
    assert taken.codes == [code]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"tweet": {"id_str": "5", "id_str": "6"}}', "item_not_json"),
        (b'{"tweet": {"id_str": NaN}}', "item_not_json"),
        (b'{"tweet": ' + b"[" * 100 + b"]" * 100 + b"}", "item_not_json"),
        (b'{"tweet": ' + b"[" * 5000 + b"]" * 5000 + b"}", "item_not_json"),
        (b"{'tweet': 1}", "item_not_json"),
        ('{"tweet": {"full_text": "é"}}'.encode("latin-1"), "item_encoding"),
        ('{"tweet": {"full_text": "خبز"}}'.encode("cp1256"), "item_encoding"),
        (b'{"tweet": "' + b"x" * 2**20 + b'"}', "item_too_large"),
    ],
)
def test_what_is_no_strict_json_is_one_line_and_the_rest_is_taken(
    take: Any, make_tweet: Any, raw: bytes, code: str
) -> None:
    around = [json.dumps(make_tweet(number, "fine")).encode() for number in (1, 2)]
    taken = take(
        {"data/tweets.js": b"window.YTD.tweets.part0 = [" + b",".join([around[0], raw, around[1]]) + b"]"}
    )
    assert (len(taken.posts), taken.codes) == (2, [code])


def test_nesting_of_ten_levels_is_no_offence(take_x: Any, make_tweet: Any) -> None:
    deep: Any = "end"
    for _level in range(10):
        deep = {"inner": [deep]}
    assert len(take_x([make_tweet(1, "fine", extra=deep)]).posts) == 1


def test_texts_are_made_clean_and_say_so(take: Any, make_tweet: Any) -> None:
    part = json.dumps([make_tweet(1, "a\0b\x1bc \ud83d half \U0001f600 whole \\ud83d\r\nline")])
    (post,) = take({"data/tweets.js": f"window.YTD.tweets.part0 = {part}"}).posts
    assert post.text == "abc � half \U0001f600 whole \\ud83d\nline"
    assert post.notes == ("control_characters", "half_characters")


def test_one_post_in_two_parts_is_taken_once(take_x: Any, make_tweet: Any, make_part: Any) -> None:
    taken = take_x([make_tweet(1, "x")], {"data/tweets-part1.js": make_part("tweets", [make_tweet(1, "x")])})
    assert (len(taken.posts), taken.codes) == (1, ["repeated"])


def test_profile_and_relations(take_x: Any, make_part: Any) -> None:
    bio = {"bio": "Baker\0", "website": "https://example.org", "location": "دمشق"}
    profile = {
        "profile": {"description": bio, "avatarMediaUrl": "https://pbs.twimg.com/profile_images/1/me.jpg"}
    }
    taken = take_x(
        [],
        {
            "data/profile.js": make_part("profile", [profile]),
            "data/profile_media/7001-me.jpg": b"face",
            "data/following.js": make_part(
                "following", [{"following": {"accountId": "12"}}, {"following": {}}]
            ),
            "data/follower.js": make_part(
                "follower", [{"follower": {"accountId": "13", "userLink": "javascript:x"}}]
            ),
            "data/block.js": make_part("block", [{"blocking": {"accountId": "14"}}]),
            "data/mute.js": make_part("mute", [{"muting": {"accountId": "15"}}]),
            "data/like.js": make_part("like", [{"like": {"tweetId": "99"}}, {"like": {"tweetId": "x"}}]),
            "data/twitter-circle-tweet.js": make_part("twitter_circle_tweet", []),
        },
    )
    assert (taken.profile.handle, taken.profile.name, taken.profile.bio) == ("alice_x", "Alice أليس", "Baker")
    assert (taken.profile.website, taken.profile.location) == ("https://example.org", "دمشق")
    assert taken.profile.avatar == "data/profile_media/7001-me.jpg"
    assert [(each.relation, each.source_id) for each in taken.follows] == [
        ("following", "12"),
        ("follower", "13"),
        ("blocked", "14"),
        ("muted", "15"),
    ]
    assert [each.url for each in taken.references] == ["https://x.com/i/web/status/99"]
    assert sorted(taken.codes) == ["closed_circle", "item_shape", "item_shape"]


def test_a_real_archive(
    tmp_path: Path, shared_data: Path, zip_at: Callable[..., Path], read_path: Any
) -> None:
    source = shared_data / "data" / "archives" / "x"
    files = {f"data/{each.name}": each.read_bytes() for each in sorted((source / "zip_contents").iterdir())}
    files["data/tweets.js"] = b"window.YTD.tweets.part0 = " + (source / "tweets.json").read_bytes()
    taken = read_path(zip_at(tmp_path / "x.zip", files))
    assert taken.profile.handle == "simonw"
    assert [post.source_id for post in taken.posts] == ["1169196446043664385", "1168529001599533057"]
    assert all("t.co" not in post.text for post in taken.posts)
    assert "http://www.owlsnearme.com" in taken.posts[0].text
    assert taken.report.taken == {"profile": 1, "post": 2, "following": 2, "follower": 2}
    assert taken.codes == ["boost_of_other", "media_missing"]


def test_a_folder_as_its_owner_tidied_it(shared_data: Path, read_path: Any) -> None:
    taken = read_path(shared_data / "data" / "archives" / "x")
    assert taken.profile.handle == "simonw"
    assert [post.source_id for post in taken.posts] == ["1169196446043664385", "1168529001599533057"]
    assert taken.posts[0].url == "https://x.com/simonw/status/1169196446043664385"
    assert taken.report.taken == {"profile": 1, "post": 2, "following": 2, "follower": 2}


def test_parts_without_posts_in_no_folder_are_of_x(tmp_path: Path, make_part: Any, read_path: Any) -> None:
    account = {"account": {"username": "alice_x", "accountId": "7001"}}
    (tmp_path / "account.js").write_text(make_part("account", [account]))
    (tmp_path / "following.js").write_text(make_part("following", [{"following": {"accountId": "12"}}]))
    taken = read_path(tmp_path)
    assert taken.profile.handle == "alice_x"
    assert [each.source_id for each in taken.follows] == ["12"]
