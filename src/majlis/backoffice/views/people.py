"""Finding somebody; what is known, reported and decided about her; deciding and undoing."""

from __future__ import annotations

from typing import Final, cast

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from majlis.accounts import actions as accounts
from majlis.accounts import queries as logins
from majlis.backoffice import shown, words
from majlis.backoffice.doors import Done, Shown, act, asked_page, older, operator, page
from majlis.backoffice.faces import face, faces
from majlis.core.clock import now
from majlis.core.errors import Conflict
from majlis.people import queries as people
from majlis.safety import access, actions, queries

_STATES: Final = ("", "withdrawn", "limited", "operators")


@page
def index(request: HttpRequest) -> Shown:
    """The newest, or those that were looked for by handle, name or mail address."""
    text, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    state = state if state in _STATES else ""
    found = queries.find_people(text=text, state=cast("queries.PersonState", state), page=asked_page(request))
    who = faces(line.profile_id for line in found.items)
    context = {
        "q": text,
        "state": state,
        "lines": [{"person": who[line.profile_id], "login": line} for line in found.items],
        "older_url": older(request, found.oldest, full=found.full),
    }
    return Shown("people", _("People"), context)


@page
def person(request: HttpRequest, profile_id: int) -> Shown:
    """One profile: its login, its history, and what can be decided."""
    profile = people.profile(profile_id)
    if profile is None:
        raise Http404
    user_id = queries.login_of(profile_id=profile_id)
    login = logins.login(user_id=user_id) if user_id else None
    siblings = people.all_ids_of_login(user_id=user_id) if user_id else []
    context = {
        "profile": profile,
        "person": face(profile),
        "login": login,
        "others": list(faces(id_ for id_ in siblings if id_ != profile_id).values()),
        "may_open": bool(login and login.suspended_at and not queries.standing_of_login(user_id=login.id)),
        "decisions": shown.decisions(queries.seen_decisions(profile_id=profile_id)),
        "about": shown.reports(queries.reports_about(profile_id=profile_id)),
        "by": shown.reports(queries.reports_by(profile_id=profile_id)),
        "kinds": words.choices(with_posts=False, chosen="silence")[1:],
        "book": f"profile:{profile_id}",
    }
    return Shown("person", profile.name, context, back="/backoffice/people")


def _dangerous(request: HttpRequest) -> bool:
    return request.POST.get("kind") in words.DANGEROUS


@act("profile.decide", danger=_dangerous)
def decide(request: HttpRequest, profile_id: int) -> Done:
    """Limit, suspend, or close the login, without a report."""
    kind = request.POST.get("kind", "")
    decision = actions.decide(
        about=profile_id, kind=kind, by=operator(request), text=request.POST.get("text", ""), at=now()
    )
    detail = {"kind": kind, "decision": str(decision)}
    return Done(_("Decided. The profile is told."), _page_of(profile_id), f"profile:{profile_id}", detail)


@act("decision.lift", danger=True)
def lift(request: HttpRequest, decision_id: int) -> Done:
    """Take a decision back."""
    decision = access.decision(decision_id=decision_id).decision
    actions.lift(decision_id=decision_id, by=operator(request), answer=request.POST.get("text", ""), at=now())
    detail = {"kind": decision.kind, "decision": str(decision_id)}
    return Done(
        _("Taken back. The profile is told."),
        _page_of(decision.about),
        f"profile:{decision.about}",
        detail,
    )


@act("login.open", danger=True)
def open_login(request: HttpRequest, profile_id: int) -> Done:
    """Open a login that was closed otherwise than by a decision (from the command line)."""
    user_id = queries.login_of(profile_id=profile_id)
    if user_id is None:
        raise Http404
    if queries.standing_of_login(user_id=user_id):
        raise Conflict(_("A decision keeps this login closed. Take that back instead."))
    accounts.restore(user_id, by=operator(request), at=now())
    return Done(_("The login is open again."), _page_of(profile_id), f"profile:{profile_id}")


def _page_of(profile_id: int) -> str:
    return f"/backoffice/people/{profile_id}"
