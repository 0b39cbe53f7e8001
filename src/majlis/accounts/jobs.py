"""Work on logins that nobody waits for, and mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from majlis.accounts import actions, letters, repeats
from majlis.accounts.models import AccessToken, Application, CacheEntry, Grant
from majlis.core import sql
from majlis.core.clock import now
from majlis.core.jobs.registry import Lane, job

_SQL: Final = sql.load("majlis.accounts")
UNCONFIRMED: Final = timedelta(days=7)
UNUSED_APP: Final = timedelta(days=30)
SPENT_CODE: Final = timedelta(days=1)


@job(letters.MAIL_JOB, lane=Lane.URGENT, attempts=12)
def send_mail(to: str, subject: str, text: str, html: str) -> None:
    """One message to one address."""
    letters.deliver(to=to, subject=subject, text=text, html=html)


@job("accounts.delete_due", every=timedelta(hours=1), lane=Lane.BULK)
def delete_due() -> None:
    """Logins whose grace period is over."""
    actions.delete_due(at=now())


@job("accounts.tidy", every=timedelta(days=1), offset=timedelta(hours=4), lane=Lane.BULK)
def tidy() -> None:
    """What has expired: unconfirmed logins, codes, tokens, sessions, counters, answers kept for
    apps that ask again, apps nobody ever used."""
    at = now()
    actions.delete_unconfirmed(before=at - UNCONFIRMED, at=at)
    Grant.objects.filter(expires__lt=at - SPENT_CODE).delete()
    AccessToken.objects.filter(expires__lt=at).delete()
    Session.objects.filter(expire_date__lt=at).delete()
    CacheEntry.objects.filter(expires__lt=at).delete()
    sql.execute(_SQL["forget_counts"])
    repeats.forget(before=at - repeats.LASTS)
    in_use = AccessToken.objects.filter(application=OuterRef("pk"))
    Application.objects.filter(~Exists(in_use), created__lt=at - UNUSED_APP).delete()
