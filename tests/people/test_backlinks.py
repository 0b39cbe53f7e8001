"""The check mark of a link: only for a page that says itself whose it is."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cast import MOMENT, Member, later
from majlis.core.http import Client, FetchFailed
from majlis.core.jobs import Run
from majlis.core.sql import rows
from majlis.people import actions, events
from majlis.people.backlinks import links_back, may_vouch, same_place
from majlis.people.jobs import ask_pages

OURS = "http://127.0.0.1:8000/@alice"


@pytest.mark.parametrize(
    "page",
    [
        f'<a rel="me" href="{OURS}">me</a>',
        f"<!doctype html><head><link href='{OURS}' rel='nofollow ME'/></head>",
        f'<p><A HREF=" {OURS} " REL="noopener me">',
        f'<template><b></b></template><title>x</title><a rel=me href="{OURS}">',
    ],
)
def test_a_page_that_links_back_vouches(page: str) -> None:
    assert links_back(page, OURS)


@pytest.mark.parametrize(
    "page",
    [
        "",
        OURS,
        f'<a href="{OURS}">me</a>',
        f'<a rel="nome" href="{OURS}">',
        f'<a rel="me" href="{OURS}b">',
        f'<a rel="me" href="{OURS}/1">',
        f'<a rel="me" href="{OURS}.evil.example/">',
        f'<a rel="me" href="{OURS.replace("alice", "ALICE")}">',
        f'<a rel="me" href="https://evil.example/?{OURS}">',
        f'<!-- <a rel="me" href="{OURS}"> -->',
        f'<template><a rel="me" href="{OURS}"></template>',
        f'<textarea><a rel="me" href="{OURS}"></textarea>',
        f'<textarea></template><a rel="me" href="{OURS}"></textarea>',
        f'<noscript><a rel="me" href="{OURS}"></noscript>',
        f"<script>\"<a rel='me' href='{OURS}'>\"</script>",
        f'<title><a rel="me" href="{OURS}"></title>',
        f'&lt;a rel="me" href="{OURS}"&gt;',
        f'<a rel="x" rel="me" href="{OURS}">',
        f'<div rel="me" href="{OURS}">',
    ],
)
def test_masto_20217_a_page_that_only_seems_to_does_not(page: str) -> None:
    assert not links_back(page, OURS)


def test_masto_20217_only_the_site_that_is_shown_vouches() -> None:
    assert may_vouch("https://a.example/")
    assert not may_vouch("http://a.example/")
    assert same_place("https://a.example/", "https://A.example/about")
    for elsewhere in ("https://evil.example/", "https://a.example.evil.example/", "http://a.example/"):
        assert not same_place("https://a.example/", elsewhere)


@dataclass
class Site:
    """A web site on loopback: path -> (status, headers, body); and the way to it."""

    port: int
    tls: ssl.SSLContext
    pages: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    def client(self) -> Client:
        return Client(
            user_agent="test", ports=(self.port,), allowed=[ipaddress.ip_network("127.0.0.0/8")], tls=self.tls
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.pages.get(self.path, (404, {}, ""))
            self.send_response(status)
            for name, value in ({"Content-Type": "text/html"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    trusting = certify(server, tmp_path / "site.pem")
    made = Site(server.server_port, trusting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def certify(server: HTTPServer, path: Path) -> ssl.SSLContext:
    """Give the server a certificate of its own; the context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - timedelta(days=9_000))
        .not_valid_after(MOMENT + timedelta(days=9_000))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(public + private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    return ssl.create_default_context(cadata=public.decode())


def ask(member: Member, site: Site, *, last: bool = False) -> None:
    run = Run(id=1, attempt=1, last=last, enqueued_at=MOMENT, at=later(hours=1))
    client = site.client()
    try:
        ask_pages(profile_id=member.id, client=client, run=run)
    finally:
        client.close()


def link(member: Member, *urls: str) -> None:
    actions.change_profile(by=member.id, fields=[("Site", url) for url in urls], at=MOMENT)


def marks(member: Member) -> list[bool]:
    return [one.verified_at is not None for one in member.profile.fields]


def test_only_pages_that_vouch_get_their_mark(alice: Member, site: Site, told: list[Any]) -> None:
    back = f'<a rel="me" href="{OURS}">'
    site.pages = {
        "/mine": (200, {}, back),
        "/not-mine": (200, {}, "<p>hello</p>"),
        "/plain": (200, {"Content-Type": "text/plain"}, back),
        "/gone": (404, {}, back),
    }
    link(alice, *[site.url(path) for path in site.pages])
    told.clear()
    ask(alice, site)
    assert marks(alice) == [True, False, False, False]
    assert alice.profile.fields[0].verified_at == later(hours=1)
    assert told == [events.ProfileChanged(alice.id, later(hours=1))]


def test_a_mark_stays_with_its_link_and_goes_with_it(alice: Member, site: Site) -> None:
    site.pages = {"/mine": (200, {}, f'<a rel="me" href="{OURS}">')}
    link(alice, site.url("/mine"))
    ask(alice, site)
    link(alice, site.url("/other"), site.url("/mine"))
    assert marks(alice) == [False, True]
    link(alice, site.url("/other"))
    link(alice, site.url("/mine"))
    assert marks(alice) == [False]


def test_masto_20217_a_page_that_sends_on_to_another_site_does_not_vouch(alice: Member, site: Site) -> None:
    site.pages = {
        "/near": (302, {"Location": "/mine"}, ""),
        "/far": (302, {"Location": f"https://localhost:{site.port}/mine"}, ""),
        "/mine": (200, {}, f'<a rel="me" href="{OURS}">'),
    }
    link(alice, site.url("/near"), site.url("/far"))
    ask(alice, site)
    assert marks(alice) == [True, False]


def test_a_site_that_is_down_is_asked_again_but_not_for_ever(alice: Member, site: Site) -> None:
    site.pages = {"/mine": (503, {}, "")}
    link(alice, site.url("/mine"))
    with pytest.raises(FetchFailed):
        ask(alice, site)
    ask(alice, site, last=True)
    assert marks(alice) == [False]


def test_a_new_link_enqueues_one_job_and_no_link_none(alice: Member) -> None:
    def waiting() -> list[Any]:
        return rows("SELECT name, arguments FROM jobs_job WHERE name = 'people.verify_fields'")

    actions.change_profile(by=alice.id, fields=[("Town", "Aleppo")], at=MOMENT)
    assert waiting() == []
    link(alice, "https://example.org/")
    link(alice, "https://example.org/", "https://example.org/2")
    assert len(waiting()) == 1
