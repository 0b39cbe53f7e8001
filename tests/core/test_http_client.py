"""The guarded client against real servers on loopback that behave as badly as they can."""

from __future__ import annotations

import _socket
import datetime
import gzip
import io
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from majlis.core.http import Answer, Client, FetchFailed, Limits

LOOPBACK = [ip_network("127.0.0.0/8")]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Peer:
    """A server that answers with whatever bytes a test gives it, and remembers what it was sent."""

    def __init__(
        self, behave: Callable[[Peer, socket.socket, bytes], None], tls: ssl.SSLContext | None
    ) -> None:
        self._behave = behave
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (data := connection.recv(65536)):
                        return
                    head += data
                self.requests.append(head)
                self._behave(self, connection, head)
        except OSError:
            return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def peer(
    behaviour: bytes | Callable[[Peer, socket.socket, bytes], None], tls: ssl.SSLContext | None = None
) -> Iterator[Peer]:
    def answer(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        assert isinstance(behaviour, bytes)
        connection.sendall(behaviour)

    server = Peer(answer if isinstance(behaviour, bytes) else behaviour, tls)
    try:
        yield server
    finally:
        server.close()


Names = dict[str, list[str]]


def resolver(names: Names) -> Callable[[str, int, float], Sequence[str]]:
    return lambda host, port, timeout: names.get(host, [])


EVERYBODY: Names = {name: ["127.0.0.1"] for name in ("peer.test", "other.test")}


def client(
    *ports: int, names: Names | None = None, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> Client:
    return Client(
        user_agent="Majlis test",
        ports=ports,
        resolver=resolver(EVERYBODY | (names or {})),
        allowed=LOOPBACK,
        limits=limits,
        tls=tls,
    )


def failure(ask: Callable[[], Answer]) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        ask()
    return failed.value


def answer_with(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def redirect_to(url: str, status: str = "302 Found") -> bytes:
    return answer_with(b"", f"Location: {url}", status=status)


# What works ---------------------------------------------------------------------------------


def test_a_page_is_fetched_by_its_name() -> None:
    body = "أهلا".encode()
    with peer(answer_with(body, "Content-Type: Text/HTML; charset=utf-8")) as server:
        answer = client(server.port).get(f"http://peer.test:{server.port}/a?b=c#fragment")
    assert (answer.status, answer.body, answer.text, answer.media_type) == (200, body, "أهلا", "text/html")
    assert answer.url == f"http://peer.test:{server.port}/a?b=c"
    head = server.requests[0].decode().lower()
    assert head.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: peer.test:{server.port}\r\n" in head
    assert "user-agent: majlis test\r\n" in head
    assert "cookie" not in head


def test_a_body_is_sent_and_post_follows_no_redirect() -> None:
    with peer(redirect_to("http://peer.test/elsewhere", "307 Temporary Redirect")) as server:
        answer = client(server.port).send("post", f"http://peer.test:{server.port}/inbox", content=b"{}")
    assert answer.status == 307
    assert len(server.requests) == 1
    assert b"content-length: 2" in server.requests[0].lower()


def test_a_download_goes_into_a_file() -> None:
    file = io.BytesIO()
    with peer(answer_with(b"x" * 300_000)) as server:
        answer = client(server.port).get(f"http://peer.test:{server.port}/", into=file)
    assert (answer.body, len(file.getvalue())) == (b"", 300_000)


def test_connections_are_used_again() -> None:
    def twice(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        for _ in range(2):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.recv(65536)

    with peer(twice) as server:
        ours = client(server.port)
        for _ in range(2):
            assert ours.get(f"http://peer.test:{server.port}/").body == b"ok"
        assert server.connections == 1
        ours.close()


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (404, True),
        (410, True),
        (403, True),
        (400, True),
        (301, True),
        (429, False),
        (408, False),
        (500, False),
        (503, False),
    ],
)
def test_statuses_say_whether_to_try_again(status: int, permanent: bool) -> None:
    answer = Answer(status, "http://peer.test/", {}, b"")
    failed = failure(answer.require_ok)
    assert (failed.code, failed.permanent) == ("status", permanent)


def test_a_strange_charset_is_read_as_utf8() -> None:
    for charset in ("hex", "nonsense", "zip", "", "\x00"):
        assert Answer(200, "", {"content-type": f"text/html; charset={charset}"}, "é".encode()).text == "é"
    assert Answer(200, "", {"content-type": "text/html; charset=windows-1256"}, b"\xe3").text == "م"


# Where it may go ----------------------------------------------------------------------------


def _real_resolver(host: str, port: int, timeout: float) -> list[str]:
    """The system's own look-up, which takes numbers in every spelling (the suite blocks names)."""
    try:
        return [str(answer[4][0]) for answer in _socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)]
    except OSError:
        return []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "①②⑦.⓪.⓪.①",
        "１２７.０.０.１",
        "0x7f000001",
        "017700000001",
        "127.0.0.1.",
        "0",
        "0.0.0.0",  # noqa: S104
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::1%25lo]",
        "localhost",
        "LOCALHOST",
        "%31%32%37.0.0.1",
    ],
)
def test_cve_2021_39195_no_spelling_of_loopback_is_opened(host: str) -> None:
    with peer(OK) as server:
        ours = Client(user_agent="Majlis test", ports=[server.port], resolver=_real_resolver)
        failed = failure(lambda: ours.get(f"http://{host}:{server.port}/"))
        assert failed.code in ("address_refused", "bad_url", "unknown_host")
        assert server.connections == 0


