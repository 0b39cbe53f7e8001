"""``/studio/<handle>/team``: who is on the team and in which role, who was asked, and the team's book."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.people import access as people_access
from majlis.web import paging
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import deed_words
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES, frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.people import faces_of

#: What each role may do, for whoever gives it and whoever takes it.
MEANINGS: Final[dict[Role, str | Promise]] = {
    Role.OWNER: gettext_lazy("May do everything, and says who is on the team."),
    Role.EDITOR: gettext_lazy(
        "Writes, approves and publishes, answers, describes the page, sees the numbers."
    ),
    Role.SUPPORT: gettext_lazy("Answers reviews and comments in the page's name."),
    Role.ANALYST: gettext_lazy("Sees the numbers and takes them along; changes nothing."),
    Role.ADVERTISER: gettext_lazy("Makes links and promotes posts with the page's money; sees the numbers."),
}


def role_choices(chosen: str = "", *, without: tuple[Role, ...] = ()) -> list[dict[str, Any]]:
    """The roles for a form."""
    return [
        {"value": role.value, "label": ROLES[role], "text": MEANINGS[role], "chosen": role.value == chosen}
        for role in Role
        if role not in without
    ]


def asked_role(request: HttpRequest) -> Role:
    """The role that a form names.

    Raises:
        BadInput: there is none of that name.
    """
    typed = request.POST.get("role", "")
    if typed not in set(Role):
        raise BadInput(_("Choose a role."), field="role")
    return Role(typed)


@team(Permission.READ, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Who is on the team."""
    return _page(request, team)


def _page(request: HttpRequest, team: OnTeam, *, status: int = 200, **more: Any) -> HttpResponse:
    may_change = team.may(Permission.TEAM)
    members = queries.team(team)
    waiting = queries.invitations(team, at=now()) if may_change else []
    seen = [id_ for each in members for id_ in (each.member_id, each.made_by)]
    seen += [id_ for each in waiting for id_ in (each.invited, each.made_by)]
    who = faces_of(seen)
    context = frame(
        team,
        "team",
        _("Team"),
        members=[
            {
                "member": each,
                "person": who.get(each.member_id),
                "role": ROLES[each.role],
                "meaning": MEANINGS[each.role],
                "made_by": who.get(each.made_by or 0),
                "is_me": each.member_id == team.by,
                "roles": role_choices(each.role.value),
            }
            for each in members
        ],
        waiting=[
            {"invitation": each, "person": who.get(each.invited or 0), "role": ROLES[each.role]}
            for each in waiting
        ],
        may_change=may_change,
        may_leave=team.by != team.page_id,
        others=[
            who[each.member_id] for each in members if _may_take_over(team, each) and each.member_id in who
        ],
        roles=role_choices("editor"),
        link_roles=role_choices("editor", without=(Role.OWNER,)),
        **more,
    )
    return render(request, "web/studio/team.html", context, status=status)


def _may_take_over(team: OnTeam, member: Any) -> bool:
    return member.role is Role.OWNER and not member.is_page and member.member_id != team.by


@team(Permission.TEAM, "POST", whole_team=True)
def invite(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Ask a member by her handle."""
    typed = request.POST.get("acct", "")
    try:
        whom = people_access.see_acct(acct=typed.strip(), viewer_id=team.by)
        actions.invite(team, whom=whom, role=asked_role(request), at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error), typed=typed)
    messages.success(request, _("Asked. Whoever it is for finds it among the notifications."))
    return goto(request, studio_path(team.handle, "team"))


@team(Permission.TEAM, "POST", whole_team=True)
def link(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """A link for whoever opens it first. It is shown once."""
    try:
        secret = actions.invite_by_link(team, role=asked_role(request), at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error))
    response = _page(request, team, link=addresses.absolute(f"/team-invitations/link/{secret}"))
    response["Cache-Control"] = "private, no-store"
    return response


@team(Permission.TEAM, "POST", whole_team=True)
def withdraw(request: HttpRequest, team: OnTeam, invitation_id: int) -> HttpResponse:
    """Ask no longer."""
    actions.withdraw_invitation(team, invitation_id=invitation_id, at=now())
    return goto(request, studio_path(team.handle, "team"))


@team(Permission.TEAM, "POST", whole_team=True)
def change(request: HttpRequest, team: OnTeam, member_id: int) -> HttpResponse:
    """Give somebody another role."""
    try:
        actions.change_role(team, member=member_id, role=asked_role(request), at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error))
    return goto(request, _home_of(team, member_id))


@team(Permission.TEAM, "POST", whole_team=True)
def end(request: HttpRequest, team: OnTeam, member_id: int) -> HttpResponse:
    """Take somebody off the team."""
    try:
        actions.end_role(team, member=member_id, at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error))
    return goto(request, _home_of(team, member_id))


def _home_of(team: OnTeam, member_id: int) -> str:
    """Where to go on: an owner who took herself off, or made herself less, may not see the team any more."""
    return "/studio" if member_id == team.by else studio_path(team.handle, "team")


@team(Permission.READ, "POST", whole_team=True)
def leave(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Leave the team."""
    try:
        actions.leave(team, at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error))
    messages.success(request, _("You have left the team of %(name)s.") % {"name": team.name})
    return goto(request, "/studio")


@team(Permission.TEAM, "POST", whole_team=True)
def hand_over(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Let the page belong to another owner's login."""
    try:
        if "sure" not in request.POST:
            raise BadInput(_("Please confirm that you want this."), field="sure")
        actions.hand_over(team, to=number(request.POST.get("to")) or 0, at=now())
    except Refused as error:
        return _page(request, team, status=error.status, error=sentence_of(error))
    messages.success(request, _("The page belongs to another login now."))
    return goto(request, "/studio")


@team(Permission.READ, "GET")
def book(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Who did what, when."""
    page = paging.asked(request, default=40)
    found = queries.deeds(team, page=page)
    subjects = [each.subject_id for each in found.items if each.action.startswith("team.")]
    who = faces_of([*(each.by for each in found.items), *subjects])
    context = frame(
        team,
        "team",
        _("The team's book"),
        lines=[
            {
                "deed": each,
                "by": who.get(each.by or 0),
                "about": who.get(each.subject_id or 0) if each.action.startswith("team.") else None,
                "words": deed_words.words_of(each.action, each.details),
                "role": ROLES[Role(each.role)] if each.role in set(Role) else "",
                "to": ROLES[Role(str(each.details["to"]))] if each.details.get("to") in set(Role) else "",
            }
            for each in found.items
        ],
        back_url=studio_path(team.handle, "team"),
        **paging.slice_context(request, found, page),
    )
    return render(request, "web/studio/book.html", context)


urls: list[URLPattern] = [
    path("studio/<str:handle>/team", index),
    path("studio/<str:handle>/team/book", book),
    path("studio/<str:handle>/team/invite", invite),
    path("studio/<str:handle>/team/link", link),
    path("studio/<str:handle>/team/leave", leave),
    path("studio/<str:handle>/team/hand-over", hand_over),
    path("studio/<str:handle>/team/invitations/<id:invitation_id>/withdraw", withdraw),
    path("studio/<str:handle>/team/<id:member_id>/role", change),
    path("studio/<str:handle>/team/<id:member_id>/end", end),
]
