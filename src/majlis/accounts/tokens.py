"""Access tokens: who holds one, what it allows, how it is made and how it ends.

A token is 256 random bits. Only its SHA-256 is stored: whoever reads the database cannot act as anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from majlis.accounts import scopes as scope_rules
from majlis.accounts.events import TokenRevoked
from majlis.accounts.models import AccessToken, Application
from majlis.core import away, sql
from majlis.core.errors import NotAllowed, NotSignedIn, NotThere, Refused
from majlis.core.events import emit

_SQL: Final = sql.load("majlis.accounts")
#: The query of :func:`bearer`, for callers with a connection of their own: ``%(checksum)s`` in, one row
#: out, which :func:`bearer_of` understands.
SQL: Final = _SQL["bearer"]
#: Mastodon's tokens never expire and apps count on it; a lifetime is all the same to them.
LIFETIME: Final = timedelta(days=20 * 365)
LONGEST: Final = 512  # characters; a longer Authorization header is no token of ours

allows = scope_rules.allows


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who speaks. ``user_id`` and ``profile_id`` are None for the application on its own behalf.

    Whether the profile is withdrawn is not known here: people decides.
    """

    token_id: int
    profile_id: int | None
    user_id: int | None
    application_id: int
    application_name: str
    scopes: frozenset[str]
    used_on: date | None = None

    def allows(self, needed: str) -> bool:
        """Whether a scope it holds includes the one that is needed."""
        return allows(self.scopes, needed)


def new_token() -> str:
    """256 bits from the operating system, in 43 characters that need no escaping."""
    return secrets.token_urlsafe(32)


def checksum(secret: str) -> str:
    """SHA-256 in hex: how tokens, codes, client secrets and session keys are named without being known."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def bearer(token: str) -> Bearer | None:
    """Who holds the token; None when it is unknown, revoked or expired, or its login is not active and
    confirmed. One query."""
    if not 0 < len(token) <= LONGEST:
        return None
    return bearer_of(sql.one(SQL, checksum=checksum(token)))


def bearer_of(row: sql.Row | None) -> Bearer | None:
    """The row of :data:`SQL` as a bearer."""
    if row is None:
        return None
    token_id, profile_id, user_id, application_id, name, scope, used_on = row[:7]
    return Bearer(token_id, profile_id, user_id, application_id, name, frozenset(scope.split()), used_on)


def waiting(token: str) -> tuple[Bearer, Refused] | None:
    """Who holds a token that will be good later, and why not yet; None for every other token."""
    row = sql.one(_SQL["waiting"], checksum=checksum(token)) if 0 < len(token) <= LONGEST else None
    holder = bearer_of(row)
    if row is None or holder is None:
        return None
    if row[7]:
        why = _("Your e-mail address is not confirmed yet. Please enter the code that was sent to you.")
        return holder, NotAllowed(why, code="unconfirmed")
    return holder, NotAllowed(_("Your request to join has not been approved yet."), code="unapproved")


def require(token: str) -> Bearer:
    """The bearer of a token that has to be good.

    Raises:
        NotAllowed: the login behind it is not confirmed or not approved yet (403, as Mastodon answers).
        NotSignedIn: every other token that is not good.
    """
    holder = bearer(token)
    if holder is not None:
        return holder
    later = waiting(token)
    raise later[1] if later else NotSignedIn(_("The access token is invalid."), code="invalid_token")


def note_use(bearer: Bearer, *, on: date) -> None:
    """Remember the day a token was last used, for the member's list of apps; a write a day."""
    if bearer.used_on != on:
        with away.spared():
            sql.execute(_SQL["used"], token_id=bearer.token_id, day=on)


def issue_token(
    *,
    user_id: int | None,
    profile_id: int | None,
    application: int | str,
    scopes: str | Iterable[str],
    at: datetime,
) -> str:
    """A new token; the only time it is seen. ``application`` is an id, or the name of one of the house's own.

    Raises:
        NotThere: no application has the id.
        Refused: a scope is unknown.
    """
    wanted = scope_rules.parse(scopes if isinstance(scopes, str) else " ".join(scopes))
    if unknown := set(wanted) - scope_rules.ALL:
        raise Refused(_("There is no such scope."), code="invalid_scope", cause=" ".join(sorted(unknown)))
    token = new_token()
    row = AccessToken(
        user_id=user_id,
        profile_id=profile_id,
        application=_application(application),
        scope=" ".join(wanted),
        expires=at + LIFETIME,
    )
    # the checksum is computed from here when the row is saved; the column for the token stays empty
    row._raw_token = token
    row.save()
    return token


def _application(application: int | str) -> Application:
    if isinstance(application, int):
        found: Application | None = Application.objects.filter(pk=application).first()
        if found is None:
            raise NotThere(_("There is no such app."))
        return found
    house: Application
    house, _made = Application.objects.get_or_create(
        client_id=f"house:{application}",
        defaults={
            "name": application,
            "client_secret": checksum(new_token()),
            "hash_client_secret": False,
            "client_type": Application.CLIENT_CONFIDENTIAL,
            "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
            "scopes": " ".join(sorted(scope_rules.ALL)),
        },
    )
    return house


def revoke(*, token_id: int, by: int, at: datetime) -> None:
    """End one of a member's tokens, from her settings.

    Raises:
        NotThere: no token of hers has the id.
    """
    if not _end(AccessToken.objects.filter(pk=token_id, user_id=by), at):
        raise NotThere(_("There is no such app."))


def revoke_application(*, application_id: int, by: int, at: datetime) -> int:
    """End all tokens that an app holds of a member; how many there were.

    Raises:
        NotThere: it holds none.
    """
    ended = _end(AccessToken.objects.filter(application_id=application_id, user_id=by), at)
    if not ended:
        raise NotThere(_("There is no such app."))
    return ended


def revoke_all(*, user_id: int, at: datetime, keep: Collection[int] = ()) -> int:
    """End all tokens of a login but those kept; how many."""
    return _end(AccessToken.objects.filter(user_id=user_id).exclude(pk__in=keep), at)


def revoke_of_profile(*, profile_id: int, at: datetime) -> int:
    """End all tokens that speak for a profile; how many."""
    return _end(AccessToken.objects.filter(profile_id=profile_id), at)


def revoke_secret(*, token: str, application_id: int, at: datetime) -> bool:
    """End a token shown by the app that holds it. Another app's token is as unknown as none."""
    found = AccessToken.objects.filter(token_checksum=checksum(token), application_id=application_id)
    return _end(found, at) > 0


def revoke_of_grant(*, grant_id: int, at: datetime) -> int:
    """End the tokens made from an authorization code that was shown twice."""
    return _end(AccessToken.objects.filter(grant_id=grant_id), at)


def _end(tokens: QuerySet[AccessToken], at: datetime) -> int:
    with transaction.atomic():
        ended = list(tokens.select_for_update().values_list("pk", "token_checksum"))
        AccessToken.objects.filter(pk__in=[pk for pk, _sum in ended]).delete()
        for token_id, digest in ended:
            emit(TokenRevoked(token_id=token_id, checksum=digest, at=at))
    return len(ended)
