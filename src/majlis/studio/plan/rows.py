"""One row of a plan: from cells to an entry, or to sentences that say what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeVar

import msgspec
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput, Refused
from majlis.core.text.arabic import fold
from majlis.core.text.links import absolute_link
from majlis.networks.archives.cleaning import language as language_code
from majlis.people import queries as people
from majlis.posts.composing import PostParams
from majlis.studio import moments, queries
from majlis.studio.actions.scheduling import require_ahead
from majlis.studio.content import Content, Part, check, tidy
from majlis.studio.plan.columns import HEADINGS
from majlis.studio.plan.dates import read_date, read_time

PART: Final = "\n---\n"
"""What stands between the parts of a thread in one cell; in the cells of pictures, warnings and languages between
those of the post and those of each part."""
_MARK: Final = re.compile(r"(?:\A|\n)---[ \t]*(?:\n|\Z)")  # cells come without space around them
T = TypeVar("T")
_AUDIENCES: Final[Mapping[str, str]] = {
    "public": "public everyone everybody عام العام علني الجميع للجميع",
    "unlisted": "unlisted غير_مدرج غير_مدرجة غير_مدرج_في_القوائم",
    "followers": "followers متابعون متابعين المتابعون المتابعين المتابعيين للمتابعين",
    "friends": "friends اصدقاء الاصدقاء للاصدقاء",
}
_CIRCLE: Final = ("circle:", "دائرة:", "حلقة:")
_LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "arabic عربي عربية العربية",
    "en": "english انجليزي انجليزية الانجليزية انكليزي الانكليزية",
    "fr": "french francais فرنسي الفرنسية",
}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {
        fold(word.replace("_", " ")): value
        for value, words in table.items()
        for word in [value, *words.split()]
    }


_AUDIENCE_OF: Final = _by_word(_AUDIENCES)
_LANGUAGE_OF: Final = _by_word(_LANGUAGES)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be taken. ``notes`` will stand beside the entry as comments."""

    number: int
    content: Content
    title: str = ""
    campaign_id: int | None = None
    due: datetime | None = None
    notes: tuple[str, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a row, in which column. Row 1 holds the headings, as in a spreadsheet."""

    number: int
    column: str
    sentence: str | Promise


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What rows may name: campaigns, circles, pictures that came along. Two queries for a whole table."""

    team: OnTeam
    at: datetime
    campaigns: Mapping[str, int]
    circles: Mapping[str, int]
    pictures: Mapping[str, int]

    @classmethod
    def of(cls, team: OnTeam, pictures: Mapping[str, int], *, at: datetime) -> Known:
        """What a page has."""
        return cls(
            team=team,
            at=at,
            campaigns={fold(name).strip(): id_ for id_, name in queries.campaign_names(team=team)},
            circles={fold(each.name).strip(): each.id for each in people.circles(owner_id=team.page_id)},
            pictures={fold(name).strip(): id_ for name, id_ in pictures.items()},
        )


class _Reading:
    """Gathers what is wrong with one row, so that all of it is told at once."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.problems: list[Problem] = []

    @contextmanager
    def cell(self, column: str) -> Iterator[None]:
        try:
            yield
        except Refused as refusal:
            self.problems.append(Problem(self.number, column, refusal.sentence))


def read_row(number: int, cells: Mapping[str, str], known: Known) -> Row | list[Problem]:
    """A row as an entry, or all that is wrong with it."""
    reading = _Reading(number)
    if any("\ufffd" in cell for cell in cells.values()):
        with reading.cell("text"):
            raise BadInput(_("Some letters could not be read. Save the table as UTF-8 and send it again."))
    due = _due(cells, known, reading)
    campaign_id = None
    with reading.cell("campaign"):
        campaign_id = _named(cells.get("campaign", ""), known.campaigns, _no_campaign)
    pictures, notes = _pictures(cells.get("image", ""), known)
    content = _content(cells, known, pictures, reading)
    if content is not None and not reading.problems:
        with reading.cell("text"):
            check(content, by=known.team.page_id)
    if reading.problems or content is None:
        return reading.problems
    title = "" if content.params.title else cells.get("title", "")
    return Row(number=number, content=content, title=title, campaign_id=campaign_id, due=due, notes=notes)


def _due(cells: Mapping[str, str], known: Known, reading: _Reading) -> datetime | None:
    day, clock = cells.get("date", ""), cells.get("time", "")
    if not clock and " " in day.strip() and ":" in day:
        day, _space, clock = day.strip().partition(" ")  # both in one cell
    if not day and not clock:
        return None
    found = None
    with reading.cell("date"):
        if not day:
            raise BadInput(_("There is a time but no date."))
        read_day = read_date(day)
        with reading.cell("time"):
            if not clock:
                raise BadInput(_("There is a date but no time."))
            found = moments.moment(read_day, read_time(clock), zone=known.team.time_zone)
    if found is not None:
        with reading.cell("date"):
            require_ahead(found, at=known.at)
    return found


def _content(
    cells: Mapping[str, str], known: Known, pictures: Sequence[tuple[int, ...]], reading: _Reading
) -> Content | None:
    audience, circle_id, languages = "public", None, [""]
    with reading.cell("audience"):
        audience, circle_id = _audience(cells.get("audience", ""), known)
    with reading.cell("language"):
        languages = [_language(each) for each in _parted(cells.get("language", ""))]
    warnings = _parted(cells.get("warning", ""))
    texts = _parted(cells["thread"]) if cells.get("thread") else []
    # a part may be a picture alone; a warning or a language needs a part to belong to
    parts = max(len(texts), len(pictures) - 1)
    for column, values in (("language", languages), ("warning", warnings)):
        with reading.cell(column):
            if len(values) > parts + 1:
                raise BadInput(_("There are more of these than parts in the thread."))
    text = cells.get("text", "")
    with reading.cell("link"):
        text = _with_link(text, cells.get("link", ""))
    content = Content(
        params=PostParams(
            text=text,
            audience=audience,
            circle_id=circle_id,
            language=languages[0],
            warning=warnings[0],
            photo_ids=_nth(pictures, 0, ()),
        ),
        thread=tuple(
            Part(
                text=_nth(texts, number, ""),
                photo_ids=_nth(pictures, number + 1, ()),
                warning=_nth(warnings, number + 1, ""),
                language=_nth(languages, number + 1, ""),
            )
            for number in range(parts)
        ),
        first_comment=cells.get("comment", ""),
    )
    found: list[Content] = []
    with reading.cell("text"):
        found.append(tidy(content))
    return found[0] if found else None


def _parted(cell: str) -> list[str]:
    """What a cell says of the post, then of each part."""
    return _MARK.split(cell)


def _nth(values: Sequence[T], place: int, otherwise: T) -> T:
    return values[place] if place < len(values) else otherwise


def _audience(written: str, known: Known) -> tuple[str, int | None]:
    word = fold(written).strip()
    for prefix in map(fold, _CIRCLE):
        if word.startswith(prefix):
            name = written.partition(":")[2]
            return "circle", _named(name, known.circles, _no_circle)
    if word and word not in _AUDIENCE_OF:
        raise BadInput(
            _(
                "This audience is not known. Write public, unlisted, followers, friends or circle: and its name."
            )
        )
    return _AUDIENCE_OF.get(word, "public"), None


def _language(written: str) -> str:
    word = fold(written).strip()
    found = _LANGUAGE_OF.get(word) or language_code(written.strip() or None)
    if word and not found:
        raise BadInput(_("This language is not known. Write its code, such as ar or en."))
    return found or ""


def _with_link(text: str, link: str) -> str:
    if not link or link in text:
        return text
    address = absolute_link(link if "://" in link else f"https://{link}")
    if address is None or " " in link:
        raise BadInput(_("This is no address of a page."))
    return f"{text}\n\n{address}" if text else address


def _pictures(written: str, known: Known) -> tuple[list[tuple[int, ...]], tuple[str, ...]]:
    """Pictures that came along, by the names of their files, of the post and then of each part; of others stays a
    note. None is fetched."""
    groups, notes = [], []
    for group in _parted(written):
        ids = []
        for name in filter(None, (each.strip() for each in re.split(r"[;|\n]", group))):
            found = known.pictures.get(fold(name.replace("\\", "/").rpartition("/")[2]).strip())
            if found:
                ids.append(found)
            else:
                notes.append(gettext("A picture is still to be added: %(name)s") % {"name": name[:500]})
        groups.append(tuple(dict.fromkeys(ids)))
    return groups, tuple(notes)


def _named(name: str, ids: Mapping[str, int], refusal: Callable[[str], Promise | str]) -> int | None:
    if not name.strip():
        return None
    found = ids.get(fold(name).strip())
    if found is None:
        raise BadInput(refusal(name.strip()[:60]))
    return found


def _no_campaign_now(name: str) -> str:
    return gettext("There is no open campaign called “%(name)s”. Make it first.") % {"name": name}


def _no_circle_now(name: str) -> str:
    return gettext("The page has no circle called “%(name)s”.") % {"name": name}


# Translated when they are shown, in the reader's language, not when they are raised.
_no_campaign: Final = lazy(_no_campaign_now, str)
_no_circle: Final = lazy(_no_circle_now, str)


def heading(column: str) -> str:
    """What a column is called in the reader's language."""
    return str(HEADINGS[column])
