"""How long a text is for its writer: in characters as people see them, links and addresses cut down.

Mastodon's rule, so that the counter in an app and the answer of the server agree: a link with its
scheme counts 23, and ``@name@host`` counts as ``@name``.
"""

from __future__ import annotations

from typing import Final

import regex as re
from django.utils.functional import lazy
from django.utils.translation import ngettext

from majlis.core.errors import BadInput
from majlis.core.text.entities import Entity, Mention, find_entities
from majlis.core.text.links import LONGEST_URL, Link

LENGTH_OF_LINK: Final = 23
# One character people see may be many code points (a family of four: 11). More than this on average
# is no writing but a way around the limit.
MOST_CODE_POINTS: Final = 12

# Without any of these every code point stands alone, and most texts have none: marks, joiners, CR,
# Hangul jamo, Thai and Lao vowels, flags, skin tones, Indic letters before a cluster.
_JOINING: Final = re.compile(
    r"[\p{M}\p{Cf}\r\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u0e33\u0eb3\p{GCB=Extend}\p{GCB=Prepend}\p{GCB=SpacingMark}"
    r"\U0001f1e6-\U0001f1ff]"
)
_CLUSTER: Final = re.compile(r"\X")


def graphemes(text: str) -> int:
    """The number of extended grapheme clusters (UAX #29): an emoji family, a letter with its marks."""
    if not _JOINING.search(text):
        return len(text)
    return sum(1 for _cluster in _CLUSTER.finditer(text))


def first_graphemes(text: str, most: int) -> str:
    """The beginning of the text, at most so many characters as people see them, none cut in half."""
    if len(text) <= most:
        return text
    for number, cluster in enumerate(_CLUSTER.finditer(text)):
        if number == most:
            return text[: cluster.start()]
    return text


def post_length(text: str) -> int:
    """The length of a post's text as the limit counts it."""
    return graphemes(text) - sum(_saved(entity) for entity in find_entities(text))


def _saved(entity: Entity) -> int:
    """What an entity counts less than its own text; negative for a link shorter than 23."""
    match entity:
        case Link() if not entity.bare:
            return graphemes(entity.text) - LENGTH_OF_LINK
        case Mention() if entity.domain:
            return entity.end - entity.start - entity.text.index("@", 1)
        case _:
            return 0


def require_length(text: str, *, most: int, field: str | None = None, least: int = 0) -> None:
    """Refuse (BadInput) more than ``most`` or fewer than ``least`` characters as people see them."""
    length = graphemes(text)
    if length > most or len(text) > MOST_CODE_POINTS * most:
        raise too_long(most=most, field=field)
    if length < least:
        raise BadInput(_at_least(least), code="too_short", field=field)


def require_post_length(text: str, *, most: int, field: str | None = "status") -> None:
    """Refuse a post's text longer than ``most`` as the limit counts it (BadInput)."""
    # The first question is asked before anything is read: links may be long, texts may not.
    if len(text) > MOST_CODE_POINTS * most + LONGEST_URL or post_length(text) > most:
        raise too_long(most=most, field=field)


def too_long(*, most: int, field: str | None = None) -> BadInput:
    """The refusal of a text of more than ``most`` characters."""
    return BadInput(_at_most(most), code="too_long", field=field)


def _at_most_now(most: int) -> str:
    sentence = ngettext(
        "That is too long: at most %(most)d character fits.",
        "That is too long: at most %(most)d characters fit.",
        most,
    )
    return sentence % {"most": most}


def _at_least_now(least: int) -> str:
    sentence = ngettext(
        "That is too short: at least %(least)d character is needed.",
        "That is too short: at least %(least)d characters are needed.",
        least,
    )
    return sentence % {"least": least}


# Translated when they are shown, in the reader's language, not when they are raised.
_at_most = lazy(_at_most_now, str)
_at_least = lazy(_at_least_now, str)
