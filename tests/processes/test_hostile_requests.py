"""Requests that no honest client sends, as bytes to a running house: each is refused, and the house goes on."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

import houses
from houses import House
from raw import Heard, hear, request, say
from town import Person, Town

pytestmark = pytest.mark.slow

APP = b'{"client_name":"x","redirect_uris":"urn:ietf:wg:oauth:2.0:oob"}'
JSON = "Content-Type: application/json"
SLOW = 12  # clients: twice the threads of a server
_COOKIE = """
from django.test import Client
client = Client()
client.force_login(cast.User.objects.get(id=given))
result = client.cookies["majlis_session"].value
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with houses.house() as made:
        yield made


@pytest.fixture(scope="module")
def alice(house: House) -> Person:
    return Town(house).person("alice")


def post(house: House, *headers: str, path: str = "/api/v1/apps", body: bytes = b"") -> Heard:
    return say(house.port, request(path, *headers, method="POST", body=body))


def prompt(house: House) -> None:
    """The house answers others at once."""
    began = time.monotonic()
    for path in ("/about", "/api/v1/instance", "/health"):
        assert say(house.port, request(path), timeout=5).status == 200, path
    assert time.monotonic() - began < 4


# bodies


def test_slow_bodies_hold_nobody_up_and_are_given_up(house: House, alice: Person) -> None:
    """Slowloris: more bodies that trickle in than there are threads."""
    head = request("/api/v1/apps", JSON, "Content-Length: 500", method="POST") + b"{"
    waiting = [socket.create_connection(("127.0.0.1", house.port), timeout=60) for _ in range(SLOW)]
    for connection in waiting:
        connection.sendall(head)
    time.sleep(0.5)
    prompt(house)
    assert alice.post("still here")["id"]
    for connection in waiting[1:]:
        connection.close()
    late = hear(waiting[0])  # after half a minute
    assert late.status == 408
    assert b"too long" in late.body
    prompt(house)


