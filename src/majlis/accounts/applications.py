"""Apps: registered by anybody, trusted with nothing until a member says so."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from majlis.accounts import scopes as scope_rules
from majlis.accounts import tokens
from majlis.accounts.models import AccessToken, Application
from majlis.core.errors import BadInput

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
LONGEST_NAME: Final = 120
LONGEST_WEBSITE: Final = 2000
LONGEST_URI: Final = 2000
MOST_URIS: Final = 20

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"`{}|^]")
#: Schemes that run or read something in a browser instead of opening an app.
_NEVER: Final = frozenset(
    [
        *("about", "blob", "chrome", "chrome-extension", "cid", "content", "data", "feed", "file"),
        *("filesystem", "ftp", "gopher", "intent", "jar", "javascript", "ldap", "livescript", "mailto"),
        *("mid", "mocha", "moz-extension", "news", "res", "resource", "sms", "tel", "urn", "vbscript"),
        *("view-source", "ws", "wss"),
    ]
)


@dataclass(frozen=True, slots=True)
class App:
    """An application as anybody may see it: no secret, no redirects of others."""

    id: int
    name: str
    website: str
    client_id: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """What an app holds of one member, for her settings."""

    application_id: int
    name: str
    website: str
    scopes: tuple[str, ...]
    given_at: datetime
    last_used_on: date | None


def register(
    *, name: str, redirect_uris: str | Iterable[str], scopes: str, website: str, at: datetime
) -> tuple[App, str]:
    """Register an app; with the client secret, which is never seen again. ``website`` is not fetched.

    Raises:
        BadInput: no name, no usable redirect URI, an unknown scope, or a website that is no web address.
    """
    listed = (
        redirect_uris.split()
        if isinstance(redirect_uris, str)
        else [item for uri in redirect_uris for item in uri.split()]
    )
    uris = tuple(dict.fromkeys(listed))
    wanted = scope_rules.parse(scopes)
    _check(name.strip(), uris, wanted, website.strip())
    secret = tokens.new_token()
    row = Application.objects.create(
        client_id=secrets.token_urlsafe(32),
        client_secret=tokens.checksum(secret),
        hash_client_secret=False,
        name=name.strip(),
        website=website.strip(),
        redirect_uris="\n".join(uris),
        scopes=" ".join(wanted),
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    )
    return _facts(row), secret


def find(*, application_id: int) -> App | None:
    """The app of an id."""
    row = Application.objects.filter(pk=application_id).first()
    return _facts(row) if row else None


def held(*, user_id: int) -> list[Access]:
    """Apps that hold tokens of a member, newest first."""
    rows = (
        AccessToken.objects.filter(user_id=user_id)
        .values("application_id", "application__name", "application__website")
        .annotate(given=Min("created"), used=Max("last_used_on"))
        .order_by("-given")
    )
    held_scopes: dict[int, set[str]] = {}
    for application_id, scope in AccessToken.objects.filter(user_id=user_id).values_list(
        "application_id", "scope"
    ):
        held_scopes.setdefault(application_id, set()).update(scope.split())
    return [
        Access(
            application_id=row["application_id"],
            name=row["application__name"],
            website=row["application__website"],
            scopes=tuple(sorted(held_scopes[row["application_id"]])),
            given_at=row["given"],
            last_used_on=row["used"],
        )
        for row in rows
    ]


def _facts(row: Application) -> App:
    return App(
        id=row.pk,
        name=row.name,
        website=row.website,
        client_id=row.client_id,
        redirect_uris=tuple(row.redirect_uris.split()),
        scopes=tuple(row.scopes.split()),
    )


def _check(name: str, uris: tuple[str, ...], wanted: tuple[str, ...], website: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or "\x00" in name:
        raise BadInput(_("An app needs a name of at most 120 characters."), field="client_name")
    if not uris or len(uris) > MOST_URIS:
        raise BadInput(_("An app needs between one and twenty redirect addresses."), field="redirect_uris")
    if not all(is_redirect_uri(uri) for uri in uris):
        raise BadInput(
            _("A redirect address must be absolute and must not be one that a browser would run."),
            field="redirect_uris",
        )
    if set(wanted) - scope_rules.ALL:
        raise BadInput(_("There is no such scope."), field="scopes", code="invalid_scope")
    if website and not _is_web_address(website):
        raise BadInput(
            _("The website of an app is an address that starts with https:// or http://."), field="website"
        )


def is_redirect_uri(uri: str) -> bool:
    """Whether an app may be sent there: absolute, no fragment (RFC 6749 section 3.1.2), no wildcard, no
    user name, nothing a browser runs. Schemes of apps are welcome (RFC 8252 section 7.1)."""
    if uri == OUT_OF_BAND:
        return True
    scheme, colon, rest = uri.partition(":")
    if not colon or not rest or len(uri) > LONGEST_URI:
        return False
    if not _SCHEME.fullmatch(scheme) or _CONTROL.search(uri) or "#" in uri or "*" in uri or not uri.isascii():
        return False
    return _is_web_address(uri) if scheme.lower() in {"http", "https"} else scheme.lower() not in _NEVER


def _is_web_address(url: str) -> bool:
    """http(s) with a host, and nothing that makes it read otherwise than it goes."""
    if len(url) > LONGEST_WEBSITE or _CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
        _port = parts.port  # raises ValueError when it is none
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
