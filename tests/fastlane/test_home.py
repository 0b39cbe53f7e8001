"""The lane's home feed says to the byte what Django's says, to those who may ask."""

from __future__ import annotations

from typing import Any

import pytest

from houses import House, until
from town import Person, Town

_THROUGH_DJANGO = """
import base64
from majlis.config.server import wsgi
head = {}
environ = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/timelines/home", "QUERY_STRING": given["query"],
    "SERVER_NAME": "127.0.0.1", "SERVER_PORT": given["port"], "HTTP_HOST": "127.0.0.1:" + given["port"],
    "HTTP_AUTHORIZATION": "Bearer " + given["token"] if given["token"] else "",
    "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "SERVER_PROTOCOL": "HTTP/1.1",
}
def start(status, headers, problem=None):
    head.update({name.lower(): value for name, value in headers}, status=int(status.split()[0]))
body = b"".join(wsgi(environ, start))
result = [head, base64.b64encode(body).decode()]
"""


def through_django(house: House, query: str, *, token: str) -> tuple[dict[str, Any], bytes]:
    """The same request, answered by Django's view through its WSGI application."""
    import base64

    given = {"query": query.lstrip("?"), "token": token, "port": str(house.port)}
    head, body = house.hand(_THROUGH_DJANGO, given)
    return head, base64.b64decode(body)


@pytest.fixture(scope="module")
def reader(town: Town) -> Person:
    """Alice, with a feed that has a bit of everything in it."""
    alice, bob, charlie = town.friends()
    dana = town.person("dana")
    alice.follow(dana)
    texts = [f"Bread number {number} #bread https://example.org/{number}" for number in range(14)]
    posted = [writer.post(text) for text in texts for writer in (bob, dana)]
    bob.post("خبز طازج اليوم #خبز", visibility="private")
    bob.post(f"@{alice.handle} between us", visibility="direct")
    bob.post("a question", poll={"options": ["tea", "coffee"], "expires_in": 3600})
    bob.post("an answer", in_reply_to_id=posted[1]["id"])
    bob.post("carefully", spoiler_text="careful", sensitive=True, language="en")
    charlies = charlie.post("found by nobody")
    bob.post("see this", quoted_status_id=charlies["id"])
    bob.ask(f"/api/v1/statuses/{charlies['id']}/reblog", method="POST")
    alice.ask(f"/api/v1/statuses/{posted[0]['id']}/favourite", method="POST")
    alice.post("my own")
    return alice


def _queries(ids: list[str]) -> list[str]:
    return [
        "",
        "?limit=3",
        "?limit=40",
        "?limit=0",
        "?limit=9999",
        f"?max_id={ids[5]}",
        f"?max_id={ids[5]}&limit=2",
        f"?since_id={ids[5]}",
        f"?min_id={ids[12]}&limit=4",
        f"?max_id={ids[-1]}",
        "?max_id=1",
        f"?min_id={ids[0]}",
        "?max_id=&limit=",
        "?limit=x",
        "?max_id=-5",
    ]


def test_the_lane_and_django_give_the_same_bytes_and_links(town: Town, reader: Person) -> None:
    ids = [post["id"] for post in reader.home("?limit=40")]
    assert len(ids) > 30
    for query in _queries(ids):
        for _warm in range(3):  # cold, then remembered, then the kept answer
            lane = reader.ask(f"/api/v1/timelines/home{query}")
        head, body = through_django(town.house, query, token=reader.token)
        assert (lane.status, lane.body) == (head["status"], body), query
        for name in ("link", "content-type", "cache-control", "access-control-allow-origin"):
            assert lane.headers.get(name) == head.get(name), (query, name)


