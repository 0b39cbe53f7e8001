"""Proofs that a page and a domain belong together: claimed, looked at, kept true, forgotten."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.brands import queries, signals
from majlis.brands.access import OnTeam
from majlis.brands.deeds import note, note_of_house
from majlis.brands.events import DomainLost
from majlis.brands.models import Page, Verification
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.events import emit
from majlis.core.jobs import actions as jobs

CHECK_JOB: Final = "brands.check_domain"
MOST_DOMAINS: Final = 5
PATIENCE: Final = timedelta(days=21)
"""How long a proof stands while nobody answers at the domain; an answer without the proof ends it at once."""
NOT_FOUND: Final = "not_found"
UNREACHABLE: Final = "unreachable"
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# what ends in a number is an address, 0x7f.1 too (WHATWG URL, 3.5, "ends in a number")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@transaction.atomic
def claim_domain(team: OnTeam, *, domain: str, method: str, at: datetime) -> int:
    """Say that a domain is the page's; its proof's id. It is looked for when :func:`ask_for_check` asks.

    Raises:
        BadInput: this is no domain, or the house's own; no such method; five are claimed already.
        Conflict: claimed already.
        NotAllowed: her role does not prove domains.
    """
    team.require(Permission.CONNECT)
    if method not in Verification.Method.values:
        raise BadInput(_("There is no such choice."), field="method", cause=method[:40])
    name = domain_name(domain)
    Page.objects.select_for_update(no_key=True).get(pk=team.page_id)  # one claim of a page at a time
    own = Verification.objects.filter(page_id=team.page_id)
    if own.filter(domain=name).exists():
        raise Conflict(_("This domain stands there already."), field="domain")
    if own.count() >= MOST_DOMAINS:
        raise BadInput(_("A page has five domains at the most."), field="domain", code="limit")
    made = Verification.objects.create(
        page_id=team.page_id,
        domain=name,
        method=method,
        token=secrets.token_urlsafe(18),
        asked_by_id=team.by,
        asked_at=at,
    )
    note(team, "domain.claimed", at=at, subject=made.pk, domain=name)
    signals.changed(team.page_id, "page", at)
    return int(made.pk)


def domain_name(typed: str) -> str:
    """The domain of what was typed (``example.org``, or an address there) in ASCII.

    Raises:
        BadInput: it is none, or the house's own.
    """
    typed = typed.strip()[:300].lower()
    try:
        host = urlsplit(typed if "//" in typed else f"//{typed}").hostname or ""
        name = host.rstrip(".").encode("idna").decode("ascii") if host else ""
    except ValueError:  # UnicodeError is one
        name = ""
    labels = name.split(".")
    whole = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and len(name) <= 253
    if not whole or _NUMBER.fullmatch(labels[-1]):
        raise BadInput(_("Please give a domain, such as example.org."), field="domain")
    if name == (urlsplit(settings.MAJLIS.base_url).hostname or ""):
        raise BadInput(_("This domain is the house's own."), field="domain")
    return name


@transaction.atomic
def ask_for_check(team: OnTeam, *, verification_id: int, at: datetime) -> None:
    """Have the proof looked for now, by a job.

    Raises:
        NotThere: the page claims nothing of that id.
        TooMany: asked too often.
        NotAllowed: her role does not prove domains.
    """
    team.require(Permission.CONNECT)
    limits.take("domain", f"page {team.page_id}")
    if not Verification.objects.filter(pk=verification_id, page_id=team.page_id).exists():
        raise _no_domain()
    jobs.enqueue(CHECK_JOB, {"verification_id": verification_id}, key=str(verification_id))


def _no_domain() -> NotThere:
    return NotThere(_("There is no such domain on this page."))


@transaction.atomic
def forget_domain(team: OnTeam, *, verification_id: int, at: datetime) -> None:
    """Claim the domain no longer.

    Raises:
        NotThere: the page claims nothing of that id.
        NotAllowed: her role does not prove domains.
    """
    team.require(Permission.CONNECT)
    found = Verification.objects.filter(pk=verification_id, page_id=team.page_id).first()
    if found is None:
        raise _no_domain()
    found.delete()
    note(team, "domain.forgotten", at=at, subject=verification_id, domain=found.domain)
    signals.changed(team.page_id, "page", at)


@transaction.atomic
def record_check(*, verification_id: int, proved: bool | None, at: datetime) -> None:
    """What looking came to: the proof was there, was not, or (None) nobody answered, which ends a proof only
    when it lasts three weeks. A proof that is lost is told to those who look after it."""
    found = Verification.objects.select_for_update().filter(pk=verification_id).first()
    if found is None:
        return
    if proved:
        _prove(found, at)
    elif proved is None and found.checked_at and at - found.checked_at < PATIENCE:
        return
    else:
        _fail(found, UNREACHABLE if proved is None else NOT_FOUND, answered=proved is not None, at=at)
    signals.changed(found.page_id, "page", at)


def _prove(found: Verification, at: datetime) -> None:
    fresh = found.verified_at is None
    found.verified_at, found.checked_at, found.failure = found.verified_at or at, at, ""
    found.save(update_fields=["verified_at", "checked_at", "failure"])
    if fresh:
        note_of_house(found.page_id, "domain.proved", at=at, domain=found.domain)


def _fail(found: Verification, failure: str, *, answered: bool, at: datetime) -> None:
    lost = found.verified_at is not None
    found.verified_at, found.failure = None, failure
    found.checked_at = at if answered else found.checked_at
    found.save(update_fields=["verified_at", "checked_at", "failure"])
    page = queries.page(page_id=found.page_id)
    if lost and page is not None:
        note_of_house(found.page_id, "domain.lost", at=at, domain=found.domain)
        tell = queries.members_who_may(page_id=found.page_id, permission=Permission.CONNECT)
        told = DomainLost(
            page_id=found.page_id, handle=page.handle, verification_id=found.pk, tell=tuple(tell), at=at
        )
        emit(told)
