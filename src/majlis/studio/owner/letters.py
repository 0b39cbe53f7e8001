"""The monthly report by mail, in the reader's language, as text with the PDF.

Invariant: there is one letter per page, reader and month, and one job with it, made in one transaction; the letter is
held while it is made and sent, and says that it left. So whatever is killed or run twice, it leaves once. Only where
a process dies between the mail server's yes and the database's is it handed over again, with the same Message-ID.
"""

from __future__ import annotations

import contextlib
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.accounts import letters as post_office
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import jobs, json, sql
from majlis.core.errors import NotAllowed, NotNow, NotThere
from majlis.core.text.bidi import without_bidi_marks
from majlis.insights import windows
from majlis.safety.letters import reader_of
from majlis.studio.owner import months
from majlis.studio.owner.document import document
from majlis.studio.owner.pieces import SQL
from majlis.studio.owner.printing import printed
from majlis.studio.owner.report import Report, letter_words, report

JOB: Final = "studio.send_report"
_HOUR: Final = timedelta(hours=7)
"""Letters leave from seven in the morning on, where the page is."""


def begin(*, at: datetime) -> int:
    """A letter with its job for everybody whose day has come; how many. A wish that was made after this month's day
    begins with the next."""
    begun = 0
    for page_id, profile_id, day, made_at, zone in sql.rows(SQL["wishes"]):
        today = at.astimezone(ZoneInfo(zone)).date()
        due = windows.midnight(today.replace(day=day), zone=zone) + _HOUR
        if made_at < due <= at:
            begun += _begin(page_id, profile_id, months.before(today), at)
    return begun


def _begin(page_id: int, profile_id: int, month: date, at: datetime) -> int:
    with transaction.atomic():
        made = sql.one(SQL["begin_letter"], page=page_id, by=profile_id, month=month, at=at)
        if made is None:
            return 0
        jobs.enqueue(JOB, {"page_id": page_id, "profile_id": profile_id, "month": month.isoformat()})
        return 1


def send(*, page_id: int, profile_id: int, month: date, at: datetime, printed_or_not: bool = False) -> bool:
    """Make a letter and hand it to the mail server, unless it left already, she wants it no more, or her role ended;
    whether it left now. ``printed_or_not``: without the PDF where that cannot be made (at the last attempt).

    Raises:
        NotNow: the PDF cannot be made just now.
    """
    with transaction.atomic():
        row = sql.one(SQL["letter_held"], page=page_id, by=profile_id, month=month)
        if row is None or row[0] is not None or row[1] is None:
            return False
        team, reader = _still_on_team(page_id, profile_id), reader_of(profile_id)
        if team is None or reader is None or reader.closed:
            return False
        with translation.override(row[1]):
            found = report(team, month=month, at=at)
            post_office.deliver(
                to=reader.email, subject=_subject(found), text=_text(found), files=_files(found, printed_or_not),
                message_id=f"<report.{page_id}.{profile_id}.{month:%Y-%m}@{settings.MAJLIS.host}>",
            )  # fmt: skip
        told = json.encode(found.told).decode()
        sql.execute(SQL["letter_sent"], page=page_id, by=profile_id, month=month, told=told, at=at)
    return True


def _still_on_team(page_id: int, profile_id: int) -> OnTeam | None:
    with contextlib.suppress(NotThere, NotAllowed):
        return team_door(page_id=page_id, by=profile_id, needs=Permission.MONEY)
    return None


def _files(found: Report, printed_or_not: bool) -> list[tuple[str, bytes, str]]:
    try:
        return [(file_name(found), printed(document(found)), "application/pdf")]
    except NotNow:
        if not printed_or_not:
            raise
        return []


def file_name(found: Report) -> str:
    """What the PDF is called: handles are of ASCII, so every program takes it."""
    return f"{found.handle}-{months.in_address(found.month)}.pdf"


def _subject(found: Report) -> str:
    words = _("%(page)s: the report of %(month)s") % {
        "page": without_bidi_marks(found.page),
        "month": months.name(found.month),
    }
    return " ".join(f"[{settings.MAJLIS.server_name}] {words}".split())


def _text(found: Report) -> str:
    base = f"{settings.MAJLIS.base_url}/studio/{quote(found.handle, safe='')}/report"
    link = _("The whole report, with how each number was computed:\n%(link)s") % {
        "link": f"{base}?month={months.in_address(found.month)}"
    }
    stop = _(
        "You asked for this letter. You can change its day and language, or switch it off, here:\n%(link)s"
    ) % {"link": base}
    return "\n\n".join((letter_words(found), found.reach.sentence, found.change_words, link, stop))
