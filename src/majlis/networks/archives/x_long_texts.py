"""X's long posts: the archive keeps their full text in a part of its own, without the post's number.

A long text is given to the post of the same second that begins with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from majlis.networks.archives import fields, moments
from majlis.networks.archives.records import Fields, Skipped

_LEADING_MENTIONS: Final = re.compile(r"(?:@\w+\s+)*", re.ASCII)
_TAIL: Final = re.compile(r"(?:…|\.\.\.)?\s*(?:https://t\.co/\w+\s*)*\Z", re.ASCII)
_SHORTEST: Final = 20
# More than X lets anybody post with mentions and links before it is a long text.
_LONGEST_SHORT: Final = 2_000
_AT_ONCE: Final = 10


class LongTexts:
    """The long texts by second, up to ``most`` bytes of them."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._left = most
        self._by_second: dict[int, list[tuple[str, str, dict[str, str]]]] = {}

    def add(self, entry: Fields) -> Iterator[Skipped]:
        """Keeps one long text, or says why not."""
        note = fields.mapping(entry, "noteTweet")
        text = fields.text(fields.mapping(note, "core"), "text")
        created_at = moments.iso(fields.text(note, "createdAt"))
        what = f"note {fields.text(note, 'noteTweetId') or '?'}"
        if text is None or created_at is None:
            yield Skipped(what=what, code="item_shape")
        elif len(text.encode("utf-8", "replace")) > self._left:
            yield Skipped(what=what, code="too_many_long_texts", params={"limit": str(self._most)})
        elif len(self._by_second.get(_second(created_at), ())) >= _AT_ONCE:
            yield Skipped(what=what, code="long_texts_at_once", params={"limit": str(_AT_ONCE)})
        else:
            self._left -= len(text.encode("utf-8", "replace"))
            self._by_second.setdefault(_second(created_at), []).append((what, text, _links(note)))

    def take(self, short: str, created_at: datetime) -> tuple[str, dict[str, str]] | None:
        """The long text of the post and its links (short to full), which then belongs to no other post."""
        if not self._by_second:
            return None
        start, mentions = _start(short)
        for second in range(_second(created_at) - 1, _second(created_at) + 2):
            for found in self._by_second.get(second, ()):
                if len(start) >= _SHORTEST and _without_mentions(found[1]).startswith(start):
                    self._by_second[second].remove(found)
                    return (found[1] if found[1].startswith("@") else mentions + found[1]), found[2]
        return None

    def unused(self) -> Iterator[Skipped]:
        """A line for each text that no post claimed: its post was deleted."""
        for found in self._by_second.values():
            yield from (Skipped(what=what, code="long_text_alone") for what, _text, _links in found)


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def _start(text: str) -> tuple[str, str]:
    """The words without the people addressed before them and without the cut end; and those people."""
    words = _without_mentions(text[:_LONGEST_SHORT])
    return _TAIL.sub("", words), text[: len(text[:_LONGEST_SHORT]) - len(words)]


def _without_mentions(text: str) -> str:
    match = _LEADING_MENTIONS.match(text)
    return text[match.end() :] if match else text


def _links(note: Fields) -> dict[str, str]:
    urls = fields.mappings(fields.mapping(note, "core"), "urls")
    pairs = (
        (fields.text(each, "shortUrl", "url"), fields.text(each, "expandedUrl", "expanded_url"))
        for each in urls
    )
    return {short: full for short, full in pairs if short and full}
