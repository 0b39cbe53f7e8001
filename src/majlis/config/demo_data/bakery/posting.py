"""When the bakery posted, in which language, and with which link; said before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from majlis.studio.links.actions import url_of
from majlis.studio.links.codes import ALPHABET, LENGTH

WEEKS: Final = 13
# hours in UTC: the bakery's own are two or three later
_HOURS: Final = (4, 5, 6, 9, 14, 15, 16)
_CALLS: Final = {
    "en": ("Order here: {url}", "The whole list: {url}", "Ask us to keep one for you: {url}"),
    "ar": ("للطلب من هنا: {url}", "القائمة كلها: {url}", "اطلبوا أن نحفظ لكم نصيبكم: {url}"),
}
_CODES: Final = {
    "en": "Say {word} at the till for a tenth off.",
    "ar": "قولوا «{word}» عند الصندوق ولكم حسم العُشر.",
}
WORDS: Final = {"en": "SESAME10", "ar": "زيتون10"}


@dataclass(frozen=True)
class Planned:
    """A post to be: ``code`` of its tracked link or nothing, ``word`` a promo code that it tells or nothing."""

    at: datetime
    language: str
    code: str
    call: str
    word: str


def thirteen_weeks(*, at: datetime, chance: Random) -> Iterator[Planned]:
    """Four to six posts a week, up to a few hours ago. Half of them lead to the bakery's own site."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for week in range(WEEKS):
        for day in sorted(chance.sample(range(7), chance.randint(4, 6))):
            days = timedelta(days=7 * (WEEKS - week) - day - 1)
            moment = (
                midnight - days + timedelta(hours=chance.choice(_HOURS), seconds=chance.uniform(0, 3_000))
            )
            language = chance.choice(("ar", "ar", "en"))
            code = "".join(chance.choices(ALPHABET, k=LENGTH)) if chance.random() < 0.55 else ""
            word = WORDS[language] if week >= WEEKS - 4 and chance.random() < 0.3 else ""
            if moment < at - timedelta(hours=2):
                yield Planned(moment, language, code, chance.choice(_CALLS[language]), word)


def with_link(text: str, planned: Planned) -> str:
    """The words, and where they lead."""
    parts = [text]
    if planned.word:
        parts.append(_CODES[planned.language].format(word=planned.word))
    if planned.code:
        parts.append(planned.call.format(url=url_of(planned.code)))
    return "\n\n".join(parts)
