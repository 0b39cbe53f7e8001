"""Two bakeries in the same street, and what people say in public of the three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Final

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.config.demo_data.people import Ids, Person
from majlis.core import sql
from majlis.insights.windows import last_days
from majlis.posts.actions.bulk import WholePost, write_posts
from majlis.posts.composing import PostParams, compose
from majlis.studio.rivals.naming import name_rival
from majlis.studio.voice import saying, telling

_DAYS: Final = 80
_WORDS: Final = {
    "furn_fadi": ("فرن فادي", "Furn Fadi"),
    "crumb_corner": ("Crumb Corner", "كرمب كورنر"),
}

# nobody else of the example is found by words: it is not for search engines
_FOUND: Final = "UPDATE people_profile p SET indexable = true WHERE p.id = ANY(%(ids)s)"


def _read() -> Iterator[tuple[str, str]]:
    """Language and text of everything said."""
    for line in (files(__package__) / "rivals.txt").read_text(encoding="utf-8").splitlines():
        about, text = (part.strip() for part in line.split("|"))
        yield about.split()[1], text


SAID: Final = tuple(_read())


def tell(
    team: Mapping[Role, OnTeam], readers: Sequence[Person], *, at: datetime, ids: Ids, chance: Random
) -> int:
    """What people say, the rivals' names, a survey, and a number kept four weeks ago; how many posts. ``readers`` are
    not of the team."""
    by_language = {code: [who for who in readers if who.language == code] for code in ("ar", "en")}
    posts = []
    for language, text in [*SAID, *SAID[:14]]:
        by = chance.choice(by_language[language])
        moment = max(at - timedelta(days=chance.uniform(0.2, _DAYS)), by.made_at + timedelta(hours=1))
        if moment < at:
            posts.append(_post(by, text, language, moment, ids))
    write_posts(posts, at=at)
    sql.execute(_FOUND, ids=sorted({post.author_id for post in posts}))
    own = team[Role.ADVERTISER]
    for handle, words in _WORDS.items():
        name_rival(own, acct=handle, words=words, at=at - timedelta(days=60))
    saying.keep_words(own, words=["بيت زيتون", "Bayt Zaytoun", "#بيت_زيتون"], at=at - timedelta(days=60))
    saying.keep_recall(
        own, asked=120, recalled=42, day=(at - timedelta(days=30)).date(), at=at - timedelta(days=30)
    )
    then = at - timedelta(days=28)
    saying.keep(own, telling.voices(own, window=last_days(28, at=then, zone=own.time_zone)), at=then)
    return len(posts)


def _post(by: Person, text: str, language: str, moment: datetime, ids: Ids) -> WholePost:
    composed = compose(PostParams(text=text, language=language), by=by.id)
    return WholePost(
        id=ids.at(moment), author_id=by.id, made_at=moment, text=composed.text, html=composed.html,
        search=composed.search, language=language, tags=composed.tags, mentioned=composed.mentioned,
    )  # fmt: skip
