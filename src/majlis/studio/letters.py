"""What a team is told by mail: that something did not leave, and why."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from majlis.accounts import letters as post_office
from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.safety.letters import Reader, reader_of
from majlis.studio.entries import Entry
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
    link = f"{settings.MAJLIS.base_url}/studio/{quote(team.handle, safe='')}/entries/{entry.id}"
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
    told: set[int] = set()
    for profile_id in filter(None, concerned):
        reader = reader_of(profile_id)
        if reader and reader.user_id not in told:
            told.add(reader.user_id)
            yield profile_id, reader