def test_loopback_is_refused_unless_a_test_allows_it() -> None:
    with peer(OK) as server:
        ours = Client(user_agent="Majlis test", ports=[server.port], resolver=resolver(EVERYBODY))
        failed = failure(lambda: ours.get(f"http://peer.test:{server.port}/"))
        assert (failed.code, failed.permanent, server.connections) == ("address_refused", True, 0)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://peer.test/",
        "file:///etc/passwd",
        "php://input",
        "data:text/plain,x",
        "javascript:1",
        "gopher://peer.test/",
        "//peer.test/",
        "peer.test",
        "",
        "http://",
        "http:///path",
        "http://user@peer.test/",
        "http://user:pass@peer.test/",
        "http://peer.test\\@evil.test/",
        "http://peer .test/",
        "http://peer.test/\r\nX: y",
        "http://peer\x00.test/",
        "http://a..b/",
        "http://peer.test:0/",
        "http://peer.test:22/",
        "http://peer.test:8080/",
        "http://peer.test:99999/",
        "http://-peer.test/",
        "http://" + "a" * 300 + ".test/",
        "http://" + "é" * 100_000,
        "http://peer.test/" + "a" * 4097,
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "https://peer.test:443@evil.test/",
    ],
)
def test_ghsa_mgv8_w49f_822w_masto_17908_cve_2021_29431_cve_2024_3651_odd_addresses_are_refused(
    url: str,
) -> None:
    start = time.perf_counter()
    failed = failure(lambda: Client(user_agent="x", resolver=resolver(EVERYBODY)).get(url))
    assert (failed.code, failed.permanent) == ("bad_url", True)
    assert time.perf_counter() - start < 0.5


def test_only_the_web_ports_are_open_by_default() -> None:
    ours = Client(user_agent="x", resolver=resolver({"peer.test": []}))
    assert failure(lambda: ours.get("http://peer.test:8000/")).code == "bad_url"
    assert failure(lambda: ours.get("https://peer.test/")).code == "unknown_host"


def test_an_answer_of_the_dns_that_changes_changes_nothing() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, timeout: float) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with peer(OK) as server:
        ours = Client(user_agent="x", ports=[server.port], resolver=rebinding, allowed=LOOPBACK)
        assert ours.get(f"http://peer.test:{server.port}/").body == b"ok"
        assert asked == ["peer.test"]
        assert failure(lambda: ours.get(f"http://peer.test:{server.port}/")).code == "address_refused"
        assert server.connections == 1


