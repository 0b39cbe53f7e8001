"""Pages one works for, their teams, invitations and books."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands import access, actions, queries
from majlis.brands.access import OnTeam, teams_of
from majlis.brands.roles import Permission, Role
from majlis.brands.views import DeedView, InvitationView
from majlis.core import addresses
from majlis.core.errors import BadInput
from majlis.mastodon_api import profiles
from majlis.mastodon_api.described import NOTHING, AccountJson, Id, Key, Moment, own
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.people import access as people_access
from majlis.people import queries as people


class TeamPage(msgspec.Struct, frozen=True):
    """A page that one works for."""

    id: Key
    acct: str
    display_name: str
    role: Role


class StudioPage(msgspec.Struct, frozen=True):
    """A page, and what one may do for it."""

    id: Key
    acct: str
    display_name: str
    role: Role
    permissions: list[Permission]
    time_zone: str
    approval_needed: bool


class TeamMember(msgspec.Struct, frozen=True):
    """Somebody on a team."""

    account: AccountJson
    role: Role
    created_at: Moment


class Invitation(msgspec.Struct, frozen=True):
    """A role that waits for somebody's yes; ``account_id`` null: for whoever has the link."""

    id: Key
    page_id: Key
    acct: str
    display_name: str
    role: Role
    account_id: Key | None
    created_at: Moment
    expires_at: Moment


class Deed(msgspec.Struct, frozen=True):
    """A line of a team's book. ``account_id`` null: nobody of the team did it."""

    id: Key
    account_id: Key | None
    role: Role | None
    action: str
    subject_id: Key | None
    details: dict[str, Any]
    created_at: Moment


class Made(msgspec.Struct, frozen=True):
    """What was made."""

    id: Key


class MadeLink(msgspec.Struct, frozen=True):
    """A link that is shown this once."""

    url: str


class Invite(msgspec.Struct, frozen=True):
    """Whom to ask: by id or by name."""

    role: Role
    account_id: Id | None = None
    acct: str = ""


class NewRole(msgspec.Struct, frozen=True):
    """A role."""

    role: Role


class HandOver(msgspec.Struct, frozen=True):
    """To which owner."""

    account_id: Id


@own("studio:read", says=_("Pages you work for"), gives=list[TeamPage])
def index(call: Call) -> list[TeamPage]:
    return [
        TeamPage(str(each.page_id), each.handle, each.name, each.role) for each in teams_of(member=call.me)
    ]


@team(Permission.READ, says=_("A page, and what you may do for it"), gives=StudioPage)
def show(call: Call, team: OnTeam) -> StudioPage:
    may = [each for each in Permission if team.may(each)]
    return StudioPage(
        str(team.page_id), team.handle, team.name, team.role, may, team.time_zone, team.approval_needed
    )


@team(Permission.READ, says=_("Who is on the team"), gives=list[TeamMember])
def members(call: Call, team: OnTeam) -> list[TeamMember]:
    found = queries.team(team)
    accounts = people.profiles([each.member_id for each in found])
    return [
        TeamMember(profiles.one(accounts[each.member_id]), each.role, moment(each.made_at))
        for each in found
        if each.member_id in accounts
    ]


@team(
    Permission.TEAM,
    writes=True,
    whole_team=True,
    says=_("Ask somebody into the team"),
    takes=Invite,
    gives=Made,
    once=True,
)
def invite(call: Call, team: OnTeam, sent: Invite) -> Made:
    if sent.account_id is None and not sent.acct:
        raise BadInput(_("Say whom to ask."), field="account_id")
    whom = (
        people_access.see_acct(acct=sent.acct.strip(), viewer_id=call.me)
        if sent.account_id is None
        else people_access.see_profile(profile_id=int(sent.account_id), viewer_id=call.me)
    )
    return Made(str(actions.invite(team, whom=whom, role=sent.role, at=call.at)))


@team(
    Permission.TEAM,
    writes=True,
    whole_team=True,
    says=_("A link into the team, shown this once"),
    takes=NewRole,
    gives=MadeLink,
    once=True,
)
def link(call: Call, team: OnTeam, sent: NewRole) -> MadeLink:
    secret = actions.invite_by_link(team, role=sent.role, at=call.at)
    return MadeLink(addresses.absolute(f"/team-invitations/link/{secret}"))


