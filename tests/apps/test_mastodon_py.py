"""``Mastodon.py``, as published, against a running server: everything a member does in a day."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any

import pytest
from browsing import Person, photo
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from running_house import House

pytestmark = pytest.mark.slow
SCOPES = ["read", "write", "follow", "push"]


def signed_in(person: Person) -> Mastodon:
    """Registered as an app, let in on the page, the code redeemed."""
    base = person.house.url
    client_id, secret = Mastodon.create_app("scripts", scopes=SCOPES, api_base_url=base)
    api = Mastodon(client_id, secret, api_base_url=base)
    code = person.lets_in(api.auth_request_url(scopes=SCOPES, allow_http=True))
    api.log_in(code=code, scopes=SCOPES, allow_http=True)
    return api


@pytest.fixture(scope="module")
def nadias(nadia: Person) -> Mastodon:
    return signed_in(nadia)


@pytest.fixture(scope="module")
def omars(omar: Person) -> Mastodon:
    return Mastodon(access_token=omar.token(), api_base_url=omar.house.url)


@pytest.fixture(scope="module")
def charlies(charlie: Person) -> Mastodon:
    return Mastodon(access_token=charlie.token(), api_base_url=charlie.house.url)


def soon(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What it gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_what_the_server_says_of_itself(app_house: House) -> None:
    api = Mastodon(api_base_url=app_house.url)
    assert "Majlis" in api.instance().version
    assert api.instance_v1().uri == api.instance_v2().domain
    assert api.instance_nodeinfo().software.name == "majlis"
    assert api.instance_health()
    assert api.instance_rules() == []
    assert api.instance_peers() == []
    assert len(api.instance_activity()) == 12
    assert api.instance_extended_description().content
    assert api.trending_tags() == []
    assert api.custom_emojis() == []
    assert api.verify_minimum_version("4.4.0")


def test_signing_in_by_name_and_password_is_not_offered(nadia: Person) -> None:
    client_id, secret = Mastodon.create_app("x", scopes=SCOPES, api_base_url=nadia.house.url)
    api = Mastodon(client_id, secret, api_base_url=nadia.house.url)
    with pytest.raises(Exception, match=r".+"):
        api.log_in("nadia@example.org", "a long walk by the sea", scopes=SCOPES, allow_http=True)


def test_the_own_account(nadias: Mastodon) -> None:
    own = nadias.account_verify_credentials()
    assert (own.acct, own.source.privacy) == ("nadia", "public")
    changed = nadias.account_update_credentials(
        display_name="نادية",
        note="I bake.",
        avatar=photo(),
        avatar_mime_type="image/png",
        fields=[("City", "حلب")],
        bot=False,
        discoverable=True,
    )
    assert (changed.display_name, changed.source.note) == ("نادية", "I bake.")
    assert changed.fields[0].value == "حلب"
    assert changed.avatar.endswith(".webp")
    assert nadias.preferences()["posting:default:visibility"] == "public"
    assert nadias.account_lookup("nadia").id == own.id


def test_posts_of_every_kind(nadias: Mastodon) -> None:
    picture = nadias.media_post(photo(), mime_type="image/png", description="a red wall", focus=(0.5, -0.5))
    assert picture.url
    with_photo = nadias.status_post("مرحبا #حلب", media_ids=[picture], spoiler_text="a wall", language="ar")
    shown = with_photo.media_attachments[0]
    assert (shown.description, shown.meta.focus.x) == ("a red wall", 0.5)
    assert (with_photo.spoiler_text, with_photo.language, with_photo.visibility) == ("a wall", "ar", "public")
    assert [tag.name for tag in with_photo.tags] == ["حلب"]
    poll = nadias.make_poll(["tea", "coffee"], expires_in=600, multiple=True)
    with_poll = nadias.status_post("What do you drink?", poll=poll, visibility="unlisted")
    assert [option.title for option in with_poll.poll.options] == ["tea", "coffee"]
    key = "only once"
    first, second = (nadias.status_post("once", idempotency_key=key) for _ in range(2))
    assert first.id == second.id


def test_two_who_talk(nadias: Mastodon, omars: Mastodon, charlies: Mastodon) -> None:
    nadia, omar = nadias.me(), omars.me()
    assert omars.account_follow(nadia).following
    post = nadias.status_post("Fresh bread at noon")
    assert post.id in [each.id for each in omars.timeline_home()]
    answer = omars.status_reply(post, "I am coming")
    assert answer.in_reply_to_id == post.id
    assert omars.status_favourite(post).favourited
    assert omars.status_reblog(post).reblog.reblogged
    assert omars.status_bookmark(post).bookmarked
    told = soon(lambda: _told(nadias, {"follow", "mention", "favourite", "reblog"}))
    assert {each.account.acct for each in told} == {"omar"}
    groups = nadias.grouped_notifications()
    assert {group.type for group in groups.notification_groups} >= {"follow", "mention", "favourite"}
    assert nadias.notifications_unread_count().count >= 4
    context = nadias.status_context(post)
    assert [each.id for each in context.descendants] == [answer.id]
    assert [each.acct for each in nadias.status_favourited_by(post)] == ["omar"]
    assert [each.acct for each in nadias.status_reblogged_by(post)] == ["omar"]
    assert [each.id for each in omars.bookmarks()] == [post.id]
    assert [each.id for each in omars.favourites()] == [post.id]
    assert omars.account_relationships(nadia)[0].following
    assert omar.id in [each.id for each in nadias.account_followers(nadia)]
    assert charlies.notifications() == []


def _told(api: Mastodon, types: set[str]) -> Any:
    found = api.notifications()
    return found if {each.type for each in found} >= types else None


def test_for_followers_only(nadias: Mastodon, omars: Mastodon, charlies: Mastodon) -> None:
    omars.account_follow(nadias.me())
    post = nadias.status_post("for those who follow", visibility="private")
    assert omars.status(post).id == post.id
    with pytest.raises(MastodonNotFoundError):
        charlies.status(post)
    with pytest.raises(MastodonNotFoundError):
        charlies.status_favourite(post)
    assert post.id not in [each.id for each in charlies.account_statuses(nadias.me())]


def test_editing_and_deleting(nadias: Mastodon) -> None:
    post = nadias.status_post("Bred", spoiler_text="food")
    edited = nadias.status_update(post, "Bread")
    assert edited.edited_at is not None
    assert "Bread" in edited.content
    assert [("Bred" in each.content) for each in nadias.status_history(post)] == [True, False]
    assert nadias.status_source(post).text == "Bread"
    assert nadias.status_delete(post).text == "Bread"
    with pytest.raises(MastodonNotFoundError):
        nadias.status(post)


def test_voting(nadias: Mastodon, omars: Mastodon) -> None:
    poll = nadias.make_poll(["yes", "no"], expires_in=600)
    made = nadias.status_post("Well?", poll=poll).poll
    voted = omars.poll_vote(made, [1])
    assert (voted.own_votes, voted.votes_count) == ([1], 1)
    with pytest.raises(MastodonAPIError):
        omars.poll_vote(made, [0])


def test_scheduling_answers_with_what_is_scheduled(nadias: Mastodon) -> None:
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC) + timedelta(hours=2)
    waiting = nadias.status_post("later", scheduled_at=at)
    assert waiting.scheduled_at.replace(microsecond=0) == at.replace(microsecond=0)
    assert [each.id for each in nadias.scheduled_statuses()] == [waiting.id]
    nadias.scheduled_status_delete(waiting)
    assert nadias.scheduled_statuses() == []


def test_lists_filters_markers_mutes_and_blocks(
    nadias: Mastodon, omars: Mastodon, charlies: Mastodon
) -> None:
    omar, charlie = omars.me(), charlies.me()
    made = nadias.list_create("Friends", replies_policy="list")
    nadias.account_follow(omar)
    nadias.list_accounts_add(made, [omar])
    assert [each.acct for each in nadias.list_accounts(made)] == ["omar"]
    post = omars.status_post("to be listed")
    assert post.id in [each.id for each in nadias.timeline_list(made)]
    nadias.list_accounts_delete(made, [omar])
    assert nadias.list_update(made, "Family").title == "Family"
    nadias.list_delete(made)
    own = nadias.create_filter_v2("Football", ["home"], "hide", keywords_attributes=[{"keyword": "match"}])
    nadias.add_filter_keyword_v2(own, "goal", whole_word=True)
    assert {word.keyword for word in nadias.filter_keywords_v2(own)} == {"match", "goal"}
    nadias.delete_filter_v2(own)
    assert nadias.filters_v2() == []
    assert nadias.markers_set("home", post.id)["home"].last_read_id == post.id
    assert nadias.markers_get("home")["home"].last_read_id == post.id
    assert nadias.account_mute(charlie, duration=60).muting
    assert [each.acct for each in nadias.mutes()] == ["charlie"]
    assert not nadias.account_unmute(charlie).muting
    assert nadias.account_block(charlie).blocking
    assert [each.acct for each in nadias.blocks()] == ["charlie"]
    assert not nadias.account_unblock(charlie).blocking
    nadias.domain_block("spam.example")
    assert nadias.domain_blocks() == ["spam.example"]
    nadias.domain_unblock("spam.example")
    assert nadias.account_note_set(charlie, "who?").note == "who?"
    report = nadias.report(charlie, comment="spam", category="spam")
    assert report.target_account.acct == "charlie"


def test_searching(nadias: Mastodon, omars: Mastodon) -> None:
    post = nadias.status_post("Pomegranate season #رمان")
    found = soon(lambda: [each.id for each in omars.search("pomegranate").statuses])
    assert found == [post.id]
    assert [each.name for each in omars.search("رمان", result_type="hashtags").hashtags] == ["رمان"]
    people = soon(lambda: omars.account_search("nadia"))
    assert [each.acct for each in people] == ["nadia"]
    assert omars.tag_follow("رمان").following
    assert [each.name for each in omars.followed_tags()] == ["رمان"]
    assert post.id in [each.id for each in omars.timeline_hashtag("رمان")]
    omars.tag_unfollow("رمان")


def test_pages_in_both_directions(nadias: Mastodon) -> None:
    made = [nadias.status_post(f"page {number}").id for number in range(5)]
    first = nadias.account_statuses(nadias.me(), limit=2)
    older = nadias.fetch_next(first)
    assert [each.id for each in [*first, *older]] == list(reversed(made))[:4]
    assert [each.id for each in nadias.fetch_previous(older)] == [each.id for each in first]


class Heard(StreamListener):
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.events: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_update(self, status: Any) -> None:
        self.events.put(("update", status))

    def on_delete(self, status_id: Any) -> None:
        self.events.put(("delete", status_id))

    def on_notification(self, notification: Any) -> None:
        self.events.put(("notification", notification))

    def on_status_update(self, status: Any) -> None:
        self.events.put(("edited", status))

    def next(self, name: str) -> Any:
        """The next event of the name, others passed over."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            heard, payload = self.events.get(timeout=60)
            if heard == name:
                return payload
        raise TimeoutError(name)


def test_live(nadias: Mastodon, omars: Mastodon) -> None:
    assert nadias.stream_healthy()
    omars.account_follow(nadias.me())
    nadias_ear, omars_ear = Heard(), Heard()
    streams = [
        nadias.stream_user(nadias_ear, run_async=True),
        omars.stream_user(omars_ear, run_async=True),
    ]
    try:
        assert soon(lambda: all(stream.is_receiving() for stream in streams))
        post = nadias.status_post("heard at once")
        assert omars_ear.next("update").id == post.id
        nadias.status_update(post, "heard again")
        assert "again" in omars_ear.next("edited").content
        omars.status_favourite(post)
        told = nadias_ear.next("notification")
        assert (told.type, told.account.acct, told.status.id) == ("favourite", "omar", post.id)
        nadias.status_delete(post)
        assert str(omars_ear.next("delete")) == str(post.id)
    finally:
        for stream in streams:
            stream.closed = True  # close() would wait for the next heartbeat, fifteen seconds each


def test_signing_out(nadia: Person) -> None:
    api = signed_in(nadia)
    token = api.access_token
    api.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token=token, api_base_url=nadia.house.url).account_verify_credentials()