def test_slow_headers_are_given_up(house: House) -> None:
    waiting = [socket.create_connection(("127.0.0.1", house.port), timeout=60) for _ in range(SLOW)]
    for connection in waiting:
        connection.sendall(b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
    prompt(house)
    assert all(hear(connection).status in (0, 408) for connection in waiting)


def test_cve_2025_54121_slow_readers_of_files_hold_nobody_up(house: House, alice: Person) -> None:
    """An export of many megabytes, asked for by more readers than there are threads, who read none of it."""
    key = house.hand(_EXPORT, alice.id)
    cookie = f"Cookie: majlis_session={house.hand(_COOKIE, alice.user_id)}"
    ask = request(f"/settings/export/{key}/file", cookie)
    readers = []
    for _reader in range(SLOW):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", house.port))
        reader.sendall(ask)
        assert reader.recv(12) == b"HTTP/1.1 200"
        readers.append(reader)
    prompt(house)
    for reader in readers:
        reader.close()
    whole = say(house.port, ask, timeout=60)
    assert whole.body == b"x" * 30_000_000
    assert "attachment" in whole.head


_EXPORT = """
from majlis.networks.actions import exports_dir
from majlis.networks.models import Export, State
(exports_dir() / "big.zip").write_bytes(b"x" * 30_000_000)
row = Export.objects.create(profile_id=given, made_at=now(), state=State.DONE, file="big.zip", bytes=30_000_000)
result = str(row.id)
"""


def test_bookwyrm_602c505_ghsa_f96h_pmfr_66vw_a_body_is_measured_before_it_is_kept(
    house: House, alice: Person
) -> None:
    """A stranger's, a member's; with a true length, a lying one and none: chunks."""
    form = "Content-Type: application/x-www-form-urlencoded"
    three = b"a=" + b"b" * (3 * 1024 * 1024)
    mine = f"Authorization: Bearer {alice.token}"
    chunked = b"".join(b"10000\r\n" + b"b" * 0x10000 + b"\r\n" for _ in range(48)) + b"0\r\n\r\n"
    for path in ("/api/v1/apps", "/accounts/login/", "/api/v1/statuses", "/compose"):
        assert post(house, form, f"Content-Length: {len(three)}", path=path, body=three).status == 401
        assert post(house, form, "Transfer-Encoding: chunked", path=path, body=chunked).status == 401
        for length in ("99999999999", "300000000"):
            assert post(house, form, f"Content-Length: {length}", path=path, body=b"a").status == 413
    refused = post(house, mine, form, f"Content-Length: {len(three)}", path="/api/v1/statuses", body=three)
    assert refused.status == 413
    assert b"too large" in refused.body
    prompt(house)


def test_cve_2025_54121_many_uploads_at_once_leave_the_event_loop_free(house: House, alice: Person) -> None:
    mine = f"Authorization: Bearer {alice.token}"
    head = request("/api/v2/media", mine, "Content-Type: multipart/form-data; boundary=x",
                   "Content-Length: 15000000", method="POST")  # fmt: skip
    sending = [socket.create_connection(("127.0.0.1", house.port), timeout=60) for _ in range(16)]
    slowest = 0.0
    for _round in range(14):
        for number, connection in enumerate(sending):
            connection.sendall((b"" if _round else head) + b"b" * 1_000_000)
            if number % 4 == 0:
                began = time.monotonic()
                assert say(house.port, request("/health")).status == 200
                slowest = max(slowest, time.monotonic() - began)
    for connection in sending:
        connection.close()
    assert slowest < 1.0
    prompt(house)
    until_empty = list(house.data_dir.glob("tmp*"))
    assert until_empty == []


def test_a_request_that_was_not_whole_is_not_done(house: House) -> None:
    before = house.hand(
        "from majlis.accounts.models import Application; result = Application.objects.count()"
    )
    whole = request("/api/v1/apps", JSON, f"Content-Length: {len(APP) + 5}", method="POST", body=APP)
    with socket.create_connection(("127.0.0.1", house.port)) as connection:
        connection.sendall(whole)
    assert post(house, JSON, "Transfer-Encoding: chunked", body=b"-1\r\n" + APP).status == 400
    time.sleep(0.5)
    assert house.hand("result = Application.objects.count()") == before


def test_chunks_are_taken_as_one_body(house: House) -> None:
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (APP[:10], APP[10:])) + b"0\r\n\r\n"
    assert post(house, JSON, "Transfer-Encoding: chunked", body=pieces).status == 200


SMUGGLED = b"GET /api/v1/instance HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 63", "Content-Length: 3"),
        ("Content-Length: -1",),
        ("Content-Length: +5",),
        ("Content-Length: 5 5",),
        ("Content-Length: 0x5",),
        ("Content-Length: 5, 6",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: chunked, identity",),
        (" Transfer-Encoding: chunked",),
        ("X: y\r Transfer-Encoding: chunked",),
        ("Transfer-Encoding:\x0bchunked",),
        ("Content-Length : 5",),
        ("X: a\0b",),
    ],
)
def test_cve_2023_37276_requests_that_two_servers_could_read_differently(
    house: House, headers: tuple[str, ...]
) -> None:
    heard = post(house, JSON, *headers, body=b"0\r\n\r\n" + SMUGGLED)
    assert heard.status in (0, 400, 501)
    assert b"approval_required" not in heard.body, "the request inside the body was answered"


def test_cve_2023_37276_with_both_lengths_the_chunks_count_and_the_connection_ends(house: House) -> None:
    both = request("/api/v1/apps", JSON, "Content-Length: 4", "Transfer-Encoding: chunked", method="POST")
    heard = say(house.port, both.replace(b"Connection: close\r\n", b"") + b"0\r\n\r\n" + SMUGGLED)
    assert heard.status in (400, 422)
    assert b"approval_required" not in heard.body or "connection" in heard.head


# heads


@pytest.mark.parametrize(
    "host",
    ["evil.example", "", "127.0.0.1/evil", "127.0.0.1@evil", "a b", "127.0.0.1?x", "127.0.0.1#x", "evil.example, 127.0.0.1"],
)  # fmt: skip
def test_cve_2026_48710_hosts_that_are_not_ours(house: House, host: str) -> None:
    for path in ("/about", "/accounts/password/reset/", "/api/v1/instance"):
        heard = say(house.port, request(path, host=host))
        assert heard.status == 400
        assert b"evil" not in heard.body


