"""The OAuth 2 provider: django-oauth-toolkit and oauthlib, narrowed to what Mastodon apps need.

Two grants (authorization code, client credentials), confidential clients only, PKCE with S256 or not at
all, no refresh tokens. Codes, tokens and client secrets are stored as SHA-256 only. Named in OAUTH2_PROVIDER.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.models import set_token_value
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.common import Request
from oauthlib.oauth2 import AuthorizationCodeGrant, BearerToken, ClientCredentialsGrant
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, RevocationEndpoint, TokenEndpoint

from majlis.accounts import scopes as scope_rules
from majlis.accounts import tokens
from majlis.accounts.models import AccessToken, Application, Grant

_S256: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of 32 bytes, RFC 7636 section 4.2


def new_access_token(request: Request) -> str:
    """oauthlib's own has 178 bits; ours 256."""
    return tokens.new_token()


class Scopes(BaseScopes):
    """An app may be given what lies within the scopes it registered, the operator's only by the operator."""

    def get_all_scopes(self) -> dict[str, Any]:
        return {scope: scope for scope in sorted(scope_rules.ALL)}

    def get_available_scopes(
        self,
        application: Application | None = None,
        request: Request | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> list[str]:
        held = scope_rules.within(application.scopes.split()) if application else frozenset()
        user = getattr(request, "user", None)
        return sorted(held if user is not None and user.is_staff else held & scope_rules.OF_MEMBERS)

    def get_default_scopes(
        self,
        application: Application | None = None,
        request: Request | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> list[str]:
        return [scope_rules.DEFAULT]


class CodeGrant(AuthorizationCodeGrant):
    """The authorization code grant, with S256 as the only challenge (RFC 9700 section 2.1.1)."""

    _code_challenge_methods: ClassVar[dict[str, Any]] = {
        "S256": AuthorizationCodeGrant._code_challenge_methods["S256"]
    }

    def __init__(self, request_validator: Validator) -> None:
        super().__init__(request_validator, refresh_token=False, pre_auth=[_challenge_is_sound])


def _challenge_is_sound(request: Request) -> dict[str, Any]:
    if request.code_challenge is not None and not _S256.fullmatch(request.code_challenge):
        raise errors.InvalidRequestError(
            description="code_challenge is not an S256 challenge", request=request
        )
    return {}


class Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):
    """The endpoints there are. Implicit, password, device and refresh are not here to be switched on."""

    def __init__(
        self,
        request_validator: Validator,
        token_expires_in: int | None = None,
        token_generator: Any = None,
        refresh_token_generator: Any = None,
        **options: Any,
    ) -> None:
        code = CodeGrant(request_validator)
        bearer = BearerToken(request_validator, token_generator, token_expires_in)
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": code})
        TokenEndpoint.__init__(
            self,
            "authorization_code",
            bearer,
            {"authorization_code": code, "client_credentials": ClientCredentialsGrant(request_validator)},
        )
        RevocationEndpoint.__init__(self, request_validator)


class Core(OAuthLibCore):
    """Takes the fields of the body from the edge, which reads JSON as well as forms."""

    def extract_body(self, request: HttpRequest) -> Iterable[tuple[str, str]]:
        fields: dict[str, str] = getattr(request, "oauth_fields", {})
        return [(name, _as_known(name, value)) for name, value in fields.items()]


def _as_known(name: str, value: str) -> str:
    if name == "code":
        return tokens.checksum(value)  # from here on it is known as it is stored
    return " ".join(value.split()) if name == "scope" else value


class Validator(OAuth2Validator):
    """What oauthlib asks before and after it does anything.

    A code is redeemed under a lock on its row, once. Shown again, it ends the tokens made from it.
    """

    def _load_application(self, client_id: str, request: Request) -> Application | None:
        if "\x00" in (client_id or ""):
            return None  # the driver raises something the library does not expect
        found: Application | None = super()._load_application(client_id, request)
        return found

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return bool(constant_time_compare(tokens.checksum(provided_secret), stored_secret))

    def _create_authorization_code(
        self, request: Request, code: dict[str, str], expires: Any = None
    ) -> Grant:
        grant: Grant = super()._create_authorization_code(
            request, {**code, "code": tokens.checksum(code["code"])}, expires
        )
        grant.profile_id = request.profile_id
        grant.save(update_fields=["profile_id"])
        return grant

    def validate_code(
        self, client_id: str, code: str, client: Application, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(code=code, application=client)
            .first()
        )
        if grant is None or not self._is_fresh(grant) or not _login_is_good(grant):
            return False
        if request.code_verifier and not grant.code_challenge:
            return False  # PKCE downgrade, RFC 9700 section 4.8.2
        request.user, request.scopes, request.grant = grant.user, grant.scope.split(), grant
        return True

    def _is_fresh(self, grant: Grant) -> bool:
        if grant.redeemed_at is not None:
            tokens.revoke_of_grant(grant_id=grant.pk, at=timezone.now())
        return grant.redeemed_at is None and not grant.is_expired()

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Application, *args: Any, **kwargs: Any
    ) -> bool:
        if not super().confirm_redirect_uri(client_id, code, redirect_uri, client, *args, **kwargs):
            raise errors.InvalidGrantError()
        return True

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        Grant.objects.filter(pk=request.grant.pk).update(redeemed_at=timezone.now())

    def _create_access_token(
        self, expires: Any, request: Request, token: dict[str, Any], source_refresh_token: Any = None
    ) -> AccessToken:
        grant = getattr(request, "grant", None) if request.grant_type == "authorization_code" else None
        made = AccessToken(
            user=request.user,
            profile_id=grant.profile_id if grant else None,
            grant=grant,
            application=request.client,
            scope=token["scope"],
            expires=expires,
        )
        set_token_value(made, token["access_token"])
        made.save()
        return made

    def validate_user(self, *args: Any, **kwargs: Any) -> bool:
        return False  # no password ever passes through an app

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        with transaction.atomic():
            tokens.revoke_secret(token=token, application_id=request.client.pk, at=timezone.now())


def _login_is_good(grant: Grant) -> bool:
    return grant.user.is_active and grant.user.confirmed_at is not None
