"""Who is on a page's team: inviting, answering, changing and ending roles, handing the page over.

Invariant: a page that has a team has an owner in it. Whoever changes roles holds the lock of the whole team
(``whole_team`` of the door, or :func:`_lock`), taken before any role is held.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.brands import signals
from majlis.brands.access import SQL, OnTeam, team_door
from majlis.brands.deeds import note
from majlis.brands.events import InvitationEnded, InvitedToTeam
from majlis.brands.models import Invitation, TeamMember
from majlis.brands.roles import Permission, Role, allows
from majlis.brands.views import InvitationView
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.people import actions as people
from majlis.people.access import SeenProfile

MOST_ON_A_TEAM: Final = 50
ANSWER_WITHIN: Final = timedelta(days=14)
LINK_LASTS: Final = timedelta(days=7)


def invite(team: OnTeam, *, whom: SeenProfile, role: Role, at: datetime) -> int:
    """Ask a member into the team, who is told; the invitation's id. Asked again, the newer role stands.

    Raises:
        BadInput: not a person of this server; the team is full.
        Conflict: on the team already.
        NotAllowed: her role does not change the team.
        TooMany: too many were asked today.
    """
    team.require(Permission.TEAM)
    limits.take("team", f"page {team.page_id}")
    if not whom.local or whom.kind != "person" or whom.id == team.page_id:
        raise BadInput(_("Only people of this server can be on a team."), field="acct")
    with transaction.atomic():
        _lock(team.page_id)
        if TeamMember.objects.filter(page_id=team.page_id, member_id=whom.id).exists():
            raise Conflict(_("This person is on the team already."), field="acct")
        _require_room(team.page_id, at)
        _end_open(team.page_id, invited_id=whom.id, at=at)
        made = Invitation.objects.create(
            page_id=team.page_id,
            role=role.value,
            invited_id=whom.id,
            made_by_id=team.by,
            made_at=at,
            expires_at=at + ANSWER_WITHIN,
        )
        note(team, "team.invited", at=at, subject=whom.id, to=role.value)
        told = InvitedToTeam(page_id=team.page_id, invitation_id=made.pk, invited=whom.id, at=at)
        emit(told)
        signals.changed(team.page_id, "team", at)
    return int(made.pk)


def invite_by_link(team: OnTeam, *, role: Role, at: datetime) -> str:
    """An invitation for whoever opens it first within seven days; the secret of its link, told only now.

    Raises:
        BadInput: owners are asked by name; the team is full.
        NotAllowed: her role does not change the team.
        TooMany: too many were asked today.
    """
    team.require(Permission.TEAM)
    limits.take("team", f"page {team.page_id}")
    if role is Role.OWNER:
        raise BadInput(_("An owner is asked by name: a link can fall into other hands."), field="role")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        _lock(team.page_id)
        _require_room(team.page_id, at)
        Invitation.objects.create(
            page_id=team.page_id,
            role=role.value,
            secret_hash=hashed(secret),
            made_by_id=team.by,
            made_at=at,
            expires_at=at + LINK_LASTS,
        )
        note(team, "team.link_made", at=at, to=role.value)
        signals.changed(team.page_id, "team", at)
    return secret


def hashed(secret: str) -> str:
    """How a link's secret is kept."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _lock(page_id: int) -> None:
    sql.rows(SQL["lock_team"], page=page_id)


def _require_room(page_id: int, at: datetime) -> None:
    there = TeamMember.objects.filter(page_id=page_id).count()
    asked = Invitation.objects.filter(page_id=page_id, answered_at=None, expires_at__gt=at).count()
    if there + asked >= MOST_ON_A_TEAM:
        raise BadInput(_("The team is full."), code="limit")


def _end_open(page_id: int, *, at: datetime, **which: int) -> None:
    """Invitations that wait, or that ran out unanswered, are answered no: ``invited_id`` is asked anew, or
    ``made_by_id`` asks nobody any more."""
    rows = Invitation.objects.filter(page_id=page_id, answered_at=None, **which)
    for before in rows:
        rows.filter(pk=before.pk).update(answered_at=at, accepted=False)
        emit(InvitationEnded(page_id=page_id, invitation_id=before.pk, at=at))


@transaction.atomic
def withdraw_invitation(team: OnTeam, *, invitation_id: int, at: datetime) -> None:
    """Ask no longer.

    Raises:
        NotThere: nothing of that id waits for an answer.
        NotAllowed: her role does not change the team.
    """
    team.require(Permission.TEAM)
    waiting = Invitation.objects.filter(pk=invitation_id, page_id=team.page_id, answered_at=None)
    if not waiting.update(answered_at=at, accepted=False):
        raise _no_invitation()
    note(team, "team.invitation_withdrawn", at=at, subject=invitation_id)
    emit(InvitationEnded(page_id=team.page_id, invitation_id=invitation_id, at=at))
    signals.changed(team.page_id, "team", at)


def _no_invitation() -> NotThere:
    return NotThere(_("This invitation is not there any more."))


