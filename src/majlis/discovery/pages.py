"""What a linked page says of itself: Open Graph, Twitter's tags, title and description. Text only.

Invariant: nothing of the page is kept but plain text and the address of one picture. No oEmbed, no HTML
(CVE-2023-36459), no address that is not http or https (GHSA-x2rc-v5wx-g3m5). The time grows with the length
of the page: tags are found by plain search and each is given to the standard parser alone, since that parser
takes the square of the length for tags and comments that never close.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

from majlis.core.http import Answer
from majlis.core.text.bidi import without_bidi_marks
from majlis.core.text.clean import clean_text
from majlis.core.text.links import absolute_link

LONGEST_TAG: Final = 8_192
LONGEST_TITLE: Final = 200
LONGEST_DESCRIPTION: Final = 500
LONGEST_NAME: Final = 100
MOST_TAGS: Final = 400
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})

_TAG: Final = re.compile(
    r"<(?=[!/a-zA-Z])(?:(!--)|(script|style|noscript|template|svg)\b|(title)\b|(meta|html)\b|(/head|body)\b)",
    re.I,
)
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-z0-9_:.-]{1,40})", re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Clean lines of text; ``image`` is an absolute http(s) address or empty. Without a title: no card."""

    title: str = ""
    description: str = ""
    site: str = ""
    author_name: str = ""
    image: str = ""
    language: str = ""


def read_page(answer: Answer) -> PageFacts:
    """The facts of a page that was fetched; none of them for what is no HTML."""
    if answer.media_type not in PAGES:
        return PageFacts()
    return facts_of(_text(answer), url=answer.url)


def facts_of(page: str, *, url: str) -> PageFacts:
    """The facts in a page's head; ``url`` is where it came from."""
    told = _read_head(page)

    def first(*names: str) -> str:
        return next((told[name] for name in names if told.get(name, "").strip()), "")

    return PageFacts(
        title=_line(first("og:title", "twitter:title", "title"), LONGEST_TITLE),
        description=_line(first("og:description", "twitter:description", "description"), LONGEST_DESCRIPTION),
        site=_line(first("og:site_name"), LONGEST_NAME) or _host(url),
        author_name=_line(first("author", "article:author_name", "twitter:creator"), LONGEST_NAME),
        image=_picture(
            first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
            url,
        ),
        language=_language(first("lang", "og:locale")),
    )


def _text(answer: Answer) -> str:
    """The body by the charset stated in the header, or else in the page's first kilobytes."""
    if "charset=" in answer.headers.get("content-type", "").lower():
        return answer.text
    stated = _CHARSET.search(answer.body[:4096])
    try:
        return answer.body.decode(stated[1].decode("ascii") if stated else "utf-8", "replace")
    except (LookupError, ValueError):
        return answer.body.decode("utf-8", "replace")


def _read_head(page: str) -> dict[str, str]:
    """Name → value of the head's tags; the first of each name counts."""
    told: dict[str, str] = {}
    for name, piece in _head_tags(page):
        if name == "title":
            told.setdefault("title", unescape(piece))
            continue
        given = _attributes(piece)
        if name == "html":
            told.setdefault("lang", given.get("lang", ""))
        elif content := given.get("content", ""):
            told.setdefault((given.get("property") or given.get("name") or "").strip().lower(), content)
    return told


def _head_tags(page: str) -> Iterator[tuple[str, str]]:
    """(``meta`` or ``html``, the tag) and (``title``, its text), up to the end of the head."""
    at = 0
    for _number in range(MOST_TAGS):
        found = _TAG.search(page, at)
        if found is None or found[5]:
            return
        if found[4]:
            at = _end_of_tag(page, found.start())
            yield found[4].lower(), page[found.start() : at]
            continue
        begins = found.end() if found[1] else _end_of_tag(page, found.start())
        ends = page.find("-->", begins) if found[1] else _closing(page, found[2] or found[3], begins)
        if ends < 0:
            return
        if found[3]:
            yield "title", page[begins : min(ends, begins + LONGEST_TAG)]
        at = ends


def _end_of_tag(page: str, start: int) -> int:
    """Behind the tag's ``>``, one that stands in quotes passed over; ``LONGEST_TAG`` at the most."""
    limit = min(start + LONGEST_TAG, len(page))
    quote = ""
    for at in range(start, limit):
        letter = page[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == ">":
            return at + 1
    return limit


def _closing(page: str, name: str, start: int) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(page, start)
    return found.start() if found else -1


class _OneTag(HTMLParser):
    """The attributes of one start tag; of one given twice the first counts, as in browsers."""

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.given = self.given or {name: value or "" for name, value in reversed(attrs)}


def _attributes(tag: str) -> dict[str, str]:
    reader = _OneTag()
    reader.feed(tag)
    return reader.given


def _line(text: str, longest: int) -> str:
    """One line of plain text, no mark that turns the text around it, cut with an ellipsis."""
    line = " ".join(without_bidi_marks(clean_text(text[: longest * 8])).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")[:LONGEST_NAME]


def _picture(address: str, url: str) -> str:
    try:
        return absolute_link(urljoin(url, address.strip())) or "" if address else ""
    except ValueError:
        return ""


def _language(stated: str) -> str:
    match = _LANGUAGE.fullmatch(stated.strip()[:40])
    return match[1].lower() if match else ""
