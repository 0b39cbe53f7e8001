"""Who lives in the example community and who follows whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from majlis.config.demo_data.grammar import Language
from majlis.config.demo_data.names import Register, people
from majlis.core import json, sql
from majlis.core.ids import lowest_id_at
from majlis.core.text.arabic import tokens_for_index
from majlis.people.bios import bio_html
from majlis.posts.actions.bulk import copy_rows

VISIBLE: Final = 300
CROWD: Final = 14_800
MOST_FOLLOWERS: Final = 15_000
BAKERY_FOLLOWERS: Final = 500
_EXAMPLE: Final = {
    "en": "An example, made by majlis demo: nobody real.",
    "ar": "مثال صنعه majlis demo، ولا أحد حقيقي وراءه.",
}
# handle, name, language, kind, login, followers wanted (0: as it comes)
CAST: Final = (
    ("alice", "Alice", "en", "person", "alice", 180),
    ("bob", "بوب الحلبي", "ar", "person", "bob", 140),
    ("dana", "Dana", "en", "person", "dana", 60),
    ("charlie", "Charlie", "en", "person", "charlie", 20),
    ("nadia", "Nadia", "en", "person", "nadia", 40),
    ("bayt_zaytoun", "بيت زيتون · Bayt Zaytoun", "ar", "business", "nadia", BAKERY_FOLLOWERS),
    ("elias", "Elias", "en", "person", "elias", 25),
    ("salma", "سلمى", "ar", "person", "salma", 25),
    ("yara", "Yara", "en", "person", "yara", 25),
    ("karim", "كريم", "ar", "person", "karim", 25),
    ("omar", "Omar", "en", "person", "omar", 45),
    ("rooftop_radio", "Rooftop Radio · إذاعة السطح", "en", "business", "", MOST_FOLLOWERS),
    ("city_archive", "The City Archive", "en", "business", "", 6_200),
    ("al_mashriq_books", "مكتبة المشرق", "ar", "business", "", 3_900),
    ("slow_trains", "Slow Trains", "en", "automated", "", 2_400),
    ("hadiqat_al_hayy", "حديقة الحي", "ar", "business", "", 1_250),
    ("furn_fadi", "فرن فادي · Furn Fadi", "ar", "business", "", 380),
    ("crumb_corner", "Crumb Corner", "en", "business", "", 240),
)
_BIOS: Final = {
    "bayt_zaytoun": "مخبز الحارة منذ الصباح الباكر. A neighbourhood bakery, open from six. #خبز #bread",
    "furn_fadi": "مناقيش حتى منتصف الليل. #مناقيش",
    "crumb_corner": "Coffee and cake on the corner. #cake",
    "alice": "Long walks, short books. #books",
    "bob": "خطاط هاوٍ، ومشّاء. أصدقاء أليس أصدقائي. #خط_عربي",
    "dana": "Customer number one of every good bakery.",
    "omar": "Keeps this house. Write to me when something creaks.",
    "rooftop_radio": "Music from a roof, in two languages, until the neighbours call.",
}


class Ids:
    """Ids that sort by time, the same for the same seed; none comes twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[int] = set()

    def at(self, moment: datetime) -> int:
        """An id of this moment."""
        while (made := lowest_id_at(moment) | self._chance.getrandbits(16)) in self._given:
            pass
        self._given.add(made)
        return made


@dataclass(slots=True)
class Person:
    """Somebody of the example."""

    id: int
    handle: str
    skeleton: str
    name: str
    language: str
    kind: str
    made_at: datetime
    bio: str = ""
    login: str = ""
    wanted: int = 0
    light: bool = False
    avatar_key: str = ""
    header_key: str = ""
    followers: list[Person] = field(default_factory=list)
    following: int = 0
    domain: str = ""
    # of a page whose story is told: when each follower began, and who of them never answers it
    since: dict[int, datetime] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)


def make_people(*, at: datetime, ids: Ids, chance: Random, languages: dict[str, Language]) -> list[Person]:
    """Everybody; those who stand in the light first. Sorted so that the same seed gives the same people."""
    register = Register()
    made = [_cast(row, register, at=at, ids=ids, chance=chance, languages=languages) for row in CAST]
    names = {code: people(chance, language=code) for code in ("en", "ar")}
    for number in range(VISIBLE - len(CAST)):
        code = ("en", "ar")[number % 2]
        handle, name = next(names[code])
        handle, looks = register.with_digits(handle, chance)
        joined = at - timedelta(days=chance.uniform(31, 500))
        bio = f"{languages[code].bio(chance)}\n\n{_EXAMPLE[code]}"
        made.append(Person(ids.at(joined), handle, looks, name, code, "person", joined, bio))
    return made + list(_crowd(register, names, at=at, ids=ids, chance=chance))


def _cast(
    row: tuple[str, str, str, str, str, int],
    register: Register,
    *,
    at: datetime,
    ids: Ids,
    chance: Random,
    languages: dict[str, Language],
) -> Person:
    handle, name, code, kind, login, wanted = row
    joined = at - timedelta(days=chance.uniform(200, 600))
    looks = register.take(handle)
    assert looks is not None  # noqa: S101  # the names of the cast differ
    bio = f"{_BIOS.get(handle) or languages[code].bio(chance)}\n\n{_EXAMPLE[code]}"
    return Person(ids.at(joined), handle, looks, name, code, kind, joined, bio, login, wanted)