@transaction.atomic
def accept_invitation(invitation: InvitationView, *, by: int, kind: str, at: datetime) -> None:
    """Join the team. ``by`` has come by an invitation of hers or by a link; ``kind`` is her profile's.

    Raises:
        NotThere: it was answered meanwhile, has ended, or is another's.
        BadInput: her profile is no person's; the team is full.
        Conflict: she is on the team already.
    """
    if invitation.invited is not None and invitation.invited != by:
        raise _no_invitation()
    if kind != "person" or by == invitation.page_id:
        raise BadInput(_("Only people can be on a team. Switch to your own profile first."))
    _lock(invitation.page_id)
    _answer(invitation, accepted=True, at=at)
    if TeamMember.objects.filter(page_id=invitation.page_id).count() >= MOST_ON_A_TEAM:
        raise BadInput(_("The team is full."), code="limit")
    try:
        with transaction.atomic():
            TeamMember.objects.create(
                page_id=invitation.page_id,
                member_id=by,
                role=invitation.role.value,
                made_by_id=invitation.made_by,
                made_at=at,
            )
    except IntegrityError:
        raise Conflict(_("You are on this team already.")) from None
    sql.execute(SQL["add_page_as_owner"], id=new_id(), page=invitation.page_id, by=by, at=at)
    team = team_door(page_id=invitation.page_id, by=by, needs=Permission.READ)
    note(team, "team.joined", at=at, subject=by, to=invitation.role.value)
    signals.role_changed(invitation.page_id, by, at)


@transaction.atomic
def refuse_invitation(invitation: InvitationView, *, by: int, at: datetime) -> None:
    """Say no. Whoever came by a link has nothing to refuse.

    Raises:
        NotThere: it was answered meanwhile, has ended, or is another's.
    """
    if invitation.invited != by:
        raise _no_invitation()
    _answer(invitation, accepted=False, at=at)
    signals.changed(invitation.page_id, "team", at)


def _answer(invitation: InvitationView, *, accepted: bool, at: datetime) -> None:
    waiting = Invitation.objects.filter(pk=invitation.id, answered_at=None, expires_at__gt=at)
    if not waiting.update(answered_at=at, accepted=accepted):
        raise _no_invitation()
    emit(InvitationEnded(page_id=invitation.page_id, invitation_id=invitation.id, at=at))


@transaction.atomic
def change_role(team: OnTeam, *, member: int, role: Role, at: datetime) -> None:
    """Give somebody of the team another role, at once. Whom an owner asked is asked no more when she is none.

    Raises:
        NotThere: nobody of that id is on the team.
        Conflict: the last owner stays owner.
        NotAllowed: her role does not change the team.
    """
    team.require(Permission.TEAM)
    _lock(team.page_id)
    found = _member(team, member)
    if found.role == role.value:
        return
    if found.role == Role.OWNER.value:
        _require_another_owner(team, member)
    before, found.role = found.role, role.value
    found.save(update_fields=["role"])
    _asks_no_more(team.page_id, member, role, at)
    note(team, "team.role_changed", at=at, subject=member, before=before, to=role.value)
    signals.role_changed(team.page_id, member, at)


@transaction.atomic
def end_role(team: OnTeam, *, member: int, at: datetime) -> None:
    """Take somebody off the team, at once: her open screens of the page close within a second, and whom she
    asked into the team is asked no more.

    Raises:
        NotThere: nobody of that id is on the team.
        Conflict: the last owner stays.
        NotAllowed: her role does not change the team.
    """
    team.require(Permission.TEAM)
    _remove(team, member, "team.ended", at)


@transaction.atomic
def leave(team: OnTeam, *, at: datetime) -> None:
    """Leave the team.

    Raises:
        NotThere: the page itself is not on its team.
        Conflict: the last owner stays.
    """
    _remove(team, team.by, "team.left", at)


def _remove(team: OnTeam, member: int, action: str, at: datetime) -> None:
    _lock(team.page_id)
    found = _member(team, member)
    if found.role == Role.OWNER.value:
        _require_another_owner(team, member)
    found.delete()
    _asks_no_more(team.page_id, member, None, at)
    note(team, action, at=at, subject=member, before=found.role)
    signals.role_changed(team.page_id, member, at)


def _asks_no_more(page_id: int, member: int, role: Role | None, at: datetime) -> None:
    """Whom she asked is asked no more once her role does not ask: nobody comes back by an invitation she kept."""
    if role is None or not allows(role, Permission.TEAM):
        _end_open(page_id, made_by_id=member, at=at)


def _member(team: OnTeam, member: int) -> TeamMember:
    # the page itself is its owner for as long as somebody can sign in as it
    rows = TeamMember.objects.select_for_update().exclude(member_id=team.page_id)
    found = rows.filter(page_id=team.page_id, member_id=member).first()
    if found is None:
        raise NotThere(_("Nobody like that is on this team."))
    return found


def _require_another_owner(team: OnTeam, member: int) -> None:
    row = sql.one(SQL["other_owners"], page=team.page_id, member=member)
    if not row or not row[0]:
        raise Conflict(_("The last owner stays: make somebody else an owner first."), code="last_owner")


@transaction.atomic
def hand_over(team: OnTeam, *, to: int, at: datetime) -> None:
    """Let the page belong to the login of another owner. Only the login it belongs to can do that; apps and
    screens that are signed in as the page are signed out.

    Raises:
        NotThere: nobody of that id is on the team.
        Conflict: the other is no owner; or her login has as many profiles as there can be.
        NotAllowed: the page does not belong to her login.
    """
    team.require(Permission.TEAM)
    _lock(team.page_id)
    found = _member(team, to)
    if found.role != Role.OWNER.value:
        raise Conflict(_("Make this person an owner first."), code="no_owner")
    people.hand_over(profile_id=team.page_id, by=team.by, to=to, at=at)
    _end_open(team.page_id, made_by_id=team.page_id, at=at)  # asked by whoever signed in as the page
    note(team, "page.handed_over", at=at, subject=to)
    signals.role_changed(team.page_id, to, at)
