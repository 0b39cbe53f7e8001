"""``majlis account create`` and ``majlis token create``. Loaded once Django's applications are."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from majlis.accounts.actions import create_account
from majlis.accounts.tokens import issue_token
from majlis.config.commands import machine
from majlis.config.settings import Settings
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.people import access
from majlis.people.actions import create_profile
from majlis.people.models import Profile

APPLICATION = "Command line"
"""The application that tokens made here belong to, as it is listed among a member's apps."""


def create(*, settings: Settings, name: str, email: str, password: str, admin: bool) -> None:
    """Make a login with its first profile, both or neither.

    Raises:
        Refused: the name, the address or the password cannot be taken, and why.
    """
    try:
        validate_password(password)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
    at = now()
    with transaction.atomic():
        user_id = create_account(email=email, password=password, admin=admin, at=at)
        create_profile(user_id=user_id, handle=name.removeprefix("@"), at=at)
    machine.tell(f"@{name.removeprefix('@')} can sign in at {settings.base_url} with {email}.")


def create_token(*, settings: Settings, name: str, scopes: str) -> None:
    """Print a new access token of the profile, alone on its line.

    Raises:
        Refused: nobody has the name, or a scope is unknown.
    """
    profile = access.see_acct(acct=name, viewer_id=None)
    user_id = Profile.objects.values_list("user_id", flat=True).get(pk=profile.id)
    if user_id is None:
        raise BadInput(f"Nobody can act as {name}.", field="name")
    print(
        issue_token(user_id=user_id, profile_id=profile.id, application=APPLICATION, scopes=scopes, at=now())
    )
