"""Logins, invitations, applications, tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)


class UserManager(BaseUserManager["User"]):
    """Makes logins."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The password is hashed here, so this may wait its turn (see ``hashing``)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One login: a mail address and a password. It may own several profiles.

    ``is_staff`` opens the back office. ``is_active`` is false exactly while approval is awaited, after a
    suspension, and during the grace period of a deletion; the moments below say which. An address is
    confirmed once, at joining: until then the login can do nothing, whatever its tokens say.
    """

    email = models.EmailField(unique=True)
    language = models.CharField(max_length=8, blank=True, help_text="Of the interface; empty: the browser's.")
    # IANA's name; empty: as each browser says
    time_zone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    join_reason = models.TextField(blank=True, help_text="What the person wrote when asking to join.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    approval_asked_at = models.DateTimeField(null=True, blank=True, help_text="Empty: none was needed.")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    deletion_asked_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [
            # few at any time: the operator's list of those who wait
            models.Index(
                fields=["approval_asked_at"],
                name="accounts_awaiting_approval",
                condition=models.Q(approval_asked_at__isnull=False, approved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def awaits_approval(self) -> bool:
        """Asked to join and not yet let in."""
        return self.approval_asked_at is not None and self.approved_at is None

    def may_be_active(self) -> bool:
        """What ``is_active`` has to be, from the moments."""
        return not (self.awaits_approval or self.suspended_at or self.deletion_asked_at)

    def was_let_in(self) -> bool:
        """Whether it ever could be used: address confirmed and, where it was needed, approved."""
        return self.confirmed_at is not None and not self.awaits_approval


class Invitation(models.Model):
    """A code that lets somebody join where joining needs an invitation."""

    code = models.CharField(max_length=32, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    uses_left = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)


class Application(AbstractApplication):
    """An app that members use. Mastodon apps use several grant types with one registration.

    ``client_secret`` holds the SHA-256 of the secret. It is 256 random bits, so that a slow password
    hash would add nothing but an outage: every token request would cost what a sign-in costs.
    """

    website = models.TextField(blank=True)
    scopes = models.TextField(default="read", help_text="The most it may ask for, separated by spaces.")

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Byte for byte one of the registered ones (RFC 9700 section 2.1), no other port or case."""
        return uri in self.redirect_uris.split()

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Authorization code and client credentials with every registration; nothing else ever."""
        return bool({self.GRANT_AUTHORIZATION_CODE, self.GRANT_CLIENT_CREDENTIALS} & set(grant_types))


class Grant(AbstractGrant):
    """An authorization code, for one profile of the login.

    ``code`` is the SHA-256 of what the app was given. A redeemed one is kept for a day: whoever shows it
    again has stolen it, or was stolen from, and the tokens made from it end (RFC 6749 section 4.1.2).
    """

    profile_id = models.BigIntegerField(null=True)
    redeemed_at = models.DateTimeField(null=True)

    class Meta(AbstractGrant.Meta):
        swappable = "OAUTH2_PROVIDER_GRANT_MODEL"


class AccessToken(AbstractAccessToken):
    """What an app holds. ``profile_id`` is the profile it speaks for; null for the application itself."""

    profile_id = models.BigIntegerField(null=True, db_index=True)
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="tokens")
    last_used_on = models.DateField(null=True)

    class Meta(AbstractAccessToken.Meta):
        swappable = "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL"


class RefreshToken(AbstractRefreshToken):
    """Required by the library; Mastodon apps are given none."""

    class Meta(AbstractRefreshToken.Meta):
        swappable = "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL"


class IDToken(AbstractIDToken):
    """Required by the library; OpenID Connect is off."""

    class Meta(AbstractIDToken.Meta):
        swappable = "OAUTH2_PROVIDER_ID_TOKEN_MODEL"


class DeviceGrant(AbstractDeviceGrant):
    """Required by the library; the device flow is off."""

    class Meta(AbstractDeviceGrant.Meta):
        swappable = "OAUTH2_PROVIDER_DEVICE_GRANT_MODEL"


class Count(models.Model):
    """How often something was done in a window of time, for ``limits``. Unlogged: a crash forgets it."""

    key = models.CharField(max_length=200, primary_key=True)
    hits = models.IntegerField()
    ends_at = models.DateTimeField(db_index=True)


class Repeat(models.Model):
    """The answer to a request of an app that came with a key, to be given again. ``key`` and ``asked`` are
    SHA-256; the answer is sealed."""

    profile_id = models.BigIntegerField()
    key = models.BinaryField(max_length=32)
    asked = models.BinaryField(max_length=32)
    answer = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("profile_id", "key", name="accounts_repeat_once")]


class CacheEntry(models.Model):
    """The table of Django's database cache, where allauth counts: all server processes count together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"
