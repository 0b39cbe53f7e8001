"""The team door. Whoever holds an :class:`OnTeam` is on the page's team in a role that may do what was asked.

Invariant: nothing in studio, insights or care about a page is read or changed without one. Somebody who is
not on the team gets the answer for a page that is not there; only who is on it hears what her role lacks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.roles import Permission, Role, allows
from majlis.brands.views import InvitationView, ReviewView
from majlis.core import sql
from majlis.core.errors import NotAllowed, NotThere
from majlis.people import access as people

_REVIEW: Final = """§.id, §.page_id, §.author_id, §.stars, §.recommends, §.text, §.html, §.language, §.reply,
    §.reply_html, §.replied_by_id, §.replied_at, §.made_at, §.edited_at, §.withdrawn_at IS NOT NULL"""
# p is the profile of the page
_INVITATION: Final = """§.id, §.page_id, p.handle, coalesce(nullif(p.display_name, ''), p.handle), §.role,
    §.invited_id, §.made_by_id, §.made_at, §.expires_at"""
# a is the profile of the author: whose login works for the page by now, speaks for it (see why_no_review)
_OF_STRANGER: Final = """NOT EXISTS (
    SELECT FROM people_profile o WHERE o.user_id = a.user_id AND (o.id = §.page_id OR EXISTS (
        SELECT FROM brands_teammember t WHERE t.page_id = §.page_id AND t.member_id = o.id)))"""
SQL: Final = sql.load("majlis.brands", review=_REVIEW, invitation=_INVITATION, of_stranger=_OF_STRANGER)


class OnTeam(msgspec.Struct, frozen=True):
    """The profile ``by`` acting for the page ``page_id`` in ``role``. Made by :func:`team_door` alone."""

    page_id: int
    by: int
    role: Role
    handle: str
    name: str
    time_zone: str
    approval_needed: bool

    def may(self, permission: Permission) -> bool:
        """Whether her role has it, for what is offered on a page; actions ask with :meth:`require`."""
        return allows(self.role, permission)

    def require(self, permission: Permission) -> None:
        """Go on only when her role has it.

        Raises:
            NotAllowed: it does not.
        """
        if not self.may(permission):
            raise NotAllowed(
                _("Your role in this team does not include that."),
                code="role",
                cause=f"{self.role} {permission}",
            )


def team_door(
    *, page_id: int, by: int, needs: Permission, lock: bool = False, whole_team: bool = False
) -> OnTeam:
    """The door to everything of a page that is its team's.

    ``by`` is the profile that asks: a member of the team, or the page itself (its login's owner has switched
    to it). With ``lock`` the role cannot end before this transaction does; with ``whole_team`` nobody else's
    can change either (for those who change roles, so that two of them wait for one another and never cross).

    Raises:
        NotThere: there is no such page, or she is not on its team.
        NotAllowed: her role does not have the permission.
    """
    if whole_team:
        sql.rows(SQL["lock_team"], page=page_id)
    row = sql.one(SQL["team_door_locked" if lock or whole_team else "team_door"], page=page_id, by=by)
    if row is None:
        raise NotThere(_("There is no such page."), cause=f"page {page_id} for {by}")
    found = OnTeam(page_id, by, Role(row[0]), *row[1:])
    found.require(needs)
    return found


def team_door_at(
    *, handle: str, by: int, needs: Permission, lock: bool = False, whole_team: bool = False
) -> OnTeam:
    """:func:`team_door` for the page with this handle, as addresses name it.

    Raises:
        NotThere: there is no such page, or she is not on its team.
        NotAllowed: her role does not have the permission.
    """
    page = sql.one(SQL["page_of_handle"], handle=handle)
    return team_door(page_id=page[0] if page else 0, by=by, needs=needs, lock=lock, whole_team=whole_team)


def see_review(*, review_id: int, viewer: int | None) -> ReviewView:
    """A review that stands on its page.

    Raises:
        NotThere: there is none; it was taken down; its page or its author is.
    """
    row = sql.one(SQL["review"], review=review_id)
    found = ReviewView(*row) if row else None
    if found is None or found.withdrawn:
        raise NotThere(_("There is no such review."))
    people.see_profiles(profile_ids=[found.page_id, found.author_id], viewer_id=viewer)
    return found


def own_invitation(*, invitation_id: int, by: int, at: datetime) -> InvitationView:
    """An invitation of the profile ``by`` that waits for her answer.

    Raises:
        NotThere: there is none, it was answered or has ended, or it is another's.
    """
    return _invitation(sql.one(SQL["invitation"], invitation=invitation_id, member=by, at=at))


def invitation_by_link(*, secret_hash: str, at: datetime) -> InvitationView:
    """The invitation whose link somebody has, by the hash of its secret.

    Raises:
        NotThere: there is none, it was used, or it has ended.
    """
    return _invitation(sql.one(SQL["invitation_of_link"], hash=secret_hash, at=at))


def _invitation(row: sql.Row | None) -> InvitationView:
    if row is None:
        raise NotThere(_("This invitation is not there any more."))
    return InvitationView(*(*row[:4], Role(row[4]), *row[5:]))


class TeamOf(msgspec.Struct, frozen=True):
    """A page somebody works for, for menus."""

    page_id: int
    role: Role
    handle: str
    name: str
    avatar_key: str


def teams_of(*, member: int) -> list[TeamOf]:
    """The pages whose team the member is on, by name. One query."""
    return [TeamOf(row[0], Role(row[1]), *row[2:]) for row in sql.rows(SQL["teams_of"], member=member)]


def works_for_pages(*, member: int) -> bool:
    """Whether there is a studio for her, for menus."""
    return sql.one(SQL["works_for_pages"], member=member) is not None
