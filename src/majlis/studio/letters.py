"""What a team is told by mail: that something did not leave, and why; that a yes is asked for, and the answer.
And the letter that takes a review link to whom it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from majlis.accounts import letters as post_office
from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.notifications import queries as notifications
from majlis.people import queries as people
from majlis.safety.letters import Reader, reader_of
from majlis.studio.entries import Entry
from majlis.studio.moments import on_the_wall
from majlis.studio.statements import SQL


def in_each_language(sentence: str | Promise) -> dict[str, str]:
    """A sentence as every reader of the house would read it."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(sentence)
    return found


def did_not_leave(entry: Entry, team: OnTeam, sentence: str | Promise) -> list[int]:
    """To who gave it its hour and to the owners: what did not leave, and why. Profiles of those who were told."""
    told = []
    link = _link(entry, team)
    for profile_id, reader in _readers(entry):
        with translation.override(reader.language or settings.LANGUAGE_CODE):
            subject = _("A post did not leave")
            text = _(
                "What %(page)s had planned for this hour was not published:\n\n%(words)s\n\n"
                "Why: %(why)s\n\nNothing of it is lost. Look at it here:\n%(link)s"
            ) % {"page": team.name, "words": entry.words or "…", "why": sentence, "link": link}
            post_office.post(
                to=[reader.email], subject=f"[{settings.MAJLIS.server_name}] {subject}", text=text
            )
        told.append(profile_id)
    return told


def _readers(entry: Entry) -> Iterator[tuple[int, Reader]]:
    """Each login once, however many of its profiles are concerned."""
    concerned = [entry.scheduled_by, *sql.column(SQL["owners"], page=entry.page_id)]
    return _each_login(concerned)


def _each_login(concerned: Iterable[int | None]) -> Iterator[tuple[int, Reader]]:
    told: set[int] = set()
    for profile_id in filter(None, concerned):
        reader = reader_of(profile_id)
        if reader and reader.user_id not in told:
            told.add(reader.user_id)
            yield profile_id, reader


def _link(entry: Entry, team: OnTeam) -> str:
    return f"{settings.MAJLIS.base_url}/studio/{quote(team.handle, safe='')}/entries/{entry.id}"


def asks_for_a_yes(entry: Entry, team: OnTeam, wanted: Iterable[int], *, at: datetime) -> None:
    """To those who may give it: somebody asks for a yes to a post. Whoever switched that notification off gets
    no letter either."""
    who = _name_of(team.by)

    def written() -> tuple[str, str]:
        text = _(
            "%(who)s asks for your yes to a post that %(page)s plans:\n\n%(words)s\n\n"
            "It does not leave without. Read it and answer here:\n%(link)s"
        ) % {"who": who, "page": team.name, "words": entry.words or "…", "link": _link(entry, team)}
        return _("A post waits for your yes"), text

    _to_the_team(wanted, "approval_asked", written, at=at)


def was_answered(
    entry: Entry,
    team: OnTeam,
    wanted: Iterable[int],
    *,
    approved: bool,
    text: str,
    by_name: str | None,
    at: datetime,
) -> None:
    """To whoever asked: the answer, and what was said with it."""
    who = _name_of(team.by) if by_name is None else by_name

    def written() -> tuple[str, str]:
        values = {"who": who, "page": team.name, "words": entry.words or "…"}
        if approved:
            subject = _("A post was approved")
            said = _("%(who)s approved a post that %(page)s plans:\n\n%(words)s") % values
        else:
            subject = _("Changes are wanted to a post")
            said = _("%(who)s wants changes to a post that %(page)s plans:\n\n%(words)s") % values
        parts = [said, _("With these words:\n\n%(text)s") % {"text": text} if text else ""]
        parts.append(_("It is here:\n%(link)s") % {"link": _link(entry, team)})
        return subject, "\n\n".join(filter(None, parts))

    _to_the_team(wanted, "approval_given" if approved else "changes_wanted", written, at=at)


def _to_the_team(
    wanted: Iterable[int], kind: str, write: Callable[[], tuple[str, str]], *, at: datetime
) -> None:
    """A letter about a notification of this kind, in each reader's language; to who wants to be told of such."""
    listening = [each for each in wanted if kind not in notifications.policy(viewer=each, at=at).off]
    for _profile, reader in _each_login(listening):
        if reader.closed:
            continue
        with translation.override(reader.language or settings.LANGUAGE_CODE):
            subject, text = write()
            stop = _("You can switch such letters off in your settings:\n%(link)s") % {
                "link": f"{settings.MAJLIS.base_url}/settings/notifications"
            }
            post_office.post(
                to=[reader.email],
                subject=f"[{settings.MAJLIS.server_name}] {subject}",
                text=f"{text}\n\n{stop}",
            )


def _name_of(profile_id: int) -> str:
    found = people.profiles([profile_id]).get(profile_id)
    return (found.display_name or found.handle) if found else "—"


def review_link(
    *, email: str, name: str, page: str, address: str, expires_at: datetime, zone: str, language: str
) -> None:
    """To a client without an account, in a language the team chose: where she reads what waits for her yes."""
    with translation.override(language):
        until = on_the_wall(expires_at, zone=zone).strftime("%Y-%m-%d %H:%M")
        text = _(
            "Hello %(name)s,\n\n%(page)s asks you to look at what it plans to publish, and to say yes or what "
            "should change. You need no account. Open this:\n\n%(link)s\n\nThe link is good until %(until)s "
            "(%(zone)s). It is yours alone: whoever has it can answer in your name.\n\nIf you do not know "
            "%(page)s, ignore this letter."
        ) % {"name": name, "page": page, "link": address, "until": until, "zone": zone}
        subject = _("%(page)s asks you to look at posts") % {"page": page}
        post_office.post(to=[email], subject=f"[{settings.MAJLIS.server_name}] {subject}", text=text)
