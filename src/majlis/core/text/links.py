"""Web links in plain text: where they begin and end.

The reading of a link is linkify-it's. Ours are the places where one may begin (right after Arabic or
Chinese letters too: those scripts put no space there) and end (Arabic punctuation, bidi marks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from linkify_it import LinkifyIt  # type: ignore[import-untyped]

LONGEST_URL: Final = 2048
LAST_READ: Final = 8
"""Texts whose links and names are remembered: counting, rendering and indexing a post ask one after the other."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web link. ``start`` and ``end`` count code points; ``url`` is absolute, http or https."""

    start: int
    end: int
    text: str
    url: str

    @property
    def bare(self) -> bool:
        """Whether it was typed without ``https://`` (such a link keeps its own length in a count)."""
        return self.text != self.url


_reader: Final = LinkifyIt(
    {"ftp:": None, "//": None, "mailto:": None},
    {"fuzzy_link": True, "fuzzy_email": False, "fuzzy_ip": False},
)
_SCHEME: Final = re.compile(r"(?<![a-zA-Z0-9_@＠#＃$])(https?:)//", re.IGNORECASE)
# A link has no white space and no bidi mark inside, so each word is read alone: linkify-it's own
# search over a whole text costs a millisecond.
_WORD: Final = re.compile("[^\\s\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_MAYBE_BARE: Final = re.compile(r"[^\W_]\.(?:[a-z]{2}|xn--|рф)", re.IGNORECASE)

# Names of files rather than of hosts, when nothing else speaks for a host.
_FILE_ENDINGS: Final = frozenset({"md", "pl", "ps", "py", "rs", "sh"})

_NO_LINK_AFTER: Final = frozenset("#$＃＠")
# Never typed inside an address: the Arabic comma and semicolon, and what attributes are broken with.
_STOP: Final = re.compile('[،؛"<>`\\\\]')
_POSSESSIVE: Final = re.compile("['’]s$")
_TRAILING: Final = "؟۔٪.,;:!?@'*([{«»‹›“”‘’„…、。！？，；：・"
_CLOSERS: Final = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "】": "【"}
_LABEL: Final = re.compile(r"(?!xn--.*[^\x00-\x7f])(?![_-])[^\s_]{1,63}(?<![_-])", re.IGNORECASE)
_TOP: Final = re.compile(r"xn--[a-z0-9-]+|\d+|[^\W\d_]{2,63}|[^\x00-\x7f]{2,63}", re.IGNORECASE)
_HOST: Final = re.compile(r"https?://(?:[^/?#@\s]*@)?([^/?#:\s]+)", re.IGNORECASE)


def find_links(text: str) -> list[Link]:
    """All links in the order they stand in, none overlapping. Time grows with the length of the text."""
    return list(_links(text))


@lru_cache(LAST_READ)
def _links(text: str) -> tuple[Link, ...]:
    found: list[Link] = []
    for word in _WORD.finditer(text):
        if "://" in word[0]:
            found += _with_scheme(word[0], word.start())
        elif _MAYBE_BARE.search(word[0]) and len(word[0]) <= LONGEST_URL:
            found += _without_scheme(word[0], word.start())
    return tuple(found)


def _with_scheme(word: str, offset: int) -> Iterator[Link]:
    after = 0
    for scheme in _SCHEME.finditer(word):
        if scheme.start() < after:
            continue
        # linkify-it takes the square of the length for brackets that never close: it sees a window.
        window = word[scheme.start() : scheme.start() + LONGEST_URL + 1]
        length = _reader.test_schema_at(window, scheme[1], len(scheme[1]))
        # What was read once is not read again, link or not: else many beginnings cost a square too.
        after = scheme.end(1) + length
        raw = _trimmed(word[scheme.start() : after])
        if length and len(raw) <= LONGEST_URL and _host_is_plausible(raw):
            after = scheme.start() + len(raw)
            yield Link(offset + scheme.start(), offset + after, raw, raw)


def _without_scheme(word: str, offset: int) -> Iterator[Link]:
    for match in _reader.match(word) or ():
        before, behind = word[: match.index][-1:], word[match.last_index :][:1]
        raw = _trimmed(match.raw)
        if before in _NO_LINK_AFTER or behind == "@" or _is_file_name(raw):
            continue
        start = offset + match.index
        url = f"https://{raw}"
        if _host_is_plausible(url):
            yield Link(start, start + len(raw), raw, url)


def _is_file_name(raw: str) -> bool:
    labels = raw.lower().split(".")
    return len(labels) == 2 and labels[1] in _FILE_ENDINGS


def _host_is_plausible(url: str) -> bool:
    """Whether the host could exist: labels of letters, digits and inner hyphens, under some top domain."""
    host = _HOST.match(url)
    if not host or len(host[1]) > 253:
        return False
    *labels, top = host[1].rstrip(".").split(".")
    return bool(labels and _TOP.fullmatch(top)) and all(_LABEL.fullmatch(label) for label in labels)


def _trimmed(raw: str) -> str:
    """Without what follows a link in a sentence: punctuation, quotes, closing brackets never opened."""
    if stop := _STOP.search(raw):
        raw = raw[: stop.start()]
    raw = _POSSESSIVE.sub("", raw)
    while raw:
        last = raw[-1]
        if last in _TRAILING or (last in _CLOSERS and raw.count(last) > raw.count(_CLOSERS[last])):
            raw = raw[:-1]
        else:
            break
    return raw


# Scheme, then a host without user name, and no character that readers of addresses disagree on.
_ABSOLUTE: Final = re.compile(
    r"https?://[^\x00-\x20\x7f-\xa0\"'<>`\\/?#@\s]+(?:[/?#][^\x00-\x20\x7f-\x9f\"<>`\\\s]*)?",
    re.IGNORECASE,
)


def absolute_link(url: str) -> str | None:
    """The address when it may be shown as a link: absolute, http or https, at most 2,048 characters.

    Addresses with a user name (``https://bank.example@evil.example``) are refused: people misread them.
    """
    url = url.strip()
    return url if len(url) <= LONGEST_URL and _ABSOLUTE.fullmatch(url) else None