def test_of_several_addresses_only_the_checked_ones_are_tried() -> None:
    with peer(OK) as server:
        names = {"mixed.test": ["10.0.0.1", "169.254.169.254", "127.0.0.1"]}
        assert client(server.port, names=names).get(f"http://mixed.test:{server.port}/").ok


def test_an_unknown_host_may_be_known_later() -> None:
    failed = failure(lambda: client(80).get("http://nobody.test/"))
    assert (failed.code, failed.permanent) == ("unknown_host", False)


def test_a_closed_door_may_open_later() -> None:
    with peer(OK) as server:
        port = server.port
    failed = failure(lambda: client(port).get(f"http://peer.test:{port}/"))
    assert (failed.code, failed.permanent) == ("no_connection", False)


def test_a_slow_look_up_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: time.sleep(5))
    ours = Client(user_agent="x", limits=Limits(total=0.3))
    start = time.perf_counter()
    assert failure(lambda: ours.get("http://slow.test/")).code == "timeout"
    assert time.perf_counter() - start < 2


def test_the_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with peer(OK) as proxy, peer(OK) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert client(server.port).get(f"http://peer.test:{server.port}/").ok
        assert (server.connections, proxy.connections) == (1, 0)


# Redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize("hop", [1, 2, 3])
@pytest.mark.parametrize(
    "target",
    [
        "http://internal.test:{port}/",
        "http://10.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "//169.254.169.254:{port}/",
    ],
)
def test_cve_2026_40168_ghsa_6w8v_qp43_vg2h_every_hop_is_checked(hop: int, target: str) -> None:
    def behave(server: Peer, connection: socket.socket, head: bytes) -> None:
        count = len(server.requests)
        connection.sendall(redirect_to(target.format(port=server.port) if count == hop else f"/hop{count}"))

    names = {
        "internal.test": ["192.168.0.1"],
        "10.0.0.1": ["10.0.0.1"],
        "::1": ["::1"],
        "169.254.169.254": ["169.254.169.254"],
    }
    with peer(behave) as server:
        failed = failure(lambda: client(server.port, names=names).get(f"http://peer.test:{server.port}/"))
        assert failed.code == "address_refused"
        assert len(server.requests) == hop


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://peer.test/", "http://peer.test:22/", "data:,x", "http://a@peer.test/"],
)
def test_a_redirect_to_what_is_not_opened_is_refused(target: str) -> None:
    with peer(redirect_to(target)) as server:
        assert failure(lambda: client(server.port).get(f"http://peer.test:{server.port}/")).code == "bad_url"


def test_cve_2026_34148_circles_end() -> None:
    with peer(redirect_to("/again")) as server:
        failed = failure(lambda: client(server.port).get(f"http://peer.test:{server.port}/"))
        assert (failed.code, failed.permanent) == ("redirects", True)
        assert len(server.requests) == Limits().redirects + 1


def test_a_redirect_is_followed_and_the_last_address_told() -> None:
    def behave(server: Peer, connection: socket.socket, head: bytes) -> None:
        connection.sendall(redirect_to("../end?x=1") if len(server.requests) == 1 else OK)

    with peer(behave) as server:
        answer = client(server.port).get(f"http://peer.test:{server.port}/a/b")
    assert (answer.body, answer.url) == (b"ok", f"http://peer.test:{server.port}/end?x=1")


def test_credentials_stay_with_the_host_they_were_for() -> None:
    with peer(OK) as second:
        with peer(redirect_to(f"http://other.test:{second.port}/")) as first:
            secrets = {"Authorization": "Bearer secret", "cookie": "a=secret", "X-Other": "kept"}
            assert client(first.port, second.port).get(f"http://peer.test:{first.port}/", headers=secrets).ok
        assert b"secret" in first.requests[0]
        assert b"secret" not in second.requests[0]
        assert b"kept" in second.requests[0]


def test_cookies_are_not_kept() -> None:
    with peer(answer_with(b"", "Set-Cookie: a=b; Path=/")) as server:
        ours = client(server.port)
        for _ in range(2):
            ours.get(f"http://peer.test:{server.port}/")
        assert b"cookie" not in server.requests[1].lower()


