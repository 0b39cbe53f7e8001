"""Link cards: from hostile pages nothing but text, and one picture drawn anew; fetched once, kept a week."""

from __future__ import annotations

import gzip
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from PIL import Image

from cast import MOMENT, Member, later
from majlis.core import sql
from majlis.core.http import Answer, Client, FetchFailed
from majlis.core.ids import new_id
from majlis.discovery import cards
from majlis.discovery.pages import facts_of, read_page
from majlis.media.hiding import store
from majlis.posts import actions as posts
from majlis.posts import queries as post_queries
from majlis.posts.composing import PostParams

HERE = "https://example.org/a/page"


# reading a page -----------------------------------------------------------------------------------


def test_open_graph_before_twitter_before_the_plain_head() -> None:
    page = """<!doctype html><html lang="ar-LB"><head><title>plain</title>
    <meta name="twitter:title" content="bird"><meta property="og:title" content="خبز &amp; زيتون">
    <meta name=description content="by hand"><meta property='og:site_name' content='Bakery'>
    <meta name="author" content="Nadia"><meta property="og:image" content="/loaf.jpg"></head>"""
    facts = facts_of(page, url=HERE)
    assert (facts.title, facts.description, facts.site) == ("خبز & زيتون", "by hand", "Bakery")
    assert (facts.author_name, facts.image, facts.language) == (
        "Nadia",
        "https://example.org/loaf.jpg",
        "ar",
    )


def test_a_plain_page() -> None:
    facts = facts_of("<TITLE>\n Bread &lt;b&gt; \n</TITLE>", url="https://www.example.org/")
    assert (facts.title, facts.site) == ("Bread <b>", "example.org")


def test_what_stands_behind_the_head_or_in_a_comment_does_not_count() -> None:
    page = """<head><!-- <title>no</title> --><script>"<title>no</title>"</script>
    <style>/* <meta property="og:title" content="no"> */</style><noscript><title>no</title></noscript>
    <svg><title>no</title></svg></head><body><meta property="og:title" content="no"><title>no</title>"""
    assert facts_of(page, url=HERE).title == ""


def test_cve_2023_36459_no_html_and_no_oembed_is_taken() -> None:
    page = """<head><link rel="alternate" type="application/json+oembed" href="https://example.org/o">
    <meta property="og:video" content="https://example.org/v"><meta property="og:title"
    content="<script>window.__pwn=1</script><img src=x onerror=alert(1)>"></head>"""
    facts = facts_of(page, url=HERE)
    assert facts.title == "<script>window.__pwn=1</script><img src=x onerror=alert(1)>"  # text, shown as text
    assert facts.image == ""


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:image/png;base64,AAAA", "vbscript:x", "blob:https://x/1", "java\nscript:x",
     "file:///etc/passwd", "//user@evil.example/x.png", "http://[::1", ""],
)  # fmt: skip
def test_ghsa_x2rc_v5wx_g3m5_pictures_are_http_or_none(address: str) -> None:
    facts = facts_of(f'<title>x</title><meta property="og:image" content="{address}">', url=HERE)
    assert facts.image == ""


def test_titles_are_one_plain_line_and_cut() -> None:
    title = "\u202eevil\u2066 \x00two\n\tlines " + "x" * 5000
    facts = facts_of(f"<title>{title}</title>", url=HERE)
    assert facts.title.startswith("evil two lines xxx")
    assert len(facts.title) == 200
    assert facts.title.endswith("…")


