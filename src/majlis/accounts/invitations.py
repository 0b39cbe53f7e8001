"""Invitations: codes that let somebody in where joining needs one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.accounts.models import Invitation
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere

_SQL: Final = sql.load("majlis.accounts")
LIFETIME: Final = timedelta(days=30)
MOST_USES: Final = 100


@dataclass(frozen=True, slots=True)
class Given:
    """An invitation, for the one who made it."""

    id: int
    code: str
    uses_left: int
    expires_at: datetime | None


def make_invitation(*, by: int, at: datetime, uses: int = 1, lifetime: timedelta | None = LIFETIME) -> str:
    """A new code, good for so many people and so long (for ever without a lifetime).

    Raises:
        BadInput: the number of uses makes no sense.
    """
    if not 1 <= uses <= MOST_USES:
        raise BadInput(_("An invitation is for one to a hundred people."), field="uses")
    code = secrets.token_urlsafe(12)
    expires = at + lifetime if lifetime else None
    Invitation.objects.create(code=code, made_by_id=by, made_at=at, expires_at=expires, uses_left=uses)
    return code


def withdraw(*, invitation_id: int, by: int, at: datetime) -> None:
    """Make a code worthless.

    Raises:
        NotThere: she made no such invitation, or it is withdrawn already.
    """
    rows = Invitation.objects.filter(pk=invitation_id, made_by_id=by, withdrawn_at=None)
    if not rows.update(withdrawn_at=at):
        raise NotThere(_("There is no such invitation."))


def given(*, by: int) -> list[Given]:
    """The invitations somebody made that are not withdrawn, newest first."""
    rows = Invitation.objects.filter(made_by_id=by, withdrawn_at=None).order_by("-pk")
    return [Given(row.pk, row.code, row.uses_left, row.expires_at) for row in rows]


def use(*, code: str, at: datetime) -> None:
    """Take one use, in the transaction of joining: undone with it, and never taken twice.

    Raises:
        BadInput: no such code, or used up, expired or withdrawn; which of them is not said.
    """
    plain = code.strip()
    if not plain or "\x00" in plain or sql.one(_SQL["use_invitation"], code=plain, at=at) is None:
        raise BadInput(
            _("This invitation is not, or no longer, good."), field="invitation", code="bad_invitation"
        )