def test_every_hop_is_signed_for_itself() -> None:
    def behave(server: Peer, connection: socket.socket, head: bytes) -> None:
        connection.sendall(redirect_to("/second") if len(server.requests) == 1 else OK)

    with peer(behave) as server:
        client(server.port).get(
            f"http://peer.test:{server.port}/first", sign=lambda method, url: {"Signature": f"{method} {url}"}
        )
    assert f"GET http://peer.test:{server.port}/first".encode() in server.requests[0]
    assert f"GET http://peer.test:{server.port}/second".encode() in server.requests[1]


@pytest.mark.parametrize("value", ["a\r\nX-Injected: b", "a\nb", "a\x00b", "مرحبا"])
def test_a_header_cannot_smuggle_another(value: str) -> None:
    with peer(OK) as server:
        ours = client(server.port)
        failed = failure(lambda: ours.get(f"http://peer.test:{server.port}/", headers={"X-A": value}))
        assert failed.code in ("protocol", "bad_url")
        assert server.requests == []


# Size and time ------------------------------------------------------------------------------

SMALL = Limits(largest=1024 * 1024, total=3, connect=1, read=1)


@pytest.mark.parametrize("headers", [[], ["Content-Encoding: gzip"]])
def test_ghsa_wh53_vmw6_c48j_ghsa_mc44_6cfg_2v6w_a_body_ends_at_the_limit(headers: list[str]) -> None:
    body = b"a" * 20_000_000
    body = gzip.compress(body * 10) if headers else body
    with peer(answer_with(body, *headers)) as server:
        ours, url = client(server.port, limits=SMALL), f"http://peer.test:{server.port}/"
        assert failure(lambda: ours.get(url)).code == "too_large"
        answer = ours.get(url, cut=True)
        assert (len(answer.body), answer.cut) == (SMALL.largest, True)


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    with peer(answer_with(b"a" * 1000)) as server:
        answer = client(server.port, limits=Limits(largest=1000)).get(
            f"http://peer.test:{server.port}/", cut=True
        )
    assert (len(answer.body), answer.cut) == (1000, False)


def test_cve_2021_21274_an_endless_body_ends() -> None:
    def endless(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65536)

    with peer(endless) as server:
        assert (
            failure(lambda: client(server.port, limits=SMALL).get(f"http://peer.test:{server.port}/")).code
            == "too_large"
        )


def test_gzip_that_never_says_anything_ends() -> None:
    nothing = zlib.compressobj(0, zlib.DEFLATED, 31)
    start = nothing.compress(b"")

    def silent(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + start)
        while True:
            connection.sendall(nothing.flush(zlib.Z_FULL_FLUSH) + b"\x00\x00\x00\xff\xff" * 10_000)

    with peer(silent) as server:
        failed = failure(lambda: client(server.port, limits=SMALL).get(f"http://peer.test:{server.port}/"))
        assert failed.code in ("too_large", "timeout", "encoding")


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "br", "zstd", "deflate, gzip", "compress", "GZIP,GZIP,GZIP"]
)
def test_a_compression_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with peer(answer_with(b"x", f"Content-Encoding: {encoding}")) as server:
        assert failure(lambda: client(server.port).get(f"http://peer.test:{server.port}/")).code == "encoding"
    assert b"accept-encoding: gzip\r\n" in server.requests[0].lower()


def test_broken_gzip_is_refused() -> None:
    with peer(answer_with(b"not gzip", "Content-Encoding: gzip")) as server:
        assert failure(lambda: client(server.port).get(f"http://peer.test:{server.port}/")).code == "encoding"


