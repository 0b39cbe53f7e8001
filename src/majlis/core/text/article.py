"""Markdown of articles turned into HTML, not yet safe: ``html.article_html`` is the door.

Raw HTML in the source stays text. Links, mentions and hashtags are found by the same reader as in
posts; headings begin at the second level, since the page has its own title; a picture from a place
the caller did not name becomes a link to it, so that reading an article tells no stranger who reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the reader is loaded with the first article
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

from majlis.core.text import markup

LONGEST_ARTICLE: Final = 100_000
MOST_BRACKETS: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Context:
    mentions: markup.Mentions
    tag_url: markup.TagUrl
    image_prefixes: tuple[str, ...]


def article_markup(
    source: str, *, mentions: markup.Mentions, tag_url: markup.TagUrl, image_prefixes: Sequence[str]
) -> str:
    """The article as HTML; what is beyond 100,000 characters is left out.

    With more than 2,000 opening brackets none begins a link: the reader needs 0.1 ms for each.
    """
    source = source[:LONGEST_ARTICLE]
    if source.count("[") > MOST_BRACKETS:
        source = source.replace("[", "\\[")
    context = _Context(mentions, tag_url, tuple(image_prefixes))
    return str(_reader().render(source, {"majlis": context}))


def _rework(state: StateCore) -> None:
    context: _Context = state.env["majlis"]
    _level_headings(state.tokens)
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _reworked(token.children, context)


def _level_headings(tokens: list[Token]) -> None:
    """The highest heading becomes the second level (the page has the first), and none skips a level."""
    opened = [token for token in tokens if token.type == "heading_open"]
    closed = [token for token in tokens if token.type == "heading_close"]
    top = min((int(token.tag[1]) for token in opened), default=1)
    before = 1
    for start, end in zip(opened, closed, strict=True):
        before = min(int(start.tag[1]) - top + 2, before + 1, 6)
        start.tag = end.tag = f"h{before}"


def _reworked(tokens: list[Token], context: _Context) -> list[Token]:
    in_link = 0
    made = []
    for token in tokens:
        in_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "image":
            made.append(_picture(token, context))
        elif token.type == "text" and not in_link:
            made.append(_raw(markup.inline(token.content, context.mentions, context.tag_url)))
        else:
            made.append(token)
    return made


def _picture(token: Token, context: _Context) -> Token:
    source = str(token.attrs.get("src", ""))
    if source.startswith(context.image_prefixes):
        return token
    return _raw(markup.link(source, shown=source) if not token.content else _named(source, token.content))


def _named(address: str, name: str) -> str:
    return f'<a href="{escape(address)}">{escape(name)}</a>'


def _raw(html: str) -> Token:
    from markdown_it.token import Token  # noqa: PLC0415 - loaded by now

    return Token("html_inline", "", 0, content=html)


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - no start waits for it

    reader = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    reader.core.ruler.push("majlis", _rework)
    return reader
