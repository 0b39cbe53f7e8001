"""Live streams: who hears what, in which form, and until when."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from houses import House
from streaming import Events
from town import Person, Town

_BLOCK = """
people.block(
    by=given[0], whom=people_access.see_profile(profile_id=given[1], viewer_id=given[0]), at=now()
)
"""
_REVOKE = """
from hashlib import sha256
from majlis.accounts.models import AccessToken
row = AccessToken.objects.get(token_checksum=sha256(given.encode()).hexdigest())
tokens.revoke(token_id=row.pk, by=row.user_id, at=now())
"""


def socket(house: House, query: str = "", *, token: str = "", **how: Any) -> ClientConnection:
    """A WebSocket; refused with InvalidStatus."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return connect(
        f"ws://127.0.0.1:{house.port}/api/v1/streaming{query}",
        additional_headers=headers,
        proxy=None,
        **how,
    )


def heard(connection: ClientConnection, timeout: float = 30) -> dict[str, Any]:
    """The next message; ``payload`` decoded where it is an object."""
    message: dict[str, Any] = json.loads(connection.recv(timeout=timeout))
    if str(message.get("payload", "")).startswith("{"):
        message["payload"] = json.loads(message["payload"])
    return message


_TO_CIRCLE = """
circle = people.create_circle(by=given[0], name="regulars", at=now())
people.add_to_circle(
    circle=people_access.own_circle(circle_id=circle, by=given[0]), by=given[0],
    member=people_access.see_profile(profile_id=given[1], viewer_id=given[0]), at=now(),
)
params = PostParams(text="for the regulars #bread", audience="circle", circle_id=circle)
result = str(posts.publish(by=given[0], params=params, at=now()).post_id)
"""


# what is heard ------------------------------------------------------------------------------------------


