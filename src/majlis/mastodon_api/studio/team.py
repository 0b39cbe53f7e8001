"""Pages one works for, their teams and books."""

from __future__ import annotations

from typing import Any

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam, teams_of
from majlis.brands.roles import Permission, Role
from majlis.brands.views import DeedView, Member
from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.mastodon_api.studio.doors import team
from majlis.people import access as people_access
from majlis.people import queries as people


@endpoint("studio:read")
def index(call: Call) -> Any:
    """The pages that the viewer works for."""
    found = teams_of(member=call.me)
    return [
        {"id": str(each.page_id), "acct": each.handle, "display_name": each.name, "role": each.role.value}
        for each in found
    ]


@team(Permission.READ)
def show(call: Call, team: OnTeam) -> Any:
    """A page and what the viewer may do for it."""
    return {
        "id": str(team.page_id),
        "acct": team.handle,
        "display_name": team.name,
        "role": team.role.value,
        "permissions": [each.value for each in Permission if team.may(each)],
        "time_zone": team.time_zone,
        "approval_needed": team.approval_needed,
    }


@team(Permission.READ)
def members(call: Call, team: OnTeam) -> Any:
    """Who is on the team."""
    found = queries.team(team)
    accounts = {profile.id: profile for profile in people.profiles([m.member_id for m in found]).values()}
    return [_member(each, accounts) for each in found if each.member_id in accounts]


def _member(member: Member, accounts: dict[int, Any]) -> dict[str, Any]:
    return {
        "account": profiles.one(accounts[member.member_id]),
        "role": member.role.value,
        "created_at": moment(member.made_at),
    }


@team(Permission.TEAM, writes=True, whole_team=True)
def invite(call: Call, team: OnTeam) -> Any:
    """Ask an account into the team."""
    whom = people_access.see_profile(profile_id=call.params.id("account_id") or 0, viewer_id=call.me)
    made = actions.invite(team, whom=whom, role=_role(call), at=call.at)
    return {"id": str(made)}


def _role(call: Call) -> Role:
    return Role(call.params.choice("role", [role.value for role in Role], Role.SUPPORT.value))


@team(Permission.TEAM, writes=True, whole_team=True)
def change(call: Call, team: OnTeam, account_id: int) -> Any:
    """Another role."""
    actions.change_role(team, member=account_id, role=_role(call), at=call.at)
    return {}


@team(Permission.TEAM, writes=True, whole_team=True)
def end(call: Call, team: OnTeam, account_id: int) -> Any:
    """Take an account off the team."""
    actions.end_role(team, member=account_id, at=call.at)
    return {}


@team(Permission.READ)
def deeds(call: Call, team: OnTeam) -> Any:
    """Who did what, the newest first."""
    found = queries.deeds(team, page=call.page(default=40, most=80))
    return call.listed(found, [_deed(each) for each in found.items])


def _deed(deed: DeedView) -> dict[str, Any]:
    return {
        "id": str(deed.id),
        "account_id": str(deed.by) if deed.by else None,
        "role": deed.role or None,
        "action": deed.action,
        "subject_id": str(deed.subject_id) if deed.subject_id else None,
        "details": deed.details,
        "created_at": moment(deed.made_at),
    }


urls = [
    route("api/v1/studio", GET=index),
    route("api/v1/studio/<page_id>", GET=show),
    route("api/v1/studio/<page_id>/team", GET=members, POST=invite),
    route("api/v1/studio/<page_id>/team/<account_id>", PUT=change, DELETE=end),
    route("api/v1/studio/<page_id>/deeds", GET=deeds),
]
