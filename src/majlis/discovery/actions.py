"""Counting what is talked about, keeping things out of it, and the words that profiles are found by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.core.ids import lowest_id_at, new_id
from majlis.core.text.arabic import tokens_for_index
from majlis.core.text.clean import clean_text
from majlis.discovery.queries.statements import SQL
from majlis.discovery.queries.wanted import name_words
from majlis.people import queries as people

LEAST_PEOPLE: Final = 2
"""One loud person is no trend."""
MOST_KEPT: Final = 200
USUAL_DAYS: Final = 6
TAG_WINDOW: Final = timedelta(days=1)
LINK_WINDOW: Final = timedelta(days=3)
POST_WINDOW: Final = timedelta(days=3)
_MILLISECONDS: Final = 3_600_000.0

Kind = Literal["link", "host", "post", "author"]


def count_trends(*, at: datetime) -> None:
    """Count hashtags, posts and links anew as of ``at``; readers see the old count or the new one."""
    with transaction.atomic():
        _count(
            "tags",
            at=at,
            window=TAG_WINDOW,
            half_life=6,
            before=lowest_id_at(at - TAG_WINDOW - timedelta(days=USUAL_DAYS)),
            days=USUAL_DAYS,
        )
        _count("posts", at=at, window=POST_WINDOW, half_life=12)
        _count("links", at=at, window=LINK_WINDOW, half_life=12)


def _count(what: str, *, at: datetime, window: timedelta, half_life: float, **more: object) -> None:
    """``half_life`` in hours."""
    sql.execute(SQL[f"clear_{what}"])
    sql.execute(
        SQL[f"count_{what}"],
        at=at,
        now=lowest_id_at(at + timedelta(milliseconds=1)) - 1,
        since=lowest_id_at(at - window),
        half_life=half_life * _MILLISECONDS,
        least=LEAST_PEOPLE,
        most=MOST_KEPT,
        **more,
    )


def refuse_trend(*, kind: Kind, subject: str, by: int, at: datetime) -> None:
    """Keep a link, host, post or author out of the trends, at once (hashtags: ``posts.allow_to_trend``).

    ``by`` is the operator's login; that she is one is the caller's to check. ``subject``: the address, the
    host, or the id.

    Raises:
        BadInput: the subject is empty or too long.
    """
    sql.execute(SQL["refuse"], id=new_id(), kind=kind, subject=_subject(kind, subject), by=by, at=at)


def allow_trend(*, kind: Kind, subject: str) -> None:
    """Let it trend again, from the next count."""
    sql.execute(SQL["allow"], kind=kind, subject=_subject(kind, subject))


def _subject(kind: Kind, subject: str) -> str:
    subject = clean_text(subject).strip()
    subject = subject.lower() if kind == "host" else subject
    if not 0 < len(subject) <= 2000:
        raise BadInput(
            _("Say what is to be kept out of the trends."),
            field="subject",
            code="no_subject",
            cause=f"{kind} {subject[:80]!r}",
        )
    return subject


def index_profile(*, profile_id: int) -> None:
    """Make a profile found by the words of its name, handle and bio as they are now."""
    profile = people.profile(profile_id)
    if profile is not None:
        sql.execute(
            SQL["index_profile"],
            profile=profile_id,
            names=name_words(profile.display_name, profile.handle),
            bio=" ".join(tokens_for_index(profile.bio)),
        )


def index_profiles(*, limit: int = 1000) -> int:
    """The same for profiles that came without telling (a restored backup, a bulk import); how many."""
    found = sql.column(SQL["unindexed_profiles"], limit=limit)
    for profile_id in found:
        index_profile(profile_id=profile_id)
    return len(found)
