"""What happens to logins: made, confirmed, approved, suspended, deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import invitations, letters, sessions, tokens
from majlis.accounts.addresses import clean_address
from majlis.accounts.events import LoginDeleted, LoginOpened, LoginRestored, LoginWithdrawn
from majlis.accounts.models import User
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.events import emit

make_invitation = invitations.make_invitation


def create_account(*, email: str, password: str, admin: bool = False, at: datetime) -> int:
    """Make a login by the operator's hand: confirmed and open at once. Its id.

    Raises:
        BadInput: the address cannot be used.
        Conflict: it is taken.
    """
    address = _address(email)
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Conflict(_("There is an account with this address already."), field="email")
        user = User.objects.create_user(
            address, password, is_staff=admin, is_superuser=admin, confirmed_at=at, joined_at=at
        )
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
        emit(LoginOpened(user_id=user.pk, at=at))
    return user.pk


def _address(email: str) -> str:
    try:
        return clean_address(email)
    except ValidationError as error:
        raise BadInput(error.message, field="email") from error


def set_terms_of_joining(*, user_id: int, language: str, invitation: str, reason: str, at: datetime) -> None:
    """What the operator's choice asks of a login that is being made; call it in the transaction of joining.

    Raises:
        BadInput: an invitation is needed and the code is not good, or a reason is needed and missing.
    """
    user = _locked(user_id)
    if settings.MAJLIS.registrations == "invitation":
        invitations.use(code=invitation, at=at)
    if settings.MAJLIS.registrations == "approval":
        if not reason.strip():
            raise BadInput(_("Please write a sentence about why you would like to join."), field="reason")
        user.approval_asked_at = at
    user.join_reason = reason.strip()
    user.language = language
    user.is_active = user.may_be_active()
    user.save(update_fields=["approval_asked_at", "join_reason", "language", "is_active"])


def set_language(*, user_id: int, language: str) -> None:
    """The language of the interface and of mail for this login, on every device.

    Raises:
        BadInput: we do not speak it.
    """
    if language not in dict(settings.LANGUAGES):
        raise BadInput(_("There is no such language."), field="language")
    User.objects.filter(pk=user_id).update(language=language)


def set_time_zone(*, user_id: int, name: str) -> None:
    """The time zone (IANA's name) in which exact times are told and taken; empty: as each browser says.

    Raises:
        BadInput: there is no such zone.
    """
    if name and name not in available_timezones():
        raise BadInput(_("There is no such choice."), field="time_zone")
    User.objects.filter(pk=user_id).update(time_zone=name)


def hide_until_open(*, user_id: int, at: datetime) -> None:
    """Hide what belongs to a login that is not confirmed or not approved yet; ``LoginOpened`` shows it."""
    if not _is_open(_locked(user_id)):
        emit(LoginWithdrawn(user_id=user_id, why="not open yet", at=at))


def _is_open(user: User) -> bool:
    return user.confirmed_at is not None and user.is_active


def confirm(*, user_id: int, at: datetime) -> None:
    """The mail address turned out to be hers. Opens the login, or puts it before the operators."""
    with transaction.atomic():
        user = _locked(user_id)
        if user.confirmed_at is not None:
            return
        user.confirmed_at = at
        user.save(update_fields=["confirmed_at"])
        if user.awaits_approval:
            letters.asks_to_join(User.objects.filter(is_staff=True, is_active=True), user)
        elif user.is_active:
            emit(LoginOpened(user_id=user_id, at=at))


def approve(user_id: int, *, by: int, at: datetime) -> None:
    """Let somebody in who asked.

    Raises:
        NotThere: nobody with this id waits.
    """
    with transaction.atomic():
        user = _waiting(user_id)
        user.approved_at, user.approved_by_id = at, by
        user.is_active = user.may_be_active()
        user.save(update_fields=["approved_at", "approved_by", "is_active"])
        letters.approved(user)
        if _is_open(user):
            emit(LoginOpened(user_id=user_id, at=at))


def refuse(user_id: int, *, by: int, at: datetime) -> None:
    """Turn somebody away who asked; the login is deleted at once.

    Raises:
        NotThere: nobody with this id waits.
    """
    with transaction.atomic():
        user = _waiting(user_id)
        letters.refused(user)
        _delete(user, at)


def suspend(user_id: int, *, by: int, at: datetime) -> None:
    """Close a login: sessions and tokens end, everything of it is hidden.

    Raises:
        NotThere: there is no such login, or it is suspended.
        Conflict: an operator cannot be suspended, herself included.
    """
    with transaction.atomic():
        user = _locked(user_id)
        if user.suspended_at is not None:
            raise NotThere(_("There is no such account."))
        if user.is_staff:
            raise Conflict(_("An operator's account cannot be suspended."))
        user.suspended_at, user.suspended_by_id = at, by
        letters.suspended(user)
        _close(user, "suspended", at)


def restore(user_id: int, *, by: int, at: datetime) -> None:
    """End a suspension.

    Raises:
        NotThere: there is no such login, or it is not suspended.
    """
    with transaction.atomic():
        user = _locked(user_id)
        if user.suspended_at is None:
            raise NotThere(_("There is no such account."))
        user.suspended_at = user.suspended_by = None
        _reopen(user, at)


def ask_deletion(*, by: int, at: datetime) -> None:
    """Begin the grace period after which a login and all that belongs to it is deleted.

    Raises:
        NotThere: there is no such login, or it was asked before.
    """
    with transaction.atomic():
        user = _locked(by)
        if user.deletion_asked_at is not None:
            raise NotThere(_("There is no such account."))
        user.deletion_asked_at = at
        letters.deletion_asked(user, settings.MAJLIS.deletion_grace_days)
        _close(user, "deletion", at)


def take_back(*, by: int, at: datetime) -> None:
    """End the grace period: nothing is deleted.

    Raises:
        NotThere: there is no such login, or nothing to take back.
    """
    with transaction.atomic():
        user = _locked(by)
        if user.deletion_asked_at is None:
            raise NotThere(_("There is no such account."))
        user.deletion_asked_at = None
        _reopen(user, at)


def delete_due(*, at: datetime) -> int:
    """Delete the logins whose grace period is over, each in its own transaction; how many."""
    before = at - timedelta(days=settings.MAJLIS.deletion_grace_days)
    due = User.objects.filter(deletion_asked_at__lte=before).values_list("pk", flat=True)
    return sum(_delete_one(pk, before, at) for pk in list(due))


def _delete_one(user_id: int, before: datetime, at: datetime) -> bool:
    with transaction.atomic():
        # taken back since it was listed: not hers any more to lose
        user = User.objects.select_for_update().filter(pk=user_id, deletion_asked_at__lte=before).first()
        if user is not None:
            _delete(user, at)
    return user is not None


def delete_unconfirmed(*, before: datetime, at: datetime) -> int:
    """Delete logins that joined before then and never confirmed their address; how many."""
    stale = list(User.objects.filter(confirmed_at=None, joined_at__lt=before).values_list("pk", flat=True))
    for user_id in stale:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(pk=user_id, confirmed_at=None).first()
            if user is not None:
                _delete(user, at)
    return len(stale)


def change_password(*, user_id: int, password: str, at: datetime) -> None:
    """Set a password by the operator's hand; sessions and tokens end.

    Raises:
        NotThere: there is no such login.
    """
    with transaction.atomic():
        user = _locked(user_id)
        user.set_password(password)
        user.save(update_fields=["password"])
        end_everything(user_id=user_id, at=at)


def end_everything(
    *, user_id: int, at: datetime, keep_session: str | None = None, keep_tokens: bool = False
) -> None:
    """After a credential changed: end all other sessions and, unless they are kept, all tokens."""
    with transaction.atomic():
        sessions.end_all(user_id=user_id, at=at, keep_key=keep_session)
        if not keep_tokens:
            tokens.revoke_all(user_id=user_id, at=at)


def _close(user: User, why: Literal["suspended", "deletion"], at: datetime) -> None:
    user.is_active = False
    user.save()
    end_everything(user_id=user.pk, at=at)
    emit(LoginWithdrawn(user_id=user.pk, why=why, at=at))


def _reopen(user: User, at: datetime) -> None:
    user.is_active = user.may_be_active()
    user.save()
    if _is_open(user):
        emit(LoginRestored(user_id=user.pk, at=at))


def _delete(user: User, at: datetime) -> None:
    end_everything(user_id=user.pk, at=at)
    emit(LoginDeleted(user_id=user.pk, used=user.was_let_in(), at=at))
    user.delete()


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotThere(_("There is no such account."))
    return user


def _waiting(user_id: int) -> User:
    user = _locked(user_id)
    if not user.awaits_approval:
        raise NotThere(_("There is no such account."))
    return user
