"""Mentions, hashtags and links in plain text, with their positions.

The rules are those people know from other networks (the twitter-text conformance cases are a test),
with addresses ``@name@host`` added and Arabic taken seriously: a name may be Arabic, a mention may
follow an attached و ف ب ك ل, and spellings of one hashtag meet in one key.
"""

from __future__ import annotations

import re as plain_re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex as re

from majlis.core.text.arabic import fold
from majlis.core.text.links import LAST_READ, Link, find_links

LONGEST_HASHTAG: Final = 100
LONGEST_HANDLE: Final = 30
LONGEST_REMOTE_HANDLE: Final = 100
_LONGEST_HOST: Final = 259  # 253 of the name, a colon and a port


@dataclass(frozen=True, slots=True)
class Mention:
    """``@name`` or ``@name@host``. ``start`` and ``end`` count code points; ``text`` is as typed."""

    start: int
    end: int
    text: str
    handle: str
    domain: str | None

    @property
    def key(self) -> str:
        """What to look it up by: ``name`` or ``name@host``, lower case, marks and tatweel removed."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle


@dataclass(frozen=True, slots=True)
class Hashtag:
    """``#tag``. ``name`` is as typed, without the sign; ``key`` is the same for all its spellings."""

    start: int
    end: int
    text: str
    name: str

    @property
    def key(self) -> str:
        """See :func:`hashtag_key`."""
        return hashtag_key(self.name)


Entity = Link | Mention | Hashtag

# Scripts without spaces between words: a neighbour of these is not part of the name.
_NO_SPACES: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}ー"
_ARABIC: Final = r"\u0620-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u0660-\u0669\u06f0-\u06f9\u0670"
_LABEL: Final = r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?"
_TOP: Final = r"(?:xn--[a-z0-9-]{2,59}|[a-z]{2,63}|[[\p{L}\p{M}]--[a-z]]{2,63})"
_HOST: Final = rf"(?:(?:{_LABEL}\.)+{_TOP}|localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}})(?::\d{{1,5}})?"

_SIGN: Final = plain_re.compile("[@＠]")
_BEFORE_MENTION: Final = re.compile(
    rf"(?:^|[^\p{{L}}\p{{N}}_])(?:rt:?|[وفبكل]\u0640?)$"
    rf"|(?:^|[^[\p{{L}}\p{{M}}\p{{N}}_!#$%&*@＠/=]--[{_NO_SPACES}\ufe0e\ufe0f]])$",
    re.IGNORECASE | re.V1,
)
_MENTION: Final = re.compile(
    rf"""
    [@＠]
    (?:
        (?P<user> [a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+ | [_0-9{_ARABIC}]++ ) @ (?P<host> {_HOST} )
        (?! [@＠] | :// )
      | (?P<local> [a-z0-9_]++ | [_0-9{_ARABIC}]++ )
        (?! [@＠] | :// | [[\p{{L}}\p{{M}}\p{{N}}]--[{_NO_SPACES}]] )
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.V1,
)

_JOINING: Final = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4～〜\u309b\u309c\u30a0・〃\u0f0b\u0f0c·"
_HASHTAG: Final = re.compile(
    rf"(?<![[&\p{{L}}\p{{M}}\p{{Nd}}{_JOINING}]--[\ufe0e\ufe0f]])"
    rf"[#＃](?![\ufe0f\u20e3])"
    rf"(?P<name>[\p{{L}}\p{{M}}\p{{Nd}}{_JOINING}]++)(?![#＃]|://)",
    re.V1,
)
_LETTER: Final = re.compile(r"\p{L}")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NOT_IN_HANDLE: Final = plain_re.compile("[\u0640\u064b-\u065f\u0670]")


def find_entities(text: str) -> list[Entity]:
    """All links, mentions and hashtags in the order they stand in, none overlapping.

    Links come first: what looks like a mention or a hashtag inside an address is part of the address.
    """
    return list(_entities(text))


@lru_cache(LAST_READ)
def _entities(text: str) -> tuple[Entity, ...]:
    links = find_links(text)
    found: list[Entity] = [*links, *_free(find_mentions(text), links), *_free(find_hashtags(text), links)]
    found.sort(key=lambda entity: entity.start)
    return tuple(found)


def _free(entities: list[Mention] | list[Hashtag], links: list[Link]) -> list[Mention | Hashtag]:
    """Those that do not overlap a link. Both lists are sorted, so one pass is enough."""
    kept: list[Mention | Hashtag] = []
    at = 0
    for entity in entities:
        while at < len(links) and links[at].end <= entity.start:
            at += 1
        if at == len(links) or entity.end <= links[at].start:
            kept.append(entity)
    return kept


def find_mentions(text: str) -> list[Mention]:
    """Mentions, those inside links included; see :func:`find_entities`."""
    found: list[Mention] = []
    after = 0
    for sign in _SIGN.finditer(text):
        at = sign.start()
        if at < after or not _BEFORE_MENTION.search(text[max(at - 4, 0) : at]):
            continue
        match = _MENTION.match(text, at)
        if match and (mention := _as_mention(match)):
            found.append(mention)
            after = mention.end
    return found


def _as_mention(match: re.Match[str]) -> Mention | None:
    handle, host = normal_handle(match["user"] or match["local"]), match["host"]
    longest = LONGEST_REMOTE_HANDLE if host else LONGEST_HANDLE
    if len(handle) > longest or not handle.strip("_") or (host and len(host) > _LONGEST_HOST):
        return None
    return Mention(match.start(), match.end(), match[0], handle, host.lower() if host else None)


def normal_handle(typed: str) -> str:
    """A handle as it is kept and compared: NFC, lower case, digits 0-9, no Arabic vowel marks and tatweel."""
    return _NOT_IN_HANDLE.sub("", unicodedata.normalize("NFC", typed)).lower().translate(_DIGITS)


def find_hashtags(text: str) -> list[Hashtag]:
    """Hashtags, those inside links included; see :func:`find_entities`. Digits alone are none."""
    if "#" not in text and "＃" not in text:
        return []
    found = []
    for match in _HASHTAG.finditer(text):
        name = match["name"].rstrip("\u200c\u200d·")
        if len(name) <= LONGEST_HASHTAG and _LETTER.search(name):
            end = match.start("name") + len(name)
            found.append(Hashtag(match.start(), end, text[match.start() : end], name))
    return found


def hashtag_key(name: str) -> str:
    """One key for all spellings of a hashtag: width, case, Arabic marks, tatweel, alef and ya forms, digits.

    The key is itself a valid hashtag and stands in addresses; the name people see is one that was typed.
    """
    return "".join(fold(name).split())
