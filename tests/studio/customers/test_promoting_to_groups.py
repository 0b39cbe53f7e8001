"""A promotion for a group of customers: joined members alone, never fewer than ten, and nobody is told who."""

from __future__ import annotations

import pytest

from cast import MOMENT, Bakery
from clientele import join
from majlis.brands.access import OnTeam
from majlis.brands.customers import members
from majlis.core.errors import NotThere
from majlis.studio.customers import segments
from majlis.studio.customers.rules import Rule
from majlis.studio.promotion.audience import Audience, in_group, reach
from plans import team_of
from promoting import neighbours

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def test_only_whole_tens_of_joined_members_and_nobody_below_ten(owner: OnTeam) -> None:
    profiles = neighbours(13)
    group = segments.make(owner, name="Regulars", rule=Rule(tags=("regular",)), at=MOMENT)
    audience = Audience(segment=group)
    join(owner, profiles[:9])
    assert reach(page_id=owner.page_id, audience=audience, at=MOMENT) == 0
    assert not in_group(page_id=owner.page_id, segment=group, member=profiles[0], at=MOMENT)
    join(owner, profiles[9:12])
    assert reach(page_id=owner.page_id, audience=audience, at=MOMENT) == 10
    assert in_group(page_id=owner.page_id, segment=group, member=profiles[0], at=MOMENT)
    assert not in_group(page_id=owner.page_id, segment=group, member=profiles[12], at=MOMENT)
    for profile in profiles[:3]:
        members.withdraw(member=profile, page_id=owner.page_id, at=MOMENT)
    assert not in_group(page_id=owner.page_id, segment=group, member=profiles[5], at=MOMENT)


def test_a_group_that_is_gone_is_shown_to_nobody(owner: OnTeam) -> None:
    profiles = neighbours(10)
    join(owner, profiles)
    group = segments.make(owner, name="Regulars", rule=Rule(), at=MOMENT)
    assert in_group(page_id=owner.page_id, segment=group, member=profiles[0], at=MOMENT)
    segments.end(owner, segment_id=group, at=MOMENT)
    assert not in_group(page_id=owner.page_id, segment=group, member=profiles[0], at=MOMENT)
    with pytest.raises(NotThere):
        reach(page_id=owner.page_id, audience=Audience(segment=group), at=MOMENT)
