"""Mail about logins: what it says, and its way into the post.

Mail leaves through a job, so that a slow mail server holds nobody up, says nothing about who has an
account, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.accounts.models import User
from majlis.core.jobs import actions as jobs

MAIL_JOB = "accounts.send_mail"


def post(*, to: Iterable[str], subject: str, text: str, html: str = "") -> None:
    """Hand a message to the worker, in the caller's transaction."""
    one_line = " ".join(subject.split())
    for address in to:
        jobs.enqueue(MAIL_JOB, {"to": address, "subject": one_line, "text": text, "html": html})


def deliver(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    files: Iterable[tuple[str, bytes, str]] = (),
    message_id: str = "",
) -> None:
    """Send one message now; called by a job. ``files``: name, content and type of each. The same ``message_id``
    (RFC 5322, section 3.6.4) at every attempt lets mailboxes know a message that comes twice."""
    headers = {"Message-ID": message_id} if message_id else {}
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    for name, content, kind in files:
        message.attach(name, content, kind)
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def _to(user: User, subject: str, text: str) -> None:
    post(to=[user.email], subject=f"[{settings.MAJLIS.server_name}] {subject}", text=text)


def _spoken(user: User) -> translation.override:
    return translation.override(user.language or settings.LANGUAGE_CODE)


def confirm_by_link(user: User, link: str) -> None:
    """To somebody who joined through an app, which shows no page to enter a code."""
    with _spoken(user):
        _to(
            user,
            _("Confirm your e-mail address"),
            _(
                "Welcome. To confirm that this address is yours, open:\n\n%(link)s\n\nIf you did not join, "
                "ignore this message."
            )
            % {"link": link},
        )


def somebody_has_this_address(address: str) -> None:
    """To a member whose address was given by somebody who wanted to join."""
    link = f"{settings.MAJLIS.base_url}/accounts/login/"
    post(
        to=[address],
        subject=f"[{settings.MAJLIS.server_name}] " + _("You are a member already"),
        text=_(
            "Somebody, perhaps you, tried to join with this address, which belongs to your account. "
            "You can sign in, or choose a new password, here:\n\n%(link)s\n\nIf it was not you, there is "
            "nothing to do."
        )
        % {"link": link},
    )


def asks_to_join(operators: Iterable[User], user: User) -> None:
    """To the operators: somebody waits for approval."""
    for operator in operators:
        with _spoken(operator):
            reason = user.join_reason or _("(no reason given)")
            _to(
                operator,
                _("Somebody asks to join"),
                _(
                    "%(address)s asks to join %(server)s:\n\n%(reason)s\n\n"
                    "Decide in the back office:\n%(link)s"
                )
                % {
                    "address": user.email,
                    "server": settings.MAJLIS.server_name,
                    "reason": reason,
                    # through the sign-in page: to whoever is signed out, the back office is an unknown address
                    "link": f"{settings.MAJLIS.base_url}/accounts/login/?next=/backoffice/joining",
                },
            )


def approved(user: User) -> None:
    """To the one who waited."""
    with _spoken(user):
        link = f"{settings.MAJLIS.base_url}/accounts/login/"
        _to(
            user,
            _("Welcome"),
            _("Your request to join was approved. Sign in here:\n\n%(link)s") % {"link": link},
        )


def refused(user: User) -> None:
    """To the one who waited."""
    with _spoken(user):
        _to(
            user,
            _("Your request to join"),
            _("Your request to join %(server)s was not approved. What you entered has been deleted.")
            % {"server": settings.MAJLIS.server_name},
        )


def suspended(user: User) -> None:
    """To somebody whose login the operator closed."""
    with _spoken(user):
        contact = settings.MAJLIS.contact_email or settings.MAJLIS.base_url
        _to(
            user,
            _("Your account was suspended"),
            _("The operator of %(server)s suspended your account. You can ask about it here: %(contact)s")
            % {"server": settings.MAJLIS.server_name, "contact": contact},
        )


def deletion_asked(user: User, days: int) -> None:
    """To somebody who asked for her account to be deleted."""
    with _spoken(user):
        _to(
            user,
            _("Your account will be deleted"),
            _(
                "You asked for your account to be deleted. Until %(days)d days from now you can take that "
                "back by signing in:\n\n%(link)s\n\nAfter that everything in it is deleted and cannot be "
                "brought back."
            )
            % {"days": days, "link": f"{settings.MAJLIS.base_url}/accounts/login/"},
        )