@team(Permission.TEAM, says=_("Who was asked and has not answered"), gives=list[Invitation])
def waiting(call: Call, team: OnTeam) -> list[Invitation]:
    return [_invitation(each) for each in queries.invitations(team, at=call.at)]


def _invitation(each: InvitationView) -> Invitation:
    return Invitation(
        id=str(each.id),
        page_id=str(each.page_id),
        acct=each.page_handle,
        display_name=each.page_name,
        role=each.role,
        account_id=str(each.invited) if each.invited else None,
        created_at=moment(each.made_at),
        expires_at=moment(each.expires_at),
    )


@team(Permission.TEAM, writes=True, whole_team=True, says=_("Ask no longer"))
def withdraw(call: Call, team: OnTeam, invitation_id: int) -> object:
    actions.withdraw_invitation(team, invitation_id=invitation_id, at=call.at)
    return NOTHING


@own("studio:read", says=_("Teams you are asked into"), gives=list[Invitation])
def invitations(call: Call) -> list[Invitation]:
    return [_invitation(each) for each in queries.invitations_for(member=call.me, at=call.at)]


@own("studio:write", writes=True, says=_("Join the team"))
def accept(call: Call, invitation_id: int) -> object:
    found = access.own_invitation(invitation_id=invitation_id, by=call.me, at=call.at)
    profile = people.profile(call.me)
    actions.accept_invitation(found, by=call.me, kind=profile.kind if profile else "", at=call.at)
    return NOTHING


@own("studio:write", writes=True, says=_("Say no to a team"))
def refuse(call: Call, invitation_id: int) -> object:
    found = access.own_invitation(invitation_id=invitation_id, by=call.me, at=call.at)
    actions.refuse_invitation(found, by=call.me, at=call.at)
    return NOTHING


@team(Permission.TEAM, writes=True, whole_team=True, says=_("Another role for somebody"), takes=NewRole)
def change(call: Call, team: OnTeam, sent: NewRole, account_id: int) -> object:
    actions.change_role(team, member=account_id, role=sent.role, at=call.at)
    return NOTHING


@team(Permission.TEAM, writes=True, whole_team=True, says=_("Take somebody off the team"))
def end(call: Call, team: OnTeam, account_id: int) -> object:
    actions.end_role(team, member=account_id, at=call.at)
    return NOTHING


@team(Permission.READ, writes=True, whole_team=True, says=_("Leave the team"))
def leave(call: Call, team: OnTeam) -> object:
    actions.leave(team, at=call.at)
    return NOTHING


@team(
    Permission.TEAM,
    writes=True,
    whole_team=True,
    says=_("Let the page belong to another owner's login"),
    takes=HandOver,
)
def hand_over(call: Call, team: OnTeam, sent: HandOver) -> object:
    actions.hand_over(team, to=int(sent.account_id), at=call.at)
    return NOTHING


@team(Permission.READ, says=_("Who did what, the newest first"), gives=list[Deed], paged=True)
def deeds(call: Call, team: OnTeam) -> Answer:
    found = queries.deeds(team, page=call.page(default=40, most=80))
    return call.listed(found, [_deed(each) for each in found.items])


def _deed(deed: DeedView) -> Deed:
    return Deed(
        id=str(deed.id),
        account_id=str(deed.by) if deed.by else None,
        role=Role(deed.role) if deed.role else None,
        action=deed.action,
        subject_id=str(deed.subject_id) if deed.subject_id else None,
        details=deed.details,
        created_at=moment(deed.made_at),
    )


urls = [
    route("api/v1/studio", GET=index),
    route("api/v1/studio/invitations", GET=invitations),
    route("api/v1/studio/invitations/<invitation_id>/accept", POST=accept),
    route("api/v1/studio/invitations/<invitation_id>/refuse", POST=refuse),
    route("api/v1/studio/<page_id>", GET=show),
    route("api/v1/studio/<page_id>/team", GET=members, POST=invite),
    route("api/v1/studio/<page_id>/team/link", POST=link),
    route("api/v1/studio/<page_id>/team/leave", POST=leave),
    route("api/v1/studio/<page_id>/team/hand_over", POST=hand_over),
    route("api/v1/studio/<page_id>/team/<account_id>", PUT=change, DELETE=end),
    route("api/v1/studio/<page_id>/invitations", GET=waiting),
    route("api/v1/studio/<page_id>/invitations/<invitation_id>", DELETE=withdraw),
    route("api/v1/studio/<page_id>/deeds", GET=deeds),
]