def test_following_the_links_leads_through_the_whole_feed_once(reader: Person) -> None:
    seen: list[str] = []
    path: str | None = "/api/v1/timelines/home?limit=7"
    while path:
        answer = reader.ask(path)
        seen += [post["id"] for post in answer.json()]
        links = {
            part.split("; ")[1]: part.split("; ")[0].strip("<> ")
            for part in answer.headers.get("link", "").split(", ")
            if part
        }
        following = links.get('rel="next"')
        path = following.split(str(reader.house.port), 1)[1] if following else None
    assert seen == [post["id"] for post in reader.home("?limit=40")]


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        ("read", 200),
        ("read:statuses", 200),
        ("read write follow push", 200),
        ("read:accounts", 403),
        ("read:notifications", 403),
        ("read:lists", 403),
        ("write", 403),
        ("profile", 403),
        ("push", 403),
    ],
)
def test_a_token_reads_home_only_with_its_scope(town: Town, reader: Person, scopes: str, status: int) -> None:
    token = reader.with_scopes(scopes)
    lane = town.house.ask("/api/v1/timelines/home", token=token)
    head, body = through_django(town.house, "", token=token)
    assert lane.status == status == head["status"]
    assert lane.body == body


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5_000, "\u00e4\u00f6", "a b", "Bearer"])
def test_whoever_has_no_good_token_is_refused_in_the_same_words(town: Town, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")} if token else {}
    lane = town.house.ask("/api/v1/timelines/home", headers=headers)
    head, body = through_django(town.house, "", token=token.encode().decode("latin-1"))
    assert lane.status == 401 == head["status"]
    assert lane.body == body


def test_an_application_alone_has_no_home(town: Town) -> None:
    code = (
        'result = tokens.issue_token(user_id=None, profile_id=None, application="a", scopes="read", at=now())'
    )
    token = town.house.hand(code)
    lane = town.house.ask("/api/v1/timelines/home", token=token)
    head, body = through_django(town.house, "", token=token)
    assert (lane.status, lane.body) == (head["status"], body)
    assert lane.status in (403, 422)


def test_a_revoked_token_and_a_withdrawn_profile_read_nothing_more(town: Town) -> None:
    alice, bob, _charlie = town.friends()
    for person in (alice, bob):
        assert person.ask("/api/v1/timelines/home").status == 200
    town.house.hand("tokens.revoke_of_profile(profile_id=given, at=now())", alice.id)
    town.house.hand("people.withdraw_profile(profile_id=given, at=now())", bob.id)
    # done in another process: the server hears of it a moment later
    until(lambda: alice.ask("/api/v1/timelines/home").status == 401)
    until(lambda: bob.ask("/api/v1/timelines/home").status == 403)
    head, _body = through_django(town.house, "", token=bob.token)
    assert head["status"] == 403


def test_the_slash_at_the_end_and_the_token_in_the_address_are_taken(reader: Person) -> None:
    plain = reader.ask("/api/v1/timelines/home").body
    assert reader.ask("/api/v1/timelines/home/").body == plain
    assert reader.house.ask(f"/api/v1/timelines/home?access_token={reader.token}").body == plain
    head = reader.ask("/api/v1/timelines/home", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_charlie_reads_nothing_private_and_no_stranger(town: Town, reader: Person) -> None:
    stranger = town.person("charlie")
    assert stranger.home() == []
    everybody = {post["account"]["id"] for post in reader.home("?limit=40")}
    for id_ in everybody:
        stranger.ask(f"/api/v1/accounts/{id_}/follow", method="POST")
    texts = " ".join(post["content"] for post in stranger.home("?limit=40"))
    assert "Bread number 3" in texts
    assert "between us" not in texts


def test_what_was_asked_with_post_reaches_django(town: Town) -> None:
    assert town.house.ask("/api/v1/timelines/home", method="POST").status == 405


@pytest.mark.parametrize(
    "address",
    [
        "../secrets/django",
        "..%2fsecrets%2fdjango",
        "%2e%2e/secrets/django",
        "....//secrets/django",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "aa/bb/../../../secrets/django",
        "aa\\..\\..\\secrets\\django",
        "%00",
        "aa/bb/x%00.webp",
        "",
        ".",
        "aa/",
        "AA/BB/" + "a" * 32 + "/small.webp",
        "%c0%ae%c0%ae/secrets/django",
        "..;/secrets/django",
    ],
)
def test_no_spelling_of_an_address_leaves_the_media_folder(town: Town, address: str) -> None:
    answer = town.house.ask(f"/media/{address}")
    assert answer.status == 404
    secret = (town.house.data_dir / "secrets" / "django").read_bytes()
    assert secret not in answer.body


def test_a_picture_is_told_of_as_it_is_given(town: Town) -> None:
    """HEAD is how link previews and caches ask first: the length, the type and the tag are those of GET."""
    folder = town.house.data_dir / "media"
    key = "ab" * 16
    file = folder / key[:2] / key[2:4] / key / "small.webp"
    town.house.hand(
        "from majlis.media.store import FolderStore; from pathlib import Path\n"
        "FolderStore(root=Path(given[0])).save(key=given[1], files={'small.webp': b'RIFF' + bytes(996)})",
        [str(folder), key],
    )
    path = f"/media/{file.relative_to(folder)}"
    got, told = town.house.ask(path), town.house.ask(path, method="HEAD")
    assert (got.status, told.status, len(got.body), told.body) == (200, 200, 1000, b"")
    for name in ("content-length", "content-type", "cache-control", "etag", "x-content-type-options"):
        assert told.headers[name] == got.headers[name], name
    assert (told.headers["content-length"], told.headers["content-type"]) == ("1000", "image/webp")
    assert "immutable" in told.headers["cache-control"]
    again = town.house.ask(path, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert town.house.ask(path.replace("small", "large"), method="HEAD").status == 404