def _crowd(
    register: Register, names: dict[str, Iterator[tuple[str, str]]], *, at: datetime, ids: Ids, chance: Random
) -> Iterator[Person]:
    """Those who only follow: a name and nothing more."""
    for number in range(CROWD):
        code = ("en", "ar")[number % 2]
        handle, name = next(names[code])
        handle, looks = register.with_digits(handle, chance)
        joined = at - timedelta(days=chance.uniform(31, 700))
        yield Person(ids.at(joined), handle, looks, name, code, "person", joined, _EXAMPLE[code], light=True)


_PROFILE: Final = (
    "id", "user_id", "kind", "handle", "domain", "skeleton", "display_name", "bio", "bio_html", "fields", "avatar_key",
    "avatar_animated", "avatar_alt", "header_key", "header_alt", "languages", "locked", "discoverable", "indexable",
    "hide_network", "preferences", "made_at", "example",
)  # fmt: skip
_SEARCH: Final = """
    UPDATE people_profile p SET search = to_tsvector('simple', w.words)
    FROM unnest(%(ids)s::bigint[], %(words)s::text[]) AS w(id, words) WHERE p.id = w.id
"""


def write_people(everybody: Sequence[Person], *, logins: dict[str, int]) -> None:
    """Profiles and their counters (of follows; posts count themselves)."""
    html = {person.bio: bio_html(person.bio) for person in everybody}
    copy_rows("people_profile", _PROFILE, (_profile_row(p, logins, html[p.bio]) for p in everybody))
    copy_rows(
        "people_profilecount",
        ("profile_id", "followers", "following", "posts"),
        ((person.id, len(person.followers), person.following, 0) for person in everybody),
    )
    seen = [person for person in everybody if not person.light]
    words = [" ".join(tokens_for_index(f"{p.handle} {p.name} {p.bio}")) for p in seen]
    sql.execute(_SEARCH, ids=[person.id for person in seen], words=words)


def _profile_row(person: Person, logins: dict[str, int], html: str) -> tuple[Any, ...]:
    return (
        person.id, logins.get(person.login), person.kind, person.handle, person.domain, person.skeleton, person.name,
        person.bio, html, "[]", person.avatar_key, False, "", person.header_key, "", json.encode([person.language]).decode(),
        False, not person.light, False, False, "{}", person.made_at, True,
    )  # fmt: skip


def befriend(everybody: Sequence[Person], *, chance: Random) -> None:
    """Who follows whom, in memory. The bakery has exactly 500 followers, the radio 15,000."""
    seen = [person for person in everybody if not person.light]
    cast = {person.handle: person for person in seen[: len(CAST)]}
    circle = [
        cast[handle]
        for handle in ("alice", "bob", "dana", "nadia", "elias", "salma", "yara", "karim", "omar")
    ]
    for person in seen:
        sure = _surely(person, cast, circle)
        crowd = everybody if person.wanted > 200 else seen
        wanted = person.wanted or min(max(int(chance.lognormvariate(3.4, 0.7)), 4), 200)
        person.followers = _some(crowd, wanted, person, sure, chance)
        for follower in person.followers:
            follower.following += 1


def _surely(person: Person, cast: dict[str, Person], circle: list[Person]) -> list[Person]:
    """Those who follow in any case: friends each other, everybody of the cast the bakery and the radio."""
    if person in circle or person.handle in {"bayt_zaytoun", "rooftop_radio", "city_archive"}:
        return [each for each in circle if each is not person]
    return []


def _some(
    crowd: Sequence[Person], wanted: int, person: Person, sure: list[Person], chance: Random
) -> list[Person]:
    chosen = {each.id: each for each in sure}
    pool = [
        each for each in crowd if each.id not in chosen and each is not person and each.handle != "charlie"
    ]
    # people follow mostly in their own language
    near = [each for each in pool if each.language == person.language]
    own = min(int((wanted - len(chosen)) * 0.8), len(near))
    for each in chance.sample(near, max(own, 0)):
        chosen[each.id] = each
    rest = [each for each in pool if each.id not in chosen]
    for each in chance.sample(rest, min(max(wanted - len(chosen), 0), len(rest))):
        chosen[each.id] = each
    return list(chosen.values())


def write_follows(everybody: Sequence[Person], *, at: datetime, ids: Ids, chance: Random) -> int:
    """The rows of who follows whom; how many."""
    columns = ("id", "follower_id", "followed_id", "show_boosts", "notify", "made_at")
    rows = list(_follow_rows(everybody, at=at, ids=ids, chance=chance))
    copy_rows("people_follow", columns, rows)
    return len(rows)


def _follow_rows(
    everybody: Sequence[Person], *, at: datetime, ids: Ids, chance: Random
) -> Iterator[tuple[int, int, int, bool, bool, datetime]]:
    for person in everybody:
        for follower in person.followers:
            both = max(person.made_at, follower.made_at)
            moment = person.since.get(follower.id) or both + (at - both) * chance.random()
            yield ids.at(moment), follower.id, person.id, True, False, moment