def _drip(start: bytes, piece: bytes) -> Callable[[Peer, socket.socket, bytes], None]:
    def behave(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)
            time.sleep(0.1)

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        _drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"a"),
        _drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        _drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        _drip(b"", b"H"),
        _drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        _drip(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10],
            b"\x00\x00\x00\xff\xff",
        ),
    ],
    ids=["body", "chunks", "headers", "status", "hints", "gzip"],
)
def test_cve_2023_36461_ghsa_9pmv_w936_hj3f_a_slow_drip_ends_within_the_total_time(
    behave: Callable[[Peer, socket.socket, bytes], None],
) -> None:
    with peer(behave) as server:
        start = time.perf_counter()
        failed = failure(
            lambda: client(server.port, limits=Limits(total=1, read=0.8)).get(
                f"http://peer.test:{server.port}/"
            )
        )
        assert failed.code in ("timeout", "protocol")
        assert time.perf_counter() - start < 2.5


def test_redirects_share_the_total_time() -> None:
    def behave(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        time.sleep(0.4)
        connection.sendall(redirect_to("/more"))

    with peer(behave) as server:
        start = time.perf_counter()
        limits = Limits(total=1, read=0.8, redirects=50)
        assert (
            failure(lambda: client(server.port, limits=limits).get(f"http://peer.test:{server.port}/")).code
            == "timeout"
        )
        assert time.perf_counter() - start < 2


def test_a_silent_server_is_left() -> None:
    with peer(lambda _peer, _connection, _head: time.sleep(3)) as server:
        start = time.perf_counter()
        failed = failure(
            lambda: client(server.port, limits=Limits(read=0.3)).get(f"http://peer.test:{server.port}/")
        )
        assert (failed.code, failed.permanent) == ("timeout", False)
        assert time.perf_counter() - start < 2


def test_endless_headers_end() -> None:
    def endless(_peer: Peer, connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-More: " + b"y" * 4000 + b"\r\n")

    with peer(endless) as server:
        assert (
            failure(lambda: client(server.port, limits=SMALL).get(f"http://peer.test:{server.port}/")).code
            == "protocol"
        )


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 99999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x00\x01",
    ],
)
def test_what_is_not_http_is_refused_and_may_be_better_later(bytes_: bytes) -> None:
    with peer(bytes_) as server:
        failed = failure(lambda: client(server.port, limits=SMALL).get(f"http://peer.test:{server.port}/"))
    assert (failed.code, failed.permanent) == ("protocol", False)


# TLS ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that can prove to be peer.test, and a client side that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("peer.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    pem = folder / "peer.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=pem)


def test_the_certificate_is_for_the_name_though_the_number_is_connected(
    certificates: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server_side, client_side = certificates
    with peer(OK, server_side) as server:
        ours = client(server.port, tls=client_side)
        assert ours.get(f"https://peer.test:{server.port}/").body == b"ok"
        failed = failure(lambda: ours.get(f"https://other.test:{server.port}/"))
        assert (failed.code, failed.permanent) == ("bad_certificate", False)
        failed = failure(lambda: client(server.port).get(f"https://peer.test:{server.port}/"))
        assert failed.code == "bad_certificate"
        assert len(server.requests) == 1


def test_credentials_do_not_go_from_https_to_http(
    certificates: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server_side, client_side = certificates
    with peer(OK) as plain, peer(redirect_to(f"http://peer.test:{plain.port}/"), server_side) as secure:
        ours = client(plain.port, secure.port, tls=client_side)
        secrets = {"Authorization": "Bearer secret"}
        failed = failure(lambda: ours.get(f"https://peer.test:{secure.port}/", headers=secrets))
        assert (failed.code, plain.connections) == ("redirects", 0)
        assert ours.get(f"https://peer.test:{secure.port}/").ok


def test_a_tls_handshake_that_never_ends_is_left() -> None:
    def listen_only(port_ready: list[int]) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", 0))
        port_ready.append(listener.getsockname()[1])
        return listener

    ports: list[int] = []
    with listen_only(ports):
        start = time.perf_counter()
        ours = client(ports[0], limits=Limits(total=1, connect=0.5))
        assert failure(lambda: ours.get(f"https://peer.test:{ports[0]}/")).code == "timeout"
        assert time.perf_counter() - start < 2
