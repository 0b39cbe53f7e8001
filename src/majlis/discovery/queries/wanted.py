"""What somebody typed into the search box, taken apart. Nothing is refused: what is no operator is a word.

bread "fresh bread" -stale #bakery from:@bob has:media is:reply language:ar before:2026-11-01
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from majlis.core.ids import lowest_id_at
from majlis.core.paging import HIGHEST
from majlis.core.text.arabic import fold, tokens_for_index, tokens_for_query
from majlis.core.text.clean import clean_text
from majlis.posts.composing import tag_key

LONGEST: Final = 500
MOST_WORDS: Final = 16

_PIECE: Final = re.compile(r'(?P<not>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<word>\S+)')
_OPERATOR: Final = re.compile(r"(from|has|is|language|lang|before|after|during):(\S+)", re.IGNORECASE)
_TAG: Final = re.compile(r"[#＃](\w+)$")
_LETTERS: Final = re.compile(r"[^\W_]+")
_QUOTES: Final = str.maketrans("“”„«»", '"""""')


@dataclass(slots=True)
class Wanted:
    """``words`` is for ``websearch_to_tsquery('simple', …)``; ids of hits lie between ``above`` and ``below``.

    ``every`` is the same without the order of words and without those to be left out: what an index of words
    can answer alone.
    """

    words: str = ""
    every: str = ""
    tags: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    only_media: bool = False
    only_polls: bool = False
    only_links: bool = False
    only_replies: bool = False
    above: int = 0
    below: int = HIGHEST
    positive: bool = False  # there is something to look for besides what is excluded

    @property
    def nothing(self) -> bool:
        """Whether nothing was asked that could be looked up."""
        return not (self.positive or self.tags or self.author)


def parse(text: str) -> Wanted:
    """The search that a text means."""
    wanted = Wanted()
    words: list[str] = []
    for piece in _PIECE.finditer(clean_text(text)[:LONGEST].translate(_QUOTES)):
        if piece["word"] is None:
            _add(wanted, words, [tokens_for_index(piece["phrase"])], negative=bool(piece["not"]))
        elif not _operator(wanted, piece["word"]):
            bare = piece["word"].removeprefix("-")
            negative = bare != piece["word"] and bool(bare)
            _add(wanted, words, [[token] for token in tokens_for_query(bare)], negative=negative)
    wanted.words = " ".join(words[:MOST_WORDS])
    wanted.every = " ".join(f'"{each}"' for each in _plain(words[:MOST_WORDS]))
    return wanted


def _plain(words: Iterable[str]) -> list[str]:
    """Each word to be found once, out of its phrase."""
    found = " ".join(each.strip('"') for each in words if not each.startswith("-"))
    return list(dict.fromkeys(found.split()))


def _add(wanted: Wanted, words: list[str], groups: Iterable[list[str]], *, negative: bool) -> None:
    """Each group in quotes: no word is taken for an operator of PostgreSQL's, and its order is kept."""
    found = [f'"{" ".join(group)}"' for group in groups if group]
    words += [f"-{each}" if negative else each for each in found]
    wanted.positive = wanted.positive or (bool(found) and not negative)


def _operator(wanted: Wanted, word: str) -> bool:
    """Note an operator; False when the word is none, and then it is looked for as it stands."""
    if tag := _TAG.match(word):
        wanted.tags = (*wanted.tags, tag_key(tag[1]))
        return True
    match = _OPERATOR.fullmatch(word)
    return match is not None and _known(wanted, match[1].lower(), match[2])


def _known(wanted: Wanted, name: str, value: str) -> bool:
    low = value.lower()
    if name == "from":
        wanted.author = value.lstrip("@")
    elif name in {"language", "lang"}:
        wanted.language = low[:16]
    elif (flag := _FLAGS.get(f"{name}:{low}")) is not None:
        setattr(wanted, flag, True)
    elif name in {"before", "after", "during"}:
        return _bounded(wanted, name, low)
    else:
        return False
    return True


_FLAGS: Final = {
    "has:media": "only_media",
    "has:image": "only_media",
    "has:photo": "only_media",
    "has:poll": "only_polls",
    "has:link": "only_links",
    "is:reply": "only_replies",
}


def _bounded(wanted: Wanted, name: str, value: str) -> bool:
    """Days in UTC. ``before`` and ``after`` leave the day itself out."""
    try:
        day = date.fromisoformat(value)
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        ends = begins + timedelta(days=1)
    except (ValueError, OverflowError):
        return False
    if name != "after":
        wanted.below = min(wanted.below, lowest_id_at(begins if name == "before" else ends))
    if name != "before":
        wanted.above = max(wanted.above, lowest_id_at(ends if name == "after" else begins) - 1)
    return True


def name_query(text: str) -> str:
    """For ``to_tsquery('simple', …)``: each word as its stem or as the beginning of a name. Empty for none."""
    parts = []
    for word in _LETTERS.findall(fold(clean_text(text)[:LONGEST]))[:MOST_WORDS]:
        stems = [stem for stem in tokens_for_index(word) if _LETTERS.fullmatch(stem)]
        parts.append(
            "(" + " | ".join([f"'{word}':*", *(f"'{stem}'" for stem in stems if stem != word)]) + ")"
        )
    return " & ".join(parts)


def name_words(*texts: str) -> str:
    """The words of a name as they are indexed: as written (folded) and as stems."""
    text = " ".join(texts)
    return " ".join(dict.fromkeys([*_LETTERS.findall(fold(text)), *tokens_for_index(text)]))


def like_prefix(text: str) -> str:
    """A pattern for LIKE that matches what begins with the text, its ``%`` and ``_`` taken literally."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"