@pytest.mark.parametrize(
    "page",
    [
        "<a " * 330_000,
        "<!-- " * 200_000,
        "<meta " * 160_000,
        "<meta content='" * 66_000,
        "<title>" * 140_000,
        "<script>" * 120_000,
        "<div>" * 200_000,
        "<" * 1_000_000,
        "<meta a" + "=" * 1_000_000,
        "&" * 1_000_000,
        "<title>" + "&#" * 500_000,
        "<meta property='og:title' content='" + "&amp" * 250_000,
    ],
    ids=range(12),
)
def test_cve_2025_68475_cve_2022_31052_hostile_pages_take_no_time(page: str) -> None:
    begin = time.perf_counter()
    facts_of(page, url=HERE)
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize("charset", ["windows-1256", "utf-8", "iso-8859-6"])
def test_the_charset_may_stand_in_the_page(charset: str) -> None:
    body = f'<meta charset="{charset}"><title>خبز</title>'.encode(charset)
    assert read_page(Answer(200, HERE, {"content-type": "text/html"}, body)).title == "خبز"


@pytest.mark.parametrize("charset", ["zip", "idna", "nonsense", "base64", "unicode_escape"])
def test_a_charset_that_is_none_breaks_nothing(charset: str) -> None:
    body = f'<meta charset="{charset}"><title>bread</title>'.encode()
    assert isinstance(read_page(Answer(200, HERE, {"content-type": "text/html"}, body)).title, str)


# fetching it --------------------------------------------------------------------------------------


