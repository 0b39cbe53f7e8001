"""Those who ask to join, and invitations."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from majlis.accounts import actions as accounts
from majlis.accounts import invitations
from majlis.accounts import queries as logins
from majlis.backoffice.doors import Done, Shown, act, number, operator, page
from majlis.backoffice.faces import faces
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.people import queries as people

_HERE = "/backoffice/joining"


@page
def index(request: HttpRequest) -> Shown:
    """Who waits, the longest first, and the invitations this operator gave."""
    waiting = logins.awaiting_approval()
    profiles = {login.id: people.all_ids_of_login(user_id=login.id) for login in waiting[:50]}
    who = faces(id_ for ids in profiles.values() for id_ in ids)
    lines = [
        {"login": login, "people": [who[id_] for id_ in profiles[login.id] if id_ in who]}
        for login in waiting[:50]
    ]
    context = {
        "lines": lines,
        "invitations": invitations.given(by=operator(request)),
        "registrations": settings.MAJLIS.registrations,
        "join_url": f"{settings.MAJLIS.base_url}/accounts/signup/",
    }
    return Shown("joining", _("Joining"), context)


@act("join.approve")
def approve(request: HttpRequest, user_id: int) -> Done:
    """Let somebody in."""
    accounts.approve(user_id, by=operator(request), at=now())
    return Done(_("Let in. A letter says so."), _HERE, f"login:{user_id}")


@act("join.refuse", danger=True)
def refuse(request: HttpRequest, user_id: int) -> Done:
    """Turn somebody away; what she entered is deleted."""
    accounts.refuse(user_id, by=operator(request), at=now())
    return Done(
        _("Turned away. A letter says so, and what was entered is deleted."), _HERE, f"login:{user_id}"
    )


@act("invitation.make")
def invite(request: HttpRequest) -> Done:
    """A new code."""
    uses, days = number(request.POST.get("uses")), number(request.POST.get("days"))
    if uses is None or not days or days > 365:
        raise BadInput(_("An invitation is for one to a hundred people and one to 365 days."))
    accounts.make_invitation(by=operator(request), at=now(), uses=uses, lifetime=timedelta(days=days))
    return Done(_("The invitation is below."), _HERE, "invitation:", {"uses": uses, "days": days})


@act("invitation.withdraw")
def withdraw(request: HttpRequest, invitation_id: int) -> Done:
    """Make a code worthless."""
    invitations.withdraw(invitation_id=invitation_id, by=operator(request), at=now())
    return Done(_("The invitation is worth nothing now."), _HERE, f"invitation:{invitation_id}")
