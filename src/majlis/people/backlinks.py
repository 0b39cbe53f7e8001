"""Whether a page says that a profile is its owner's: a link to it with ``rel="me"``.

https://microformats.org/wiki/rel-me. Whatever is unclear is no: a check mark vouches for somebody.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

# What stands inside is not on the page, or is text that a visitor may have written.
_SILENT: Final = frozenset(
    {
        "template", "noscript", "textarea", "title", "iframe", "noembed", "noframes", "xmp",
        "plaintext", "select", "svg", "math", "object",
    }
)  # fmt: skip


def may_vouch(url: str) -> bool:
    """Whether a page at this address is worth asking: over https, where nobody in between can answer."""
    return url.startswith("https://")


def same_place(asked: str, answered: str) -> bool:
    """Whether the answer came from the site that is shown, not from where it was sent on to."""
    one, other = urlsplit(asked), urlsplit(answered)
    return (one.scheme, one.netloc.lower()) == (other.scheme, other.netloc.lower())


def links_back(page: str, profile_url: str) -> bool:
    """Whether the HTML has ``<a>`` or ``<link>`` with ``rel="me"`` and exactly this address."""
    reader = _Reader(profile_url)
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self._wanted = wanted
        self._inside = dict.fromkeys(_SILENT, 0)
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._inside[tag] += 1
        elif tag in {"a", "link"} and not any(self._inside.values()):
            self._look_at(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # <template/> opens a template all the same
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._inside.get(tag):
            self._inside[tag] -= 1

    def _look_at(self, attrs: list[tuple[str, str | None]]) -> None:
        # of an attribute given twice browsers take the first
        given = {name: value or "" for name, value in reversed(attrs)}
        if given.get("href", "").strip() == self._wanted and "me" in given.get("rel", "").lower().split():
            self.found = True