class Site:
    """A web server on loopback: path → (status, headers, body). Counts what it is asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.hold: Callable[[], object] = lambda: None
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.hold()
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        serve = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        serve.start()

    def url(self, path: str) -> str:
        return f"http://site.test:{self.port}{path}"

    def page(self, path: str, html: str, **headers: str) -> None:
        self.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8", **headers}, html.encode())

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@contextmanager
def client(site: Site, *, guarded: bool = False) -> Iterator[Client]:
    """The real client; unless ``guarded`` it may speak to the site on loopback."""
    made = Client(
        user_agent="Majlis test",
        ports=(80, 443, site.port),
        resolver=lambda host, port, seconds: ["127.0.0.1"],
        allowed=() if guarded else [ip_network("127.0.0.0/8")],
    )
    try:
        yield made
    finally:
        made.close()


def publish(by: Member, text: str, **params: object) -> int:
    return posts.publish(by=by.id, params=PostParams(text=text, **params), at=MOMENT).post_id  # type: ignore[arg-type]


def card_id_of(post: int) -> int | None:
    row = sql.one("SELECT card_id FROM posts_postcard WHERE post_id = %(post)s", post=post)
    return row[0] if row else None


def make_card(url: str) -> int:
    """Links with a port are not found in texts, so tests hang the card themselves."""
    sql.execute(cards.SQL["make_card"], id=new_id(), url=url)
    return sql.column("SELECT id FROM posts_linkcard WHERE url = %(url)s", url=url)[0]


def waiting() -> list[str]:
    return sql.column("SELECT key FROM jobs_job WHERE name = 'discovery.fetch_card' ORDER BY id")


def shown(post: int) -> post_queries.CardView | None:
    return post_queries.hydrate([post])[post].card


def fetch(site: Site, card_id: int, *, guarded: bool = False, last: bool = False, **after: float) -> None:
    with client(site, guarded=guarded) as way_out:
        cards.fetch(card_id=card_id, client=way_out, at=later(**after), last=last)


def loaf(size: tuple[int, int] = (1600, 900)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c08040").save(out, "JPEG", exif=b"Exif\x00\x00secret place")
    return out.getvalue()


def test_a_page_with_a_picture(alice: Member, site: Site) -> None:
    site.page("/bread", '<title>Bread</title><meta property="og:image" content="/loaf.jpg">')
    site.pages["/loaf.jpg"] = (200, {"Content-Type": "image/jpeg"}, loaf())
    post = publish(alice, "no link in the text")
    card_id = make_card(site.url("/bread"))
    sql.one(cards.SQL["hang_card_of"], post=post, url=site.url("/bread"))
    assert shown(post) is None
    fetch(site, card_id)
    card = shown(post)
    assert card is not None
    assert (card.title, card.site, card.url) == ("Bread", "site.test", site.url("/bread"))
    assert (card.image_width, card.image_height) == (1200, 630)
    stored = store().read(key=card.image_key, file_name="large.webp")
    assert stored[8:12] == b"WEBP"
    assert b"secret place" not in stored
    assert sql.column(
        "SELECT count(*) FROM core_change WHERE kind = 'post.counted' AND subject = %(p)s", p=post
    ) == [1]
    assert sql.column("SELECT count(*) FROM discovery_cardfetch") == [0]


def test_a_picture_that_is_none_leaves_the_card(alice: Member, site: Site) -> None:
    site.page("/x", '<title>Bread</title><meta property="og:image" content="/svg">')
    site.pages["/svg"] = (200, {"Content-Type": "image/svg+xml"}, b"<svg onload='alert(1)'/>")
    card_id = make_card(site.url("/x"))
    fetch(site, card_id)
    assert sql.rows("SELECT title, image_key FROM posts_linkcard") == [("Bread", "")]


def test_it_is_asked_again_after_a_week_and_the_old_picture_goes(alice: Member, site: Site) -> None:
    site.page("/x", '<title>Old</title><meta property="og:image" content="/loaf.jpg">')
    site.pages["/loaf.jpg"] = (200, {"Content-Type": "image/jpeg"}, loaf())
    card_id = make_card(site.url("/x"))
    fetch(site, card_id)
    (key,) = sql.column("SELECT image_key FROM posts_linkcard")
    site.page("/x", "<title>New</title>")
    fetch(site, card_id, days=6)
    assert site.asked == ["/x", "/loaf.jpg"]
    fetch(site, card_id, days=8)
    assert sql.rows("SELECT title, image_key FROM posts_linkcard") == [("New", "")]
    assert not store().delete(key=key)


def test_failures_are_remembered_or_tried_again(alice: Member, site: Site) -> None:
    gone, busy = make_card(site.url("/gone")), make_card(site.url("/busy"))
    site.pages["/busy"] = (503, {}, b"")
    fetch(site, gone)
    fetch(site, gone, hours=1)
    assert site.asked == ["/gone"]
    fetch(site, gone, days=2)
    assert site.asked == ["/gone", "/gone"]
    with pytest.raises(FetchFailed) as failed:
        fetch(site, busy)
    assert not failed.value.permanent
    fetch(site, busy, last=True)
    assert sql.column("SELECT failed_at IS NOT NULL FROM posts_linkcard ORDER BY id") == [True, True]


def test_a_failed_refresh_keeps_what_was_known(alice: Member, site: Site) -> None:
    site.page("/x", "<title>Bread</title>")
    card_id = make_card(site.url("/x"))
    fetch(site, card_id)
    site.pages.clear()
    fetch(site, card_id, days=8)
    assert sql.rows("SELECT title, fetched_at IS NOT NULL FROM posts_linkcard") == [("Bread", True)]


def test_ghsa_wh53_vmw6_c48j_private_addresses_are_not_asked(alice: Member, site: Site) -> None:
    site.page("/x", "<title>inside</title>")
    fetch(site, make_card(site.url("/x")), guarded=True)
    assert site.asked == []
    assert sql.column("SELECT title FROM posts_linkcard WHERE failed_at IS NOT NULL") == [""]


@pytest.mark.parametrize(
    "host", ["[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "169.254.169.254", "0.0.0.0", "2130706433"]  # noqa: S104
)  # fmt: skip
def test_cve_2026_22245_nor_under_another_spelling(alice: Member, site: Site, host: str) -> None:
    with Client_of_the_house() as way_out:
        cards.fetch(card_id=make_card(f"http://{host}/"), client=way_out, at=MOMENT, last=True)
    assert sql.column("SELECT failed_at IS NOT NULL FROM posts_linkcard") == [True]


@contextmanager
def Client_of_the_house() -> Iterator[Client]:  # noqa: N802
    made = Client(user_agent="Majlis test", resolver=lambda host, port, seconds: [host.strip("[]")])
    try:
        yield made
    finally:
        made.close()


def test_cve_2026_40168_a_picture_behind_a_redirect_inside_is_not_asked(alice: Member, site: Site) -> None:
    inside = socket.create_server(("127.0.0.1", 0))
    port = inside.getsockname()[1]
    site.page("/x", '<title>Bread</title><meta property="og:image" content="/jump">')
    site.pages["/jump"] = (302, {"Location": f"http://127.0.0.1:{port}/admin"}, b"")
    fetch(site, make_card(site.url("/x")))
    inside.settimeout(0.2)
    with pytest.raises(TimeoutError):
        inside.accept()
    inside.close()
    assert sql.rows("SELECT title, image_key FROM posts_linkcard") == [("Bread", "")]


def test_ghsa_wh53_vmw6_c48j_a_page_that_grows_is_cut(alice: Member, site: Site) -> None:
    bomb = gzip.compress(b"<title>Bread</title>" + b" " * 100_000_000)
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    site.pages["/bomb"] = (200, headers, bomb)
    begin = time.perf_counter()
    fetch(site, make_card(site.url("/bomb")))
    assert time.perf_counter() - begin < 30
    assert sql.column("SELECT title FROM posts_linkcard") == ["Bread"]


def test_what_is_no_page_gives_no_card(alice: Member, site: Site) -> None:
    site.pages["/f.pdf"] = (200, {"Content-Type": "application/pdf"}, b"<title>Bread</title>")
    fetch(site, make_card(site.url("/f.pdf")))
    assert sql.rows("SELECT title, failed_at IS NOT NULL FROM posts_linkcard") == [("", True)]


def test_a_second_worker_waits_for_the_first(alice: Member, site: Site) -> None:
    card_id = make_card(site.url("/x"))
    sql.execute(cards.SQL["begin_fetch"], card=card_id, at=MOMENT, before=MOMENT)
    with pytest.raises(cards.BeingFetched):
        fetch(site, card_id, seconds=5)
    assert site.asked == []
    fetch(site, card_id, minutes=5)  # the first one died
    assert site.asked == ["/x"]


# with a post --------------------------------------------------------------------------------------


def test_two_posts_with_one_link_wait_for_one_job(alice: Member, bob: Member) -> None:
    one, other = (
        publish(alice, "see https://example.org/bread#crust"),
        publish(bob, "https://example.org/bread !"),
    )
    assert card_id_of(one) == card_id_of(other)
    assert waiting() == [str(card_id_of(one))]


def test_own_pages_get_no_card(alice: Member) -> None:
    from django.conf import settings

    own = settings.MAJLIS.base_url
    assert cards.card_address(f"{own}/@alice") is None
    assert cards.card_address("https://example.org/x#y") == "https://example.org/x"
    assert cards.card_address("https://example.org/" + "x" * 2000) is None
    assert cards.card_address("ftp://example.org/") is None
    assert card_id_of(publish(alice, "no link")) is None
    assert waiting() == []


def test_an_edit_changes_the_card(alice: Member) -> None:
    post = publish(alice, "https://example.org/one")
    before = card_id_of(post)
    posts.edit(
        by=alice.id, post_id=post, params=PostParams(text="https://example.org/two"), at=later(minutes=1)
    )
    assert card_id_of(post) not in (None, before)
    posts.edit(by=alice.id, post_id=post, params=PostParams(text="nothing"), at=later(minutes=2))
    assert card_id_of(post) is None


def test_a_fresh_card_is_not_fetched_again(alice: Member) -> None:
    url = "https://example.org/bread"
    card_id = make_card(url)
    sql.execute("UPDATE posts_linkcard SET fetched_at = %(at)s", at=MOMENT - timedelta(days=1))
    assert card_id_of(publish(alice, url)) == card_id
    assert waiting() == []


def test_imported_posts_fetch_nothing(alice: Member) -> None:
    from majlis.posts.actions.publishing import Origin

    origin = Origin(network="x", source_id="1")
    post = posts.publish(
        by=alice.id, params=PostParams(text="https://example.org/"), at=MOMENT, origin=origin
    )
    assert card_id_of(post.post_id) is None
