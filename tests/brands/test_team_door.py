"""The team door: who is on the team hears what her role lacks; to everybody else there is no such page."""

from __future__ import annotations

import pytest
from django.db import transaction

import cast as people
from majlis.brands.access import team_door, teams_of
from majlis.brands.models import TeamMember
from majlis.brands.roles import MAY, Permission, Role
from majlis.core.errors import NotAllowed, NotThere

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says_and_nothing_else(role: Role) -> None:
    bakery = people.bakery()
    who = getattr(bakery, role.value)
    for needed in Permission:
        if needed in MAY[role]:
            assert team_door(page_id=bakery.page.id, by=who.id, needs=needed).role is role
        else:
            with pytest.raises(NotAllowed):
                team_door(page_id=bakery.page.id, by=who.id, needs=needed)


def test_the_page_itself_is_its_owner() -> None:
    bakery = people.bakery()
    assert team_door(page_id=bakery.page.id, by=bakery.page.id, needs=Permission.TEAM).role is Role.OWNER


def test_to_charlie_there_is_no_such_page_whatever_he_asks() -> None:
    bakery, charlie = people.bakery(), people.charlie()
    sentences = set()
    for page in (bakery.page.id, charlie.id, 1, 2**62):
        with pytest.raises(NotThere) as refused:
            team_door(page_id=page, by=charlie.id, needs=Permission.READ)
        sentences.add(str(refused.value.sentence))
    assert len(sentences) == 1
    assert teams_of(member=charlie.id) == []


def test_a_role_ends_at_once_and_a_locked_one_when_the_transaction_does() -> None:
    bakery = people.bakery()
    with transaction.atomic():
        assert team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.WRITE, lock=True)
    TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    with pytest.raises(NotThere):
        team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.READ)


def test_a_withdrawn_page_is_not_there_for_its_own_team() -> None:
    bakery = people.bakery()
    from majlis.people import actions

    actions.withdraw_profile(profile_id=bakery.page.id, at=people.MOMENT, reason="own")
    with pytest.raises(NotThere):
        team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.READ)


def test_who_works_for_whom() -> None:
    bakery = people.bakery()
    assert [(team.page_id, team.role) for team in teams_of(member=bakery.support.id)] == [
        (bakery.page.id, Role.SUPPORT)
    ]
