"""The one place where HTML is made safe, and the one that says so to the templates.

Invariant: whatever leaves here as SafeString consists of the elements and attributes listed below,
and every address in it is absolute, http or https. Nothing else in the house marks text as safe.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Final

import nh3
from django.utils.safestring import SafeString

from majlis.core.json import encode
from majlis.core.text import markup
from majlis.core.text.article import article_markup
from majlis.core.text.clean import clean_text
from majlis.core.text.links import absolute_link
from majlis.core.text.markup import LINK_REL, MentionLink, Mentions, TagUrl

__all__ = (
    "MentionLink",
    "absolute_link",
    "article_html",
    "json_ld",
    "link_html",
    "plain",
    "post_html",
    "sanitise",
    "stored_html",
)

LONGEST_HTML: Final = 256 * 1024
DEEPEST: Final = 64

_INLINE: Final = {
    "a", "b", "bdi", "br", "code", "del", "em", "i", "rp", "rt", "ruby", "s", "span", "strong", "sub", "sup",
    "u",
}  # fmt: skip
_BLOCKS: Final = {"p", "blockquote", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
_TABLES: Final = {"table", "thead", "tbody", "tr", "th", "td"}
# Elements whose text is no text for readers.
_SILENT: Final = {
    "script", "style", "title", "template", "noscript", "iframe", "object", "embed", "noembed", "noframes",
    "math", "svg", "textarea", "select", "option", "xmp", "plaintext", "head", "audio", "video", "canvas",
}  # fmt: skip
_CLASSES: Final = {
    "span": {"h-card", "invisible", "ellipsis", "mention"},
    "a": {"mention", "u-url", "hashtag"},
}
_SHORT_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "dir": re.compile(r"ltr|rtl|auto", re.IGNORECASE),
    "lang": re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,4}"),
    "translate": re.compile(r"yes|no", re.IGNORECASE),
    "start": re.compile(r"-?\d{1,6}"),
    "value": re.compile(r"-?\d{1,6}"),
    "reversed": re.compile(r"|reversed", re.IGNORECASE),
}
_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "a": {"href", "translate"},
    "span": {"translate"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}


def _attribute(_element: str, name: str, value: str) -> str | None:
    if name in ("href", "src"):
        return absolute_link(value)
    if name in _SHORT_VALUES:
        return value if _SHORT_VALUES[name].fullmatch(value) else None
    return value if len(value) <= 1500 else None


def _cleaner(tags: set[str], attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=_SILENT,
        attributes=attributes,
        attribute_filter=_attribute,
        link_rel=LINK_REL,
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            **({"img": {"loading": "lazy", "referrerpolicy": "no-referrer"}} if "img" in tags else {}),
        },
        url_schemes={"http", "https"},
        url_relative="deny",
        allowed_classes=_CLASSES,
        generic_attribute_prefixes=set(),
    )


_foreign: Final = _cleaner(_INLINE | _BLOCKS, _ATTRIBUTES)
_article: Final = _cleaner(_INLINE | _BLOCKS | _TABLES | {"img"}, {**_ATTRIBUTES, "img": {"src", "alt"}})


def sanitise(html: str) -> SafeString:
    """HTML from elsewhere (other servers, feeds, archives) reduced to what is safe and readable.

    What is beyond 256 KiB is cut; what nests deeper than 64 becomes plain paragraphs.
    """
    return SafeString(_foreign.clean(_shallow(clean_text(html[:LONGEST_HTML]))))


def post_html(source: str, *, mentions: Mentions, tag_url: TagUrl) -> SafeString:
    """The plain text of a post as HTML.

    ``mentions`` maps ``Mention.key`` to its profile; a mention that is not in it stays text.
    ``tag_url`` makes the absolute address from a hashtag's key.
    """
    return SafeString(markup.paragraphs(markup.inline(clean_text(source), mentions, tag_url)))


def article_html(
    source: str, *, mentions: Mentions, tag_url: TagUrl, image_prefixes: Sequence[str] = ()
) -> SafeString:
    """Markdown as HTML, raw HTML in it shown as text; see ``article.py`` for what is taken.

    ``image_prefixes`` are the beginnings of addresses whose pictures may show (our own media);
    other pictures become links.
    """
    made = article_markup(
        clean_text(source), mentions=mentions, tag_url=tag_url, image_prefixes=image_prefixes
    )
    return SafeString(_article.clean(made))


def link_html(url: str) -> SafeString:
    """A single link (a profile's field, a card), or the escaped text when it may not be a link."""
    return SafeString(markup.link(url, shown=url))


def stored_html(html: str) -> SafeString:
    """HTML that a function of this module made and the database kept, for a template."""
    return SafeString(html)


_SCRIPT_ESCAPES: Final = str.maketrans(
    {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def json_ld(data: Mapping[str, object]) -> SafeString:
    """Structured data for search engines in its element; nothing in the data can close the element."""
    text = encode(data).decode("utf-8").translate(_SCRIPT_ESCAPES)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


# Depth ----------------------------------------------------------------------------------------

_ANY_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These never hold one another open: repeated without an end tag they stand side by side.
_FLAT: Final = frozenset(
    {"br", "hr", "img", "p", "li", "td", "th", "tr", "dt", "dd", "input", "meta", "link", "wbr"}
)
_MOST_REFERENCES: Final = 20_000  # the parser takes the square of the number of character references
_ANYTHING_LIKE_A_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>?")


def _shallow(html: str) -> str:
    """The HTML, or its text escaped when it nests so deep that readers take the square of its length."""
    if html.count("&") > _MOST_REFERENCES:
        html = "&".join(html.split("&", _MOST_REFERENCES)[:-1])
    if html.count("<") <= DEEPEST:
        return html
    open_: Counter[str] = Counter()
    depth = 0
    for end, element in _ANY_TAG.findall(html):
        element = element.lower()
        if not end and element not in _FLAT:
            open_[element] += 1
            depth += 1
            if depth > DEEPEST:
                return markup.paragraphs(escape(unescape(_ANYTHING_LIKE_A_TAG.sub("", html))))
        elif end and open_[element]:
            open_[element] -= 1
            depth -= 1
    return html


# Text -----------------------------------------------------------------------------------------

_LINE_ENDING: Final = _BLOCKS | {"br", "div", "section", "article", "header", "footer", "tr"}
_text_only: Final = nh3.Cleaner(tags=_LINE_ENDING, clean_content_tags=_SILENT, attributes={}, link_rel=None)
_SEEN_TAG: Final = re.compile(r"<(/?)([a-z0-9]+)>")
_PARAGRAPH_GAP: Final = re.compile(r"</p>\s*<p>")
_MANY_LINE_ENDS: Final = re.compile(r"\n\s*\n")
_ENTITY: Final = re.compile(r"&(amp|lt|gt|nbsp|quot);")
_CHARACTERS: Final = {"amp": "&", "lt": "<", "gt": ">", "nbsp": "\xa0", "quot": '"'}


def plain(html: str) -> str:
    """The text a reader sees: paragraphs apart by an empty line, ``<br>`` and blocks by a line end.

    For what :func:`post_html` made it gives the source back, to the character.
    """
    text = _text_only.clean(_shallow(html[: 4 * LONGEST_HTML]))
    text = _PARAGRAPH_GAP.sub("\n\n", text).removeprefix("<p>").removesuffix("</p>").replace("<br>", "\n")
    if _SEEN_TAG.search(text):  # not of our making: blocks inside blocks
        text = _MANY_LINE_ENDS.sub("\n\n", _SEEN_TAG.sub(_line_end, text)).strip()
    return _ENTITY.sub(lambda entity: _CHARACTERS[entity[1]], text)


def _line_end(tag: re.Match[str]) -> str:
    return "\n\n" if tag[2] == "p" else "\n"