def test_a_post_is_heard_as_it_stands_in_the_feed(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    with bob.hears() as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["access-control-allow-origin"] == "*"
        posted = alice.post("bread is ready #bread")
        name, payload = stream.next() or ("", {})
    assert name == "update"
    assert payload == bob.home()[0]
    assert payload["id"] == posted["id"]


def test_charlie_hears_nothing_that_is_not_his(town: Town) -> None:
    alice, bob, charlie = town.friends()
    charlie.follow(alice)
    town.house.hand(_BLOCK, [alice.id, charlie.id])
    streams = [charlie.hears(path) for path in ("user", "public", "direct", "hashtag?tag=bread")]
    with socket(town.house, "?stream=user", token=charlie.token) as web_socket, bob.hears() as bobs:
        private = [
            alice.post("for followers #bread", visibility="private")["id"],
            alice.post(f"@{bob.handle} between us #bread", visibility="direct")["id"],
            alice.post("a public one, but she blocked him #bread")["id"],
        ]
        marker = charlie.post(f"@{charlie.handle} my own #bread")["id"]
        for stream in (streams[0], streams[1], streams[3]):
            assert stream.names_until(marker) == []
        assert heard(web_socket)["payload"]["id"] == marker
        direct = charlie.post("to nobody", visibility="direct")["id"]
        assert streams[2].names_until(direct) == []
        assert (bobs.next_post() or ("", {}))[1]["id"] == private[0]
        assert (bobs.next_post() or ("", {}))[1]["id"] == private[2]
    for stream in streams:
        stream.close()


def test_a_circle_hears_what_is_for_it_and_no_other_follower(town: Town) -> None:
    alice, bob, charlie = town.friends()
    charlie.follow(alice)
    with bob.hears() as bobs, charlie.hears("user") as home, charlie.hears("hashtag?tag=bread") as tag:
        posted = town.house.hand(_TO_CIRCLE, [alice.id, bob.id])
        assert (bobs.next_post() or ("", {}))[1]["id"] == posted
        marker = charlie.post(f"@{charlie.handle} my own #bread")["id"]
        assert home.names_until(marker) == []
        assert tag.names_until(marker) == []


def test_direct_posts_are_heard_by_those_they_are_for(town: Town) -> None:
    alice, bob, charlie = town.friends()
    with bob.hears("direct") as bobs, charlie.hears("direct") as charlies, bob.hears("user") as home:
        posted = alice.post(f"@{bob.handle} between us", visibility="direct")["id"]
        assert (bobs.next() or ("", {}))[1]["id"] == posted
        marker = charlie.post("to myself", visibility="direct")["id"]
        assert charlies.names_until(marker) == []
        after = alice.post("afterwards")["id"]
        assert home.names_until(after) == []


def test_public_streams_hear_what_is_public_and_starts_a_conversation(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    stranger = town.person("dana")
    with stranger.hears("public") as public, stranger.hears("public/local") as local:
        alice.post("unlisted", visibility="unlisted")
        alice.post("private", visibility="private")
        first = alice.post("public")["id"]
        bob.post("an answer", in_reply_to_id=first)
        bob.ask(f"/api/v1/statuses/{first}/reblog", method="POST")
        last = bob.post("also public")["id"]
        for stream in (public, local):
            assert stream.names_until(last) == [first]


def test_a_hashtag_is_heard_in_every_spelling(town: Town) -> None:
    alice, _bob, charlie = town.friends()
    path = "hashtag?tag=%D8%AE%D8%A8%D9%92%D8%B2"  # with a diacritic
    with charlie.hears(path) as stream, charlie.hears("hashtag/local?tag=BREAD") as local:
        alice.post("something else #cake")
        alice.post("for followers #خبز", visibility="private")
        wanted = alice.post("طازج #خبز #Bread")["id"]
        assert (stream.next() or ("", {}))[1]["id"] == wanted
        assert (local.next() or ("", {}))[1]["id"] == wanted


def test_a_list_is_heard_by_its_owner_alone(town: Town) -> None:
    alice, bob, charlie = town.friends()
    charlie.follow(alice)
    made = alice.ask("/api/v1/lists", method="POST", send={"title": "friends"}).json()["id"]
    alice.ask(f"/api/v1/lists/{made}/accounts", method="POST", send={"account_ids": [str(bob.id)]})
    dana = town.person("dana")
    alice.follow(dana)
    with alice.hears(f"list?list={made}") as stream:
        dana.post("not on the list")
        wanted = bob.post("on the list", visibility="private")["id"]
        assert (stream.next() or ("", {}))[1]["id"] == wanted
    with charlie.hears(f"list?list={made}") as refused:
        assert refused.status == 404


def test_a_list_is_heard_with_its_reply_policy(town: Town) -> None:
    alice, bob, charlie = town.friends()
    alice.follow(charlie)
    asked = charlie.post("not on the list")["id"]
    lists = {}
    for policy in ("none", "list", "followed"):
        made = alice.ask(
            "/api/v1/lists", method="POST", send={"title": policy, "replies_policy": policy}
        ).json()
        path = f"/api/v1/lists/{made['id']}/accounts"
        assert alice.ask(path, method="POST", send={"account_ids": [str(bob.id)]}).status == 200
        lists[policy] = made["id"]
    streams = {policy: alice.hears(f"list?list={id_}") for policy, id_ in lists.items()}
    answer = bob.post("an answer", in_reply_to_id=asked)["id"]
    last = bob.post("no answer")["id"]
    for policy, stream in streams.items():
        heard = stream.names_until(last)
        page = [each["id"] for each in alice.ask(f"/api/v1/timelines/list/{lists[policy]}").json()]
        assert heard == [each for each in page if each != last], policy
        assert heard == ([answer] if policy == "followed" else []), policy
        stream.close()


def test_deleting_and_editing_are_heard(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    with bob.hears() as stream, socket(town.house, "?stream=user", token=bob.token) as web_socket:
        posted = alice.post("bred")["id"]
        assert (stream.next() or ("", {}))[0] == "update"
        assert heard(web_socket)["event"] == "update"
        alice.ask(f"/api/v1/statuses/{posted}", method="PUT", send={"status": "bread"})
        name, payload = stream.next() or ("", {})
        assert (name, payload["content"]) == ("status.update", "<p>bread</p>")
        assert payload["edited_at"]
        assert heard(web_socket)["event"] == "status.update"
        alice.ask(f"/api/v1/statuses/{posted}", method="DELETE")
        assert stream.next() == ("delete", posted)
        gone = heard(web_socket)
        assert (gone["event"], gone["payload"], gone["stream"]) == ("delete", posted, ["user"])


def test_a_post_that_is_not_for_her_any_more_goes(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    with bob.hears() as stream:
        posted = alice.post("for all of you")["id"]
        assert (stream.next() or ("", {}))[0] == "update"
        alice.ask(
            f"/api/v1/statuses/{posted}",
            method="PUT",
            send={"status": "for me", "majlis": {"audience": "mentioned"}},
        )
        assert stream.next() == ("delete", posted)


def test_following_and_unfollowing_change_what_an_open_stream_hears(town: Town) -> None:
    alice, bob = town.person("alice"), town.person("bob")
    with bob.hears() as stream:
        alice.post("before")
        bob.follow(alice)
        during = alice.post("during")["id"]
        assert (stream.next() or ("", {}))[1]["id"] == during
        bob.ask(f"/api/v1/accounts/{alice.id}/unfollow", method="POST")
        alice.post("after")
        own = bob.post("own")["id"]
        assert stream.names_until(own) == []


def test_streams_are_joined_and_left_on_one_socket(town: Town) -> None:
    alice, bob, charlie = town.friends()
    with socket(town.house, token=bob.token) as connection:
        connection.send(json.dumps({"type": "subscribe", "stream": "hashtag", "tag": "soup"}))
        connection.send(json.dumps({"type": "subscribe", "stream": "public"}))
        connection.send(json.dumps({"type": "subscribe", "stream": "nonsense"}))
        assert heard(connection)["status"] == 404
        wanted = charlie.post("soup #soup")["id"]
        streams = [heard(connection), heard(connection)]
        assert sorted(message["stream"] for message in streams) == [["hashtag", "soup"], ["public"]]
        assert {message["payload"]["id"] for message in streams} == {wanted}
        connection.send(json.dumps({"type": "unsubscribe", "stream": "public"}))
        connection.send(json.dumps({"type": "subscribe", "stream": "user"}))
        connection.send("no JSON")
        assert heard(connection)["status"] in (400, 422)
        charlie.post("not heard")
        wanted = alice.post("heard at home")["id"]
        message = heard(connection)
        assert (message["stream"], message["payload"]["id"]) == (["user"], wanted)


def test_the_token_may_come_as_a_sub_protocol(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    with socket(town.house, "?stream=user", subprotocols=[bob.token]) as connection:
        assert connection.subprotocol == bob.token
        wanted = alice.post("heard")["id"]
        assert heard(connection)["payload"]["id"] == wanted


# who may hear -------------------------------------------------------------------------------------------

_STREAMS = {
    "user": ("read", "read:statuses"),
    "user/notification": ("read", "read:notifications"),
    "public": ("read", "read:statuses"),
    "public/local": ("read", "read:statuses"),
    "public/media": ("read", "read:statuses"),
    "public/remote": ("read", "read:statuses"),
    "hashtag?tag=bread": ("read", "read:statuses"),
    "hashtag/local?tag=bread": ("read", "read:statuses"),
    "list?list=LIST": ("read", "read:lists"),
    "direct": ("read", "read:statuses"),
}
_SCOPES = ("read", "read:statuses", "read:notifications", "read:lists", "read:accounts", "write", "profile")


def test_ghsa_7gwh_mw97_qjgp_each_stream_asks_for_its_scope(town: Town) -> None:
    """Each token against each stream, both ways: exactly those that the documentation grants."""
    alice = town.person("alice")
    made = alice.ask("/api/v1/lists", method="POST", send={"title": "a list"}).json()["id"]
    granted, expected = set(), set()
    for scopes in _SCOPES:
        token = alice.with_scopes(scopes)
        with socket(town.house, token=token) as joined:
            for stream, needed in _STREAMS.items():
                path = stream.replace("LIST", made)
                if scopes in needed:
                    expected |= {("sse", scopes, stream), ("ws", scopes, stream), ("sub", scopes, stream)}
                with Events(town.house.port, f"/api/v1/streaming/{path}", token=token) as events:
                    assert events.status in (200, 403)
                    if events.status == 200:
                        granted.add(("sse", scopes, stream))
                name, _mark, query = path.partition("?")
                name = name.replace("/", ":")
                try:
                    with socket(town.house, f"?stream={name}&{query}", token=token):
                        granted.add(("ws", scopes, stream))
                except InvalidStatus:
                    pass
                asked = dict(part.split("=") for part in query.split("&") if part)
                joined.send(json.dumps({"type": "subscribe", "stream": name, **asked}))
                # the answer to a request that is surely refused tells that the one before was taken
                joined.send(json.dumps({"type": "subscribe", "stream": "nonsense"}))
                answers = [heard(joined)["status"]]
                if answers == [403]:
                    answers.append(heard(joined)["status"])
                else:
                    granted.add(("sub", scopes, stream))
                assert answers[-1] == 404
    assert granted == expected


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_nobody_hears_without_a_token(town: Town, token: str) -> None:
    for path in ("user", "public", "hashtag?tag=a", "list?list=1", "direct"):
        with Events(town.house.port, f"/api/v1/streaming/{path}", token=token) as events:
            assert events.status == 401
    with pytest.raises(InvalidStatus):
        socket(town.house, "?stream=public", token=token)


def test_unknown_streams_and_missing_parameters_are_refused_plainly(town: Town) -> None:
    alice = town.person("alice")
    for path, status in (("nonsense", 404), ("hashtag", 422), ("list", 422), ("list?list=x", 422), ("", 404)):
        with alice.hears(path) as events:
            assert events.status == status
    assert town.house.ask("/api/v1/streaming/health").body == b"OK"


def test_an_application_alone_hears_what_is_public_only(town: Town) -> None:
    code = (
        'result = tokens.issue_token(user_id=None, profile_id=None, application="a", scopes="read", at=now())'
    )
    token = town.house.hand(code)
    for path, status in (("public", 200), ("hashtag?tag=a", 200), ("user", 403), ("direct", 403)):
        with Events(town.house.port, f"/api/v1/streaming/{path}", token=token) as events:
            assert events.status == status, path


@pytest.mark.parametrize("kind", ["text", "bytes", "letters of two bytes", "pieces"])
def test_too_much_at_a_time_ends_the_connection(town: Town, kind: str) -> None:
    """RFC 6455, 7.4.1: 1009. The longest that is taken gets an answer; nothing else is heard after more."""
    alice = town.person("alice")
    most = {
        "text": "x" * 4096,
        "bytes": b"x" * 4096,
        "letters of two bytes": "ب" * 2048,
        "pieces": "x" * 4096,
    }
    with socket(town.house, token=alice.token) as connection:
        connection.send(most[kind])
        assert heard(connection)["status"] == 422
        more = most[kind] + most[kind][:1]  # type: ignore[operator]
        connection.send([more[:2000], more[2000:]] if kind == "pieces" else more)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with socket(town.house, "?stream=user", token=alice.token) as connection:
        connection.send("x" * 15_000_000)
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


# until when ---------------------------------------------------------------------------------------------


@contextmanager
def _streams_of(person: Person) -> Iterator[Callable[[], None]]:
    """A stream of each kind, and a function that waits a second for both to be ended by the server."""
    with person.hears() as events, socket(person.house, "?stream=user", token=person.token) as connection:

        def both_end() -> None:
            began = time.monotonic()
            assert events.ends_within(1)
            with pytest.raises(ConnectionClosed):
                connection.recv(timeout=1)
            assert time.monotonic() - began < 1.5

        yield both_end


def test_ghsa_vp5r_5pgw_jwqx_a_revoked_token_hears_nothing_more(town: Town) -> None:
    alice = town.person("alice")
    kept = alice.with_scopes("read")
    with alice.hears(token=kept) as other, _streams_of(alice) as both_end:
        town.house.hand(_REVOKE, alice.token)
        both_end()
        assert not other.ends_within(0.1)
    with alice.hears() as again:
        assert again.status == 401


def test_cve_2025_62175_a_withdrawn_profile_hears_nothing_more(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    with _streams_of(bob) as both_end:
        town.house.hand("people.withdraw_profile(profile_id=given, at=now())", bob.id)
        both_end()
    with bob.hears() as again:
        assert again.status == 403
    with pytest.raises(InvalidStatus):
        socket(town.house, "?stream=user", token=bob.token)
    alice.post("he does not hear this")


@pytest.mark.slow
def test_a_stream_that_says_nothing_gives_a_sign_of_life(town: Town) -> None:
    with town.person("alice").hears() as stream:
        with pytest.raises(TimeoutError):
            stream.next(16)
        assert stream.comments[-1] == ":thump"


# the browser's ------------------------------------------------------------------------------------------

_SESSION = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
user = User.objects.get(pk=given)
store = SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store.save()
UserSession.objects.create(user=user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
result = store.session_key
"""


def _signed_in(person: Person) -> dict[str, str]:
    return {"Cookie": f"majlis_session={person.house.hand(_SESSION, person.user_id)}"}


def test_a_signed_in_browser_hears_ids(town: Town) -> None:
    alice, bob, charlie = town.friends()
    with Events(town.house.port, "/live", headers=_signed_in(bob)) as stream:
        assert stream.status == 200
        charlie.post("not in his feed")
        posted = alice.post("in his feed", visibility="private")["id"]
        assert stream.next() == ("post", posted)
        alice.ask(f"/api/v1/statuses/{posted}", method="PUT", send={"status": "other"})
        assert stream.next() == ("changed", posted)
        alice.ask(f"/api/v1/statuses/{posted}", method="DELETE")
        assert stream.next() == ("gone", posted)


def test_an_ended_session_hears_nothing_more(town: Town) -> None:
    alice = town.person("alice")
    cookie = _signed_in(alice)
    with Events(town.house.port, "/live", headers=cookie) as stream:
        town.house.hand(
            "from majlis.accounts import sessions\nsessions.end_all(user_id=given, at=now())", alice.user_id
        )
        assert stream.ends_within(1)
    with Events(town.house.port, "/live", headers=cookie) as again:
        assert again.status == 401


def test_signing_out_ends_the_stream_of_that_browser(town: Town) -> None:
    alice = town.person("alice")
    cookie, other = _signed_in(alice), _signed_in(alice)
    page = town.house.ask("/accounts/logout/", headers=cookie)
    csrf = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    token = re.search(r"csrftoken=(\w+)", page.headers.get("set-cookie", ""))
    assert csrf
    assert token
    with (
        Events(town.house.port, "/live", headers=cookie) as stream,
        Events(town.house.port, "/live", headers=other) as others,
    ):
        done = town.house.ask(
            "/accounts/logout/",
            method="POST",
            headers={
                "Cookie": f"{cookie['Cookie']}; csrftoken={token[1]}",
                "X-CSRFToken": csrf[1].decode(),
                "Content-Length": "0",
            },
        )
        assert done.status == 302, done.body
        assert stream.ends_within(1)
        assert not others.ends_within(0.2)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": "majlis_session=nonsense"},
        {"Cookie": "majlis_session="},
        {"Cookie": '\u00ff=;;;=,"majlis_session'},
    ],
)
def test_a_browser_that_is_not_signed_in_is_refused(town: Town, headers: dict[str, str]) -> None:
    with Events(town.house.port, "/live", headers=headers) as stream:
        assert stream.status == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_cve_2019_13611_ghsa_4qcv_qf38_5j3j_pages_of_others_do_not_hear_with_her_cookie(
    town: Town, headers: dict[str, str]
) -> None:
    cookie = _signed_in(town.person("alice"))
    with Events(town.house.port, "/live", headers={**cookie, **headers}) as stream:
        assert stream.status == 403
    with pytest.raises(InvalidStatus):
        connect(
            f"ws://127.0.0.1:{town.house.port}/api/v1/streaming?stream=user",
            additional_headers=cookie,
            proxy=None,
        )
