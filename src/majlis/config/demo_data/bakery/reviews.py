"""What customers wrote of the bakery, and what it answered. Most like it; not all do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Final

from majlis.brands import actions as brands
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.config.demo_data.people import Person
from majlis.people import access


def _read() -> Iterator[tuple[str, int, str, str]]:
    """Language, stars, what was written, what was answered; either may be nothing."""
    for line in (files(__package__) / "reviews.txt").read_text(encoding="utf-8").splitlines():
        about, text, answer = (part.strip() for part in line.split("|"))
        language, stars = about.split()
        yield language, int(stars), text, answer


WRITTEN: Final = tuple(_read())


def write(
    bakery: Person, team: Mapping[Role, OnTeam], readers: Sequence[Person], *, at: datetime, chance: Random
) -> int:
    """All of them, the oldest first; how many. ``readers`` may not be of the team."""
    page = access.see_profile(profile_id=bakery.id, viewer_id=None)
    by_language = {}
    for code in ("en", "ar"):
        some = [who for who in readers if who.language == code]
        by_language[code] = chance.sample(some, min(len(some), sum(row[0] == code for row in WRITTEN)))
    moments = sorted(at - timedelta(days=chance.uniform(2, 180)) for _review in WRITTEN)
    for moment, (language, stars, text, answer) in zip(moments, WRITTEN, strict=True):
        if not by_language[language]:
            continue
        by = by_language[language].pop()
        moment = max(moment, by.made_at + timedelta(hours=1))
        recommends = True if stars >= 4 else False if stars <= 2 else None
        review = brands.write_review(
            page=page, by=by.id, stars=stars, recommends=recommends, text=text, at=moment
        )
        if answer:
            role = chance.choice((Role.SUPPORT, Role.SUPPORT, Role.OWNER))
            answered = min(moment + timedelta(hours=chance.uniform(1, 30)), at)
            brands.answer_review(team[role], review_id=review, text=answer, at=answered)
    return len(WRITTEN)