def test_cve_2026_48710_two_hosts_or_none(house: House) -> None:
    assert say(house.port, request("/about", "Host: evil.example")).status == 400
    assert say(house.port, b"GET /about HTTP/1.1\r\nConnection: close\r\n\r\n").status == 400


def test_cve_2025_53641_cve_2026_3902_no_header_says_where_we_are_or_who_asks(house: House) -> None:
    """Also under names that WSGI cannot tell from the real ones."""
    lies = []
    for name in ("X-Forwarded-Host", "X_Forwarded_Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL",
                 "X-Middleware-Subrequest", "X_Forwarded_Proto", "X-Forwarded-Prefix"):  # fmt: skip
        lies.append(f"{name}: evil.example")
    plain, lied = say(house.port, request("/explore")), say(house.port, request("/explore", *lies))
    assert (plain.status, lied.status) == (200, 200)
    assert b"evil.example" not in lied.body
    # the length of another body, and a token, spelled with an underscore
    odd = post(
        house, JSON, f"Content-Length: {len(APP)}", "Content_Length: 3", "Content_Type: text/plain", body=APP
    )
    assert odd.status == 200
    assert (
        say(house.port, request("/api/v1/accounts/verify_credentials", "Author_ization: Bearer x")).status
        == 401
    )


def test_cve_2025_14550_cve_2023_23969_too_many_headers_and_long_ones(house: House) -> None:
    assert say(house.port, request("/about", *["X-A: 1"] * 10_000)).status == 431
    assert say(house.port, request("/about", "X-A: " + "a" * 500_000)).status == 431
    began = time.monotonic()
    assert (
        say(house.port, request("/about", "Cookie: " + "; ".join(f"a{n}=1" for n in range(5000)))).status
        == 200
    )
    assert say(house.port, request("/about", "Accept-Language: " + "ar-x," * 20_000)).status == 200
    assert say(house.port, request("/" + "a" * 70_000)).status == 414
    assert time.monotonic() - began < 5


def test_cve_2023_23969_a_million_languages_are_not_remembered(house: House) -> None:
    [server] = house.server_processes()
    before = memory(server)
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    for number in range(3_000):
        given = {"Accept-Language": f"{'x' * 200}-{number}"}
        assert houses.exchange(connection, "/robots.txt", headers=given).status == 200
    connection.close()
    assert memory(server) - before < 16 * 1024 * 1024


def memory(pid: int) -> int:
    """Bytes that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_cve_2025_62727_ten_thousand_ranges(house: House) -> None:
    ranges = "Range: bytes=" + ",".join(f"{n}-" for n in range(10_000))
    began = time.monotonic()
    assert say(house.port, request("/static/majlis/img/avatar.png", ranges)).status in (200, 416)
    assert time.monotonic() - began < 2
    one = say(house.port, request("/static/majlis/img/avatar.png", "Range: bytes=1-3"))
    assert (one.status, one.body) == (206, b"PNG")


def test_a_file_asked_for_by_head_alone_has_no_body(house: House) -> None:
    heard = say(house.port, request("/static/majlis/img/avatar.png", method="HEAD"))
    assert (heard.status, heard.body) == (200, b"")


# addresses

CLIMBS = [
    "..%2f..%2f{}", "../../{}", "..%252f..%252f{}", "%2e%2e/%2e%2e/{}", "..\\..\\{}", "..%5c..%5c{}", "//{}", "%2f{}",
    "....//....//{}", "..;/..;/{}", "{}%00.png", "./../../{}", "..%c0%af..%c0%af{}", "%252e%252e/{}", "/{}/.", "{}",
]  # fmt: skip


def test_cve_2024_32982_cve_2025_32943_no_address_climbs_out_of_its_folder(house: House) -> None:
    """The server's own secret, by every spelling, below everything that serves files."""
    secret = (house.data_dir / "secrets" / "django").read_bytes()
    absolute = str(house.data_dir / "secrets" / "django").lstrip("/")
    for root in (
        "/static/",
        "/static/majlis/",
        "/media/",
        "/media/aa/bb/",
        "/settings/export/",
        "/",
        "/api/v1/media/",
    ):
        for climb in CLIMBS:
            for target in ("secrets/django", "data/secrets/django", absolute, "etc/passwd"):
                heard = say(house.port, request(root + climb.format(target)))
                assert heard.status in (301, 302, 400, 404, 405, 401), (root, climb, target)
                assert secret not in heard.body
                assert b"root:" not in heard.body


