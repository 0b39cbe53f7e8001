"""What a member takes, keeps back, drops, or does not want to be told at all."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.notifications.digest import profile_of
from majlis.notifications.queries import KINDS, Ruling
from majlis.notifications.statements import ACTIONS

_RULINGS = ("accept", "filter", "drop")


@transaction.atomic
def change_policy(
    *,
    by: int,
    for_not_following: Ruling | None = None,
    for_not_followers: Ruling | None = None,
    for_new_accounts: Ruling | None = None,
    for_private_mentions: Ruling | None = None,
    for_limited_accounts: Ruling | None = None,
    off: Collection[str] | None = None,
    digest: bool | None = None,
) -> None:
    """Change what was given; what was told before stays. ``off``: all kinds that are switched off.

    Raises:
        BadInput: a ruling or kind that is not known.
    """
    rulings = {
        "for_not_following": for_not_following,
        "for_not_followers": for_not_followers,
        "for_new_accounts": for_new_accounts,
        "for_private_mentions": for_private_mentions,
        "for_limited_accounts": for_limited_accounts,
    }
    for field, ruling in rulings.items():
        if ruling is not None and ruling not in _RULINGS:
            raise BadInput(_("Notifications are accepted, filtered or dropped."), field=field)
    if off is not None and not set(off) <= set(KINDS):
        raise BadInput(_("There is no such kind of notification."), field="off")
    sql.execute(ACTIONS["has_policy"], by=by)
    kinds = None if off is None else [kind for kind in KINDS if kind in off]
    sql.execute(ACTIONS["change_policy"], by=by, off=kinds, digest=digest, **rulings)


def stop_digest(*, token: str) -> None:
    """End the letters of whoever the token of a letter belongs to; she need not be signed in.

    Raises:
        NotThere: it was not made here.
    """
    change_policy(by=profile_of(token), digest=False)
