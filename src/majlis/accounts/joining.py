"""Joining through an app: a login that is usable once its mail address is confirmed by a link."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from majlis.accounts import actions, letters
from majlis.accounts.addresses import clean_address
from majlis.accounts.models import User
from majlis.core.errors import BadInput, NotAllowed, NotThere


def begin(*, email: str, password: str, language: str, invitation: str, reason: str, at: datetime) -> int:
    """Make a login that waits for confirmation, and send the link. Its id.

    Call it in one transaction with making the profile. When the address has an account already, nobody but
    its owner learns of it: a login is made all the same, under no address, that can never be confirmed and
    is cleared away with the other unconfirmed ones.

    Raises:
        BadInput: address, password, invitation or reason cannot be used.
        NotAllowed: joining is closed.
    """
    if settings.MAJLIS.registrations == "closed":
        raise NotAllowed(_("Nobody can join at this time."), code="closed")
    address = _checked(email, password)
    taken = is_taken(address)
    user = decoy(password=password) if taken else User.objects.create_user(address, password, joined_at=at)
    actions.set_terms_of_joining(
        user_id=user.pk, language=language, invitation=invitation, reason=reason, at=at
    )
    if taken:
        letters.somebody_has_this_address(address)
    else:
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=False)
        _send_link(user)
    return user.pk


def decoy(*, password: str) -> User:
    """A login under no address, made with the same work as a real one."""
    return User.objects.create_user(f"{secrets.token_hex(16)}@taken.invalid", password)


def _checked(email: str, password: str) -> str:
    try:
        address = clean_address(email)
    except ValidationError as error:
        raise BadInput(error.message, field="email") from error
    try:
        validate_password(password, User(email=address))
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
    return address


def is_taken(address: str) -> bool:
    """Whether a login has the address, confirmed or not."""
    return User.objects.filter(email=address).exists() or EmailAddress.objects.filter(email=address).exists()


def send_again(*, user_id: int) -> None:
    """Send the link once more.

    Raises:
        NotAllowed: there is nothing to confirm.
    """
    user = User.objects.filter(pk=user_id, confirmed_at=None).first()
    if user is None:
        raise NotAllowed(_("This address is confirmed already."), code="confirmed")
    _send_link(user)


def address_of(*, user_id: int) -> str:
    """The mail address of a login, for counting the mail sent to it."""
    return User.objects.values_list("email", flat=True).get(pk=user_id)


def _send_link(user: User) -> None:
    address = EmailAddress.objects.filter(user=user, verified=False).first()
    if address is not None:
        key = EmailConfirmationHMAC(address).key
        letters.confirm_by_link(user, f"{settings.MAJLIS.base_url}/accounts/confirm/{key}/")


def key_is_good(key: str) -> bool:
    """Whether a link still confirms something."""
    return EmailConfirmationHMAC.from_key(key) is not None


def confirm_by_key(*, key: str, at: datetime) -> None:
    """What the link's page does when its button is pressed. Signed, good for three days and only once.

    Raises:
        NotThere: forged, expired, or used.
    """
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        raise NotThere(_("This link is not, or no longer, good."))
    address = confirmation.email_address
    address.verified = True
    address.save(update_fields=["verified"])
    actions.confirm(user_id=address.user_id, at=at)
