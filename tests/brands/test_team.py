"""Teams: asked in, roles that change and end, the last owner, handing over, the book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

import cast as people
from cast import MOMENT, Bakery, Member, later
from majlis.brands import access, actions, queries
from majlis.brands.access import OnTeam, team_door
from majlis.brands.models import Deed, Invitation, TeamMember
from majlis.brands.roles import MAY, Permission, Role
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.notifications.models import Notification
from majlis.people import actions as people_actions
from majlis.people import queries as people_queries

pytestmark = pytest.mark.django_db


def door(bakery: Bakery, who: Member, needs: Permission = Permission.READ) -> OnTeam:
    return team_door(page_id=bakery.page.id, by=who.id, needs=needs, whole_team=True)


def owner(bakery: Bakery) -> OnTeam:
    return door(bakery, bakery.owner, Permission.TEAM)


def join(bakery: Bakery, who: Member, role: Role, *, at: datetime = MOMENT) -> None:
    made = actions.invite(owner(bakery), whom=who.seen, role=role, at=at)
    found = access.own_invitation(invitation_id=made, by=who.id, at=at)
    actions.accept_invitation(found, by=who.id, kind="person", at=at)


def book(bakery: Bakery) -> list[str]:
    found = queries.deeds(door(bakery, bakery.owner), page=Page())
    return [each.action for each in found.items]


def test_somebody_is_asked_told_and_joins() -> None:
    bakery, alice = people.bakery(), people.alice()
    made = actions.invite(owner(bakery), whom=alice.seen, role=Role.EDITOR, at=MOMENT)
    told = Notification.objects.get(recipient_id=alice.id)
    assert (told.kind, told.actor_id, told.cause_id) == ("team_invitation", bakery.page.id, made)
    assert [each.id for each in queries.invitations_for(member=alice.id, at=MOMENT)] == [made]
    found = access.own_invitation(invitation_id=made, by=alice.id, at=later(hours=1))
    actions.accept_invitation(found, by=alice.id, kind="person", at=later(hours=1))
    assert door(bakery, alice).role is Role.EDITOR
    assert not Notification.objects.filter(recipient_id=alice.id).exists()
    assert book(bakery) == ["team.joined", "team.invited"]


def test_an_invitation_is_its_own_persons_and_answered_once() -> None:
    bakery, alice, charlie = people.bakery(), people.alice(), people.charlie()
    made = actions.invite(owner(bakery), whom=alice.seen, role=Role.EDITOR, at=MOMENT)
    with pytest.raises(NotThere):
        access.own_invitation(invitation_id=made, by=charlie.id, at=MOMENT)
    hers = access.own_invitation(invitation_id=made, by=alice.id, at=MOMENT)
    with pytest.raises(NotThere):
        actions.accept_invitation(hers, by=charlie.id, kind="person", at=MOMENT)
    actions.refuse_invitation(hers, by=alice.id, at=MOMENT)
    with pytest.raises(NotThere):
        actions.accept_invitation(hers, by=alice.id, kind="person", at=MOMENT)
    with pytest.raises(NotThere):
        door(bakery, alice)


def test_an_invitation_ends_by_itself() -> None:
    bakery, alice = people.bakery(), people.alice()
    made = actions.invite(owner(bakery), whom=alice.seen, role=Role.EDITOR, at=MOMENT)
    hers = access.own_invitation(invitation_id=made, by=alice.id, at=MOMENT)
    after = later(days=15)
    with pytest.raises(NotThere):
        access.own_invitation(invitation_id=made, by=alice.id, at=after)
    with pytest.raises(NotThere):
        actions.accept_invitation(hers, by=alice.id, kind="person", at=after)
    again = actions.invite(owner(bakery), whom=alice.seen, role=Role.ANALYST, at=after)
    assert access.own_invitation(invitation_id=again, by=alice.id, at=after).role is Role.ANALYST


def test_asked_again_the_newer_role_stands_and_one_is_told() -> None:
    bakery, alice = people.bakery(), people.alice()
    for role in (Role.EDITOR, Role.ANALYST):
        actions.invite(owner(bakery), whom=alice.seen, role=role, at=MOMENT)
    (found,) = queries.invitations_for(member=alice.id, at=MOMENT)
    assert found.role is Role.ANALYST
    assert Notification.objects.filter(recipient_id=alice.id).count() == 1


def test_who_blocks_a_page_is_neither_told_nor_shown_that_it_asks() -> None:
    bakery, alice = people.bakery(), people.alice()
    people_actions.block(by=alice.id, whom=bakery.page.seen, at=MOMENT)
    actions.invite(owner(bakery), whom=alice.seen, role=Role.EDITOR, at=MOMENT)
    assert not Notification.objects.filter(recipient_id=alice.id).exists()
    assert queries.invitations_for(member=alice.id, at=MOMENT) == []


def test_a_link_works_once_for_whoever_has_it_until_it_ends() -> None:
    bakery, alice, charlie = people.bakery(), people.alice(), people.charlie()
    secret = actions.invite_by_link(owner(bakery), role=Role.SUPPORT, at=MOMENT)
    assert secret not in str(Invitation.objects.values())
    found = access.invitation_by_link(secret_hash=actions.hashed(secret), at=MOMENT)
    with pytest.raises(NotThere):
        access.invitation_by_link(secret_hash=actions.hashed(secret), at=later(days=8))
    with pytest.raises(NotThere):
        access.invitation_by_link(secret_hash=actions.hashed(secret + "x"), at=MOMENT)
    actions.accept_invitation(found, by=alice.id, kind="person", at=MOMENT)
    assert door(bakery, alice).role is Role.SUPPORT
    with pytest.raises(NotThere):
        actions.accept_invitation(found, by=charlie.id, kind="person", at=MOMENT)


def test_owners_are_asked_by_name_and_only_people_are() -> None:
    bakery, alice = people.bakery(), people.alice()
    with pytest.raises(BadInput):
        actions.invite_by_link(owner(bakery), role=Role.OWNER, at=MOMENT)
    with pytest.raises(BadInput):
        actions.invite(owner(bakery), whom=bakery.page.seen, role=Role.EDITOR, at=MOMENT)
    with pytest.raises(Conflict):
        actions.invite(owner(bakery), whom=bakery.editor.seen, role=Role.EDITOR, at=MOMENT)
    secret = actions.invite_by_link(owner(bakery), role=Role.EDITOR, at=MOMENT)
    found = access.invitation_by_link(secret_hash=actions.hashed(secret), at=MOMENT)
    with pytest.raises(BadInput):
        actions.accept_invitation(found, by=alice.id, kind="business", at=MOMENT)


@pytest.mark.parametrize("role", [role for role in Role if Permission.TEAM not in MAY[role]])
def test_only_owners_change_the_team(role: Role) -> None:
    bakery, alice = people.bakery(), people.alice()
    team = door(bakery, getattr(bakery, role.value))
    before = list(TeamMember.objects.order_by("id").values())
    for refused in (
        lambda: actions.invite(team, whom=alice.seen, role=Role.EDITOR, at=MOMENT),
        lambda: actions.invite_by_link(team, role=Role.EDITOR, at=MOMENT),
        lambda: actions.change_role(team, member=team.by, role=Role.OWNER, at=MOMENT),
        lambda: actions.end_role(team, member=bakery.owner.id, at=MOMENT),
        lambda: actions.hand_over(team, to=bakery.owner.id, at=MOMENT),
        lambda: actions.withdraw_invitation(team, invitation_id=1, at=MOMENT),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert list(TeamMember.objects.order_by("id").values()) == before


def test_a_role_changes_and_ends_at_once() -> None:
    bakery = people.bakery()
    actions.change_role(owner(bakery), member=bakery.editor.id, role=Role.ANALYST, at=MOMENT)
    assert door(bakery, bakery.editor).role is Role.ANALYST
    with pytest.raises(NotAllowed):
        door(bakery, bakery.editor, Permission.WRITE)
    actions.end_role(owner(bakery), member=bakery.editor.id, at=MOMENT)
    with pytest.raises(NotThere):
        door(bakery, bakery.editor)
    deed = Deed.objects.get(action="team.role_changed")
    assert deed.details == {"before": "editor", "to": "analyst"}
    assert (deed.by_id, deed.role, deed.subject_id) == (bakery.owner.id, "owner", bakery.editor.id)


def test_the_last_owner_stays_owner() -> None:
    bakery = people.bakery()
    for refused in (
        lambda: actions.leave(owner(bakery), at=MOMENT),
        lambda: actions.end_role(owner(bakery), member=bakery.owner.id, at=MOMENT),
        lambda: actions.change_role(owner(bakery), member=bakery.owner.id, role=Role.EDITOR, at=MOMENT),
    ):
        with pytest.raises(Conflict):
            refused()
    actions.change_role(owner(bakery), member=bakery.editor.id, role=Role.OWNER, at=MOMENT)
    actions.leave(owner(bakery), at=MOMENT)
    with pytest.raises(NotThere):
        door(bakery, bakery.owner)


def test_anybody_else_may_leave() -> None:
    bakery = people.bakery()
    actions.leave(door(bakery, bakery.support), at=MOMENT)
    with pytest.raises(NotThere):
        door(bakery, bakery.support)
    assert book(bakery)[0] == "team.left"


def test_a_page_that_asks_its_first_member_stays_its_own_owner() -> None:
    login = people.login("shop")
    page = people_actions.create_profile(user_id=login.pk, handle="shop", kind="business", at=MOMENT)
    alice = people.alice()
    as_page = team_door(page_id=page, by=page, needs=Permission.TEAM, whole_team=True)
    made = actions.invite(as_page, whom=alice.seen, role=Role.EDITOR, at=MOMENT)
    found = access.own_invitation(invitation_id=made, by=alice.id, at=MOMENT)
    actions.accept_invitation(found, by=alice.id, kind="person", at=MOMENT)
    assert [(each.role, each.is_page) for each in queries.team(as_page)] == [
        (Role.OWNER, True),
        (Role.EDITOR, False),
    ]
    with pytest.raises(NotThere):
        actions.end_role(as_page, member=page, at=MOMENT)


# handing over -----------------------------------------------------------------------------------------------


def test_a_page_is_handed_over_to_another_owner() -> None:
    bakery, alice = people.bakery(), people.alice()
    join(bakery, alice, Role.OWNER)
    actions.hand_over(owner(bakery), to=alice.id, at=MOMENT)
    page = people_queries.viewer_of(user_id=alice.user_id, chosen=bakery.page.id)
    assert page is not None
    assert page.id == bakery.page.id
    former = people_queries.viewer_of(user_id=bakery.owner.user_id, chosen=bakery.page.id)
    assert former is not None
    assert former.id == bakery.owner.id
    assert door(bakery, bakery.owner).role is Role.OWNER  # she is on the team still


def test_only_the_login_it_belongs_to_hands_a_page_over_and_only_to_an_owner() -> None:
    bakery, alice = people.bakery(), people.alice()
    join(bakery, alice, Role.OWNER)
    with pytest.raises(NotAllowed):
        actions.hand_over(door(bakery, alice, Permission.TEAM), to=bakery.owner.id, at=MOMENT)
    with pytest.raises(Conflict):
        actions.hand_over(owner(bakery), to=bakery.editor.id, at=MOMENT)
    with pytest.raises(NotThere):
        actions.hand_over(owner(bakery), to=people.charlie().id, at=MOMENT)


def test_apps_that_are_signed_in_as_the_page_are_signed_out_when_it_is_handed_over() -> None:
    from majlis.accounts import tokens
    from majlis.core.errors import NotSignedIn

    bakery, alice = people.bakery(), people.alice()
    join(bakery, alice, Role.OWNER)
    token = tokens.issue_token(
        user_id=bakery.page.user_id, profile_id=bakery.page.id, application="x", scopes="read", at=MOMENT
    )
    tokens.require(token)
    actions.hand_over(owner(bakery), to=alice.id, at=MOMENT)
    with pytest.raises(NotSignedIn):
        tokens.require(token)


def test_two_owners_who_take_each_other_off_leave_one(transactional_db: None) -> None:
    """One waits for the other and then finds that she is on the team no more."""
    import threading

    from django.db import close_old_connections, connection, transaction

    bakery, alice = people.bakery(), people.alice()
    join(bakery, alice, Role.OWNER)
    pairs = [(bakery.owner.id, alice.id), (alice.id, bakery.owner.id)]
    results: list[str] = []

    def take_off(by: int, other: int) -> None:
        close_old_connections()
        try:
            with transaction.atomic():
                team = team_door(page_id=bakery.page.id, by=by, needs=Permission.TEAM, whole_team=True)
                actions.end_role(team, member=other, at=MOMENT)
            results.append("done")
        except NotThere:
            results.append("gone")
        finally:
            connection.close()

    threads = [threading.Thread(target=take_off, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "gone"]
    assert TeamMember.objects.filter(page_id=bakery.page.id, role="owner").count() == 1


def test_a_full_team_takes_nobody_more() -> None:
    bakery = people.bakery()
    for number in range(45):
        Invitation.objects.create(
            page_id=bakery.page.id,
            role="editor",
            secret_hash=f"{number:064d}",
            made_at=MOMENT,
            expires_at=MOMENT + timedelta(days=7),
        )
    with pytest.raises(BadInput):
        actions.invite(owner(bakery), whom=people.alice().seen, role=Role.EDITOR, at=MOMENT)


def test_whoever_was_asked_by_an_owner_is_asked_no_more_when_her_role_ends() -> None:
    """Otherwise she comes back by an invitation that she kept for herself."""
    bakery, alice, charlie = people.bakery(), people.alice(), people.charlie()
    join(bakery, alice, Role.OWNER)
    for end in (
        lambda: actions.change_role(owner(bakery), member=alice.id, role=Role.EDITOR, at=MOMENT),
        lambda: actions.end_role(owner(bakery), member=alice.id, at=MOMENT),
        lambda: actions.leave(door(bakery, alice), at=MOMENT),
    ):
        TeamMember.objects.update_or_create(
            page_id=bakery.page.id, member_id=alice.id, defaults={"role": "owner", "made_at": MOMENT}
        )
        hers = door(bakery, alice, Permission.TEAM)
        secret = actions.invite_by_link(hers, role=Role.EDITOR, at=MOMENT)
        link = access.invitation_by_link(secret_hash=actions.hashed(secret), at=MOMENT)
        named = actions.invite(hers, whom=charlie.seen, role=Role.OWNER, at=MOMENT)
        of_another = actions.invite_by_link(owner(bakery), role=Role.EDITOR, at=MOMENT)
        end()
        with pytest.raises(NotThere):
            access.invitation_by_link(secret_hash=actions.hashed(secret), at=MOMENT)
        with pytest.raises(NotThere):
            actions.accept_invitation(link, by=charlie.id, kind="person", at=MOMENT)
        with pytest.raises(NotThere):
            access.own_invitation(invitation_id=named, by=charlie.id, at=MOMENT)
        assert not Notification.objects.filter(recipient_id=charlie.id).exists()
        assert access.invitation_by_link(secret_hash=actions.hashed(of_another), at=MOMENT)


def test_a_role_that_changes_while_its_holder_works_waits_and_neither_is_undone(
    transactional_db: None,
) -> None:
    """She holds her role and then the page's row; whoever changes the team must not hold them the other way."""
    import threading

    from django.db import close_old_connections, connection, transaction

    bakery = people.bakery()
    holds, waits = threading.Event(), threading.Event()
    faults: list[Exception] = []

    def in_turn(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            close_old_connections()
            try:
                with transaction.atomic():
                    work()
            except Exception as error:
                faults.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def describe() -> None:
        team = team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.DESCRIBE, lock=True)
        holds.set()
        waits.wait(10)
        actions.describe(team, address="12 Olive Street", at=MOMENT)

    def change() -> None:
        holds.wait(10)
        team = owner(bakery)
        threading.Timer(0.3, waits.set).start()
        actions.change_role(team, member=bakery.editor.id, role=Role.ANALYST, at=MOMENT)

    for thread in [in_turn(describe), in_turn(change)]:
        thread.join(30)
    assert faults == []
    assert door(bakery, bakery.editor).role is Role.ANALYST