AWAY = [
    "//evil.example", "/%2f%2fevil.example", "/%5cevil.example", "/\\evil.example", "https://evil.example",
    "https:evil.example", "///evil.example", "/.evil.example", "//evil.example/%2e%2e", "javascript:alert(1)",
    "/%09/evil.example", "/%0d%0aLocation:%20//evil.example", "http://127.0.0.1@evil.example", "%E3%80%82evil.example",
]  # fmt: skip


def test_ghsa_xqw8_4j56_5hj6_ghsa_xq42_mq5w_m24x_cve_2023_49438_nothing_leads_off_the_site(
    house: House,
) -> None:
    for way in AWAY:
        for path in (
            way if way.startswith("/") else f"/{way}", f"/web/{way}", f"/web{way}/", f"/accounts/login/?next={way}",
            f"/home?next={way}", f"/accounts/signup/?next={way}", f"/accounts/logout/?next={way}", f"/@{way}",
            f"/tags/{way}/", f"/preferences/language?next={way}", f"/accounts/password/reset/?next={way}",
        ):  # fmt: skip
            heard = say(house.port, request(path, f"Referer: https://evil.example{way}"))
            assert heard.status < 500, path
            for line in heard.head.splitlines():
                if line.startswith("location:"):
                    target = line.removeprefix("location:").strip()
                    assert "\\" not in target[:2], (path, line)
                    here = f"http://127.0.0.1:{house.port}{path}"
                    assert urlsplit(urljoin(here, target)).hostname == "127.0.0.1", (path, line)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "FOO", "PROPFIND", "PUT", "DELETE", "PATCH"])
def test_methods_that_a_page_does_not_take(house: House, method: str) -> None:
    assert say(house.port, request("/about", method=method)).status in (400, 403, 405)


def test_no_header_or_field_turns_one_method_into_another(house: House, alice: Person) -> None:
    posted = alice.post("not to be deleted")["id"]
    mine = f"Authorization: Bearer {alice.token}"
    body = b"_method=DELETE"
    heard = post(
        house, mine, "X-HTTP-Method-Override: DELETE", "X-Method-Override: DELETE",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
        path=f"/api/v1/statuses/{posted}?_method=DELETE", body=body,
    )  # fmt: skip
    assert heard.status == 405
    assert alice.ask(f"/api/v1/statuses/{posted}").status == 200


def test_cve_2018_1000518_a_socket_inflates_nothing_and_takes_no_giant(house: House, alice: Person) -> None:
    """No compression is agreed on, a frame of a terabyte ends the connection, and so do the house's own limits."""
    handshake = request(
        "/api/v1/streaming", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Authorization: Bearer {alice.token}",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions: permessage-deflate",
    ).replace(b"Connection: close", b"Connection: Upgrade")  # fmt: skip
    for frame in (b"\x81\xff" + (2**40).to_bytes(8, "big") + bytes(4), b"\xc1\x84" + bytes(8)):
        with socket.create_connection(("127.0.0.1", house.port), timeout=10) as connection:
            connection.sendall(handshake)
            agreed = connection.recv(4096).lower()
            assert agreed.startswith(b"http/1.1 101")
            assert b"permessage-deflate" not in agreed
            with suppress(ConnectionError):
                connection.sendall(frame)
                for _piece in range(100):
                    connection.sendall(bytes(65536))
            hear(connection)  # ends
    prompt(house)


def test_nothing_of_all_that_was_a_failure(house: House) -> None:
    """Last in this file: no error was written to the log."""
    assert "Traceback" not in house.log
    assert "Internal Server Error" not in house.log
