"""Letters to members who have been away: how many things happened, and the newest of them in a line each.

A letter says who and what, never what a post says: mail is read in more places than the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.core import sql
from majlis.core.addresses import absolute
from majlis.core.errors import NotThere
from majlis.core.ids import lowest_id_at
from majlis.core.paging import Page
from majlis.notifications import queries
from majlis.notifications.sentences import sentence
from majlis.notifications.statements import DIGESTS
from majlis.people import queries as people

AWAY: Final = timedelta(days=3)
BETWEEN: Final = timedelta(days=7)  # two letters to one member
LINES: Final = 10
_SALT: Final = "majlis.notifications.digest"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, as a job carries it."""

    to: str
    subject: str
    text: str
    stop_url: str


def away(*, at: datetime) -> list[int]:
    """Members who wish a letter and have been away long enough."""
    return sql.column(DIGESTS["away"], seen_before=at - AWAY, written_before=at - BETWEEN)


def write(*, profile_id: int, at: datetime) -> Letter | None:
    """The letter of a member, marked as written in the same transaction; None when nothing happened."""
    row = sql.one(DIGESTS["letter"], profile=profile_id)
    if row is None:
        return None
    address, language, handle, since = row
    page = Page(since_id=lowest_id_at(since), limit=LINES)
    found = queries.page(viewer=profile_id, page=page, at=at).items
    if not found:
        return None
    count = queries.unread_count(viewer=profile_id, last_read=page.since_id, at=at, limit=1_000)
    sql.execute(DIGESTS["written"], profile=profile_id, at=at)
    with translation.override(language or settings.LANGUAGE_CODE):
        return _written(profile_id, address, handle, count, _lines(profile_id, found))


def _lines(profile_id: int, found: tuple[queries.NotificationView, ...]) -> list[str]:
    actors = people.profiles([each.actor_id for each in found])
    return [
        "– "
        + sentence(
            kind=each.kind,
            name=actors[each.actor_id].display_name or actors[each.actor_id].handle,
            own=each.actor_id == profile_id,
        )
        for each in found
    ]


def _written(profile_id: int, address: str, handle: str, count: int, lines: list[str]) -> Letter:
    stop = stop_url(profile_id)
    subject = ngettext("%(count)d thing happened", "%(count)d things happened", count) % {"count": count}
    text = _(
        "While you were away, @%(handle)s:\n\n%(lines)s\n\nSee all:\n%(link)s\n\n"
        "You asked for these letters. To end them:\n%(stop)s"
    ) % {"handle": handle, "lines": "\n".join(lines), "link": absolute("/notifications"), "stop": stop}
    return Letter(address, f"[{settings.MAJLIS.server_name}] {subject}", text, stop)


def send(letter: Letter) -> None:
    """Send it now. Mail programs show a button to end such letters (RFC 2369, RFC 8058)."""
    EmailMessage(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [letter.to],
        headers={
            "List-Unsubscribe": f"<{letter.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    ).send()


def stop_url(profile_id: int) -> str:
    """The address that ends the letters of a profile, signed under the server's secret; it does not expire."""
    return absolute(f"/notifications/digest/stop/{stop_token(profile_id)}")


def stop_token(profile_id: int) -> str:
    """What the address carries."""
    return signing.Signer(salt=_SALT).sign(str(profile_id))


def profile_of(token: str) -> int:
    """Whose letters the token ends.

    Raises:
        NotThere: it was not made here.
    """
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        cause = str(error)
        raise NotThere(gettext_lazy("This link is not, or no longer, good."), cause=cause) from None
