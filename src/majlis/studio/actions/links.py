"""Links by which somebody without an account reads what waits, and says yes or no.

The secret is shown once, when the link is made; the database knows its hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import addresses, json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.people.events import ProfileHandedOver
from majlis.studio import access, letters
from majlis.studio.changing import did
from majlis.studio.statements import SQL

MOST_DAYS: Final = 30
DAYS: Final = (1, 3, 7, 14, MOST_DAYS)
"""What the page offers."""
MOST_ENTRIES: Final = 100
_LONGEST_NAME: Final = 120


class MadeLink(msgspec.Struct, frozen=True):
    """A new link and its secret, which nobody can read again."""

    id: int
    secret: str


def may_make(team: OnTeam) -> bool:
    """Whether she may make one: who writes could otherwise say yes to herself through a link of her own."""
    return team.may(Permission.TEAM if team.approval_needed else Permission.APPROVE)


class SentTo(msgspec.Struct, frozen=True):
    """An address a link is sent to, and the language of the letter."""

    email: str
    language: str = ""


def make_link(
    *,
    team: OnTeam,
    name: str,
    days: int,
    entries: Sequence[int] = (),
    to: SentTo | None = None,
    at: datetime,
) -> MadeLink:
    """A link for ``name``, good for some days; ``to`` whom it is sent by mail. Without ``entries`` it shows all that
    waits.

    Where the page wants somebody else's yes, only an owner makes one. It opens nothing any more when who made it
    could make it no longer: she has left the team, or her role or the page's rule is another.

    Raises:
        BadInput: no name, too many days, too many entries, no such address. NotThere: an entry is not the page's.
        NotAllowed: not hers to make. TooMany: too many letters of the page, or to that address.
    """
    words = " ".join(clean_text(name).split())[:_LONGEST_NAME]
    if not words:
        raise BadInput(_("Say who this link is for."), field="name", code="empty")
    if not 1 <= days <= MOST_DAYS or len(entries) > MOST_ENTRIES:
        raise BadInput(_("A link is good for thirty days at the most."), field="days")
    email = checked_address(to.email) if to else ""
    secret = secrets.token_urlsafe(24)
    link_id = new_id()
    with transaction.atomic():
        access.again(team, Permission.TEAM if team.approval_needed else Permission.APPROVE)
        if email:
            limits.take("review_letter", f"page {team.page_id}")
            limits.take("mail", email.lower())
        for entry_id in entries:
            access.entry(team=team, entry_id=entry_id)
        sql.execute(
            SQL["insert_link"],
            id=link_id,
            page=team.page_id,
            name=words,
            email=email,
            hash=access.hash_of(secret),
            entries=json.encode([str(each) for each in entries]).decode(),
            by=team.by,
            at=at,
            expires=at + timedelta(days=days),
        )
        did(team, "review_link.made", at=at, subject=link_id, name=words)
        if to and email:
            letters.review_link(
                email=email,
                name=words,
                page=team.name,
                address=addresses.absolute(f"/review/{secret}"),
                expires_at=at + timedelta(days=days),
                zone=team.time_zone,
                language=_language(to.language),
            )
    return MadeLink(link_id, secret)


def page_handed_over(event: ProfileHandedOver) -> None:
    """Links that were made by whoever was signed in as the page are its former login's: they end."""
    sql.execute(SQL["revoke_links_of"], page=event.profile_id, by=event.profile_id, at=event.at)


def checked_address(email: str) -> str:
    """A mail address, or none.

    Raises:
        BadInput: it is none.
    """
    typed = email.strip()
    if not typed:
        return ""
    try:
        validate_email(typed)
    except ValidationError as error:
        raise BadInput(_("This is no e-mail address."), field="email", code="email") from error
    return typed


def _language(asked: str) -> str:
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def revoke_link(*, team: OnTeam, link_id: int, at: datetime) -> None:
    """Let a link open nothing from now on.

    Raises:
        NotThere: no such link, or it was revoked before.
    """
    with transaction.atomic():
        access.again(team, Permission.APPROVE)
        if not sql.one(SQL["revoke_link"], id=link_id, page=team.page_id, at=at):
            raise NotThere(_("There is no such link, or it opens nothing any more."))
        did(team, "review_link.revoked", at=at, subject=link_id)
