"""What is said of the bakery and its rivals: found by name in both scripts, public only, never who; worked numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cast as people
from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.insights.methods.authority import Aspect
from majlis.insights.models import Encounter, Following, MeasuredPost
from majlis.insights.moods import Sound
from majlis.insights.windows import Window, last_days
from majlis.people.models import Profile
from majlis.studio.models import KeptVoice, MoodSaid, Order, Rival
from majlis.studio.rivals import naming, publishing
from majlis.studio.voice import mentions, saying, standing, telling
from plans import team_of

pytestmark = pytest.mark.django_db
Publish = Callable[..., int]
AT = later(hours=1)


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


@pytest.fixture
def oven(db: None) -> Member:
    """A rival here."""
    login = people.login("fadi")
    return Member(
        login.id, people._profile(login, "furn_fadi", "فرن فادي", language="ar", kind="business"), "furn_fadi"
    )


def window(team: OnTeam, days: int = 28) -> Window:
    return last_days(days, at=AT, zone=team.time_zone)


def heard(team: OnTeam) -> telling.Voices:
    return telling.voices(team, window=window(team))


def test_share_of_voice_by_hand(
    owner: OnTeam, oven: Member, publish: Publish, alice: Member, bob: Member
) -> None:
    """Three mentions of us, one of the rival: 75 %; by followers of who wrote (2, 0 of ours; 2 of the rival's)."""
    naming.name_rival(owner, acct="furn_fadi", words=["فرن فادي"], at=AT)
    people.follows(bob, alice)
    publish(alice, "@bayt_zaytoun the bread was lovely, thank you!")
    publish(bob, "خبز بيت زيتون لذيذ جدا")
    publish(bob, "I went to Bayt Zaytoun, terrible service, nobody answers")
    publish(alice, "@furn_fadi when do you open?")
    found = heard(owner)
    own, rival = found.spoken
    assert (own.mentions, rival.mentions) == (3, 1)
    assert found.share.value == 0.75
    assert found.sov.rivals == ("فرن فادي",)
    assert [(part.name, part.value) for part in found.share.parts] == [(owner.name, 3), ("فرن فادي", 1)]
    assert (own.reach, rival.reach) == (1, 1)
    assert found.weighted.value == 0.5
    assert (own.mood.positive, own.mood.neutral, own.mood.negative) == (2, 0, 1)
    assert found.net.value == pytest.approx(1 / 3)
    assert found.polar.value == pytest.approx(1 / 3)
    assert found.net.interval is not None
    assert found.people.value is None  # two people: not told
    assert sum(number for _day, number in found.days) == 3


@pytest.mark.parametrize(
    "text",
    [
        "رحت عالزيتونة اليوم",
        "الزيتونة أطيب",
        "بالزيتونة كل شي طازج",
        "والزيتونة قريبة",
        "خبز الزّيتُونة",
        "#الزيتونة",
    ],
)
def test_names_are_found_behind_what_arabic_attaches(
    owner: OnTeam, publish: Publish, alice: Member, text: str
) -> None:
    saying.keep_words(owner, words=["الزيتونة"], at=AT)
    publish(alice, text.replace("عالزيتونة", "على الزيتونة"))
    assert heard(owner).spoken[0].mentions == 1


def test_a_name_of_two_words_stands_together(owner: OnTeam, publish: Publish, alice: Member) -> None:
    publish(alice, "بيت جدي فيه شجرة زيتون")
    publish(alice, "خبز من بيت زيتون")
    assert heard(owner).spoken[0].mentions == 1


def test_hashtags_are_found_as_such(owner: OnTeam, publish: Publish, alice: Member) -> None:
    naming.name_rival(owner, name="Crumb", words=["#crumb_bakery"], at=AT)
    publish(alice, "#Crumb_Bakery today")
    publish(alice, "a crumb on my table, says the bakery")
    assert [each.mentions for each in heard(owner).spoken] == [0, 1]


def test_only_what_everybody_may_see_counts(
    owner: OnTeam, bakery: Bakery, publish: Publish, alice: Member, bob: Member, charlie: Member
) -> None:
    people.follows(bakery.page, alice)
    publish(alice, "@bayt_zaytoun for followers", audience="followers")
    publish(alice, "@bayt_zaytoun to you alone", audience="mentioned")
    publish(alice, "bayt zaytoun unlisted", audience="unlisted")
    publish(bakery.editor, "bayt zaytoun has the best bread")
    publish(bakery.page, "بيت زيتون يفتح السابعة")
    publish(charlie, "bayt zaytoun again")
    Profile.objects.filter(pk=charlie.id).update(indexable=False)
    assert heard(owner).spoken[0].mentions == 0
    publish(charlie, "@bayt_zaytoun hello")
    assert [each.text for each in heard(owner).heard] == ["@bayt_zaytoun hello"]
    Profile.objects.filter(pk=charlie.id).update(withdrawn_at=MOMENT)
    assert heard(owner).spoken[0].mentions == 0


def test_without_rivals_or_mentions_nothing_is_divided(owner: OnTeam) -> None:
    found = heard(owner)
    assert (found.share.value, found.weighted.value, found.net.value, found.polar.value) == (None,) * 4
    assert standing.standing(owner, found).score is None


def test_a_mood_put_right_is_used_and_kept(
    owner: OnTeam, publish: Publish, alice: Member, bob: Member
) -> None:
    post = publish(alice, "@bayt_zaytoun great, another delay. thanks a lot, love it")
    before = heard(owner)
    other = publish(bob, "nothing about you")
    saying.say_mood(owner, before.heard, post_id=post, sound="negative", at=AT)
    found = heard(owner)
    assert found.heard[0].sound is Sound.NEGATIVE
    assert found.spoken[0].mood.negative == 1
    assert found.net.value == -1
    assert MoodSaid.objects.get().read == before.heard[0].reading.sound
    with pytest.raises(NotThere):
        saying.say_mood(owner, before.heard, post_id=other, sound="negative", at=AT)
    with pytest.raises(BadInput):
        saying.say_mood(owner, before.heard, post_id=post, sound="angry", at=AT)
    saying.say_mood(owner, before.heard, post_id=post, sound="", at=AT)
    assert not MoodSaid.objects.exists()


def test_a_kept_number_keeps_its_rivals(owner: OnTeam, publish: Publish, alice: Member) -> None:
    made = naming.name_rival(owner, name="Crumb Bakery", at=AT)
    publish(alice, "bayt zaytoun or crumb bakery?")
    saying.keep(owner, heard(owner), at=AT)
    naming.let_go(owner, rival_id=made, at=AT)
    (kept,) = saying.kept(owner)
    assert (kept.told.share, kept.told.rivals) == (0.5, (("Crumb Bakery", 1, 0),))
    assert heard(owner).share.value == 1
    assert KeptVoice.objects.count() == 1
    assert Rival.objects.get().ended_at == AT


def test_rivals_that_cannot_be_named(owner: OnTeam, oven: Member) -> None:
    for wrong in (
        {},
        {"acct": "bayt_zaytoun"},
        {"name": "و"},
        {"name": "x", "words": ["the"]},
        {"name": "x", "words": ["a" * 61]},
        {"name": "x", "words": [f"word{n}" for n in range(13)]},
    ):
        with pytest.raises(BadInput):
            naming.name_rival(owner, at=AT, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotThere):
        naming.name_rival(owner, acct="nobody_here", at=AT)
    made = naming.name_rival(owner, acct="@furn_fadi", at=AT)
    with pytest.raises(Conflict):
        naming.name_rival(owner, name="Another", acct="furn_fadi", at=AT)
    for number in range(7):
        naming.name_rival(owner, name=f"Bakery {number}", at=AT)
    with pytest.raises(Conflict):
        naming.name_rival(owner, name="One more", at=AT)
    naming.change_words(owner, rival_id=made, words=["فرن", "فرن ", "#فرن_فادي"], at=AT)
    assert naming.rival(owner, rival_id=made).words == ("فرن", "#فرن_فادي")
    with pytest.raises(BadInput):
        naming.change_words(owner, rival_id=naming.rivals(owner)[0].id, words=[], at=AT)


def test_what_rivals_publish(
    owner: OnTeam, oven: Member, publish: Publish, alice: Member, bob: Member
) -> None:
    naming.name_rival(owner, acct="furn_fadi", at=AT)
    people.follows(alice, oven)
    people.follows(bob, oven)
    publish(oven, "خبز")
    post = publish(oven, "كعك")
    publish(oven, "only for followers", audience="followers")
    publish(alice, "yum", reply_to_id=post)
    own, rival = publishing.published(owner, window=window(owner), among=naming.rivals(owner))
    assert (own.own, own.posts, own.per_follower) == (True, 0, None)
    assert (rival.posts, rival.comments, rival.followers) == (2, 1, 2)
    assert rival.per_follower == 1 / 2 / 2


def test_who_may(bakery: Bakery, owner: OnTeam) -> None:
    support, analyst = team_of(bakery, "support"), team_of(bakery, "analyst")
    with pytest.raises(NotAllowed):
        heard(support)
    heard(analyst)
    with pytest.raises(NotAllowed):
        naming.name_rival(analyst, name="Crumb", at=AT)
    with pytest.raises(NotAllowed):
        saying.keep_words(analyst, words=["bread"], at=AT)
    with pytest.raises(NotAllowed):
        standing.growth(support, window=window(owner))


def test_anothers_rival_is_not_there(owner: OnTeam, oven: Member) -> None:
    from majlis.brands.models import Page

    Page.objects.get_or_create(profile_id=oven.id, defaults={"made_at": MOMENT})
    made = naming.name_rival(owner, name="Crumb", at=AT)
    other = OnTeam(oven.id, oven.id, owner.role, "furn_fadi", "فرن فادي", "UTC", False)
    assert naming.rivals(other) == []
    with pytest.raises(NotThere):
        naming.let_go(other, rival_id=made, at=AT)


def test_recall_is_a_part_and_is_checked(owner: OnTeam, publish: Publish) -> None:
    for asked, recalled in ((0, 0), (5, 6), (5, None), (5, -1)):
        with pytest.raises(BadInput):
            saying.keep_recall(owner, asked=asked, recalled=recalled, day=date(2026, 10, 1), at=AT)
    with pytest.raises(BadInput):
        saying.keep_recall(owner, asked=5, recalled=1, day=date(2027, 1, 1), at=AT)
    saying.keep_recall(owner, asked=200, recalled=50, day=date(2026, 10, 1), at=AT)
    found = standing.standing(owner, heard(owner))
    parts = {part.aspect: part for part in found.parts}
    assert parts[Aspect.SURVEY_RECALL].score == 0.25
    assert set(parts) | set(found.missing) == set(Aspect)
    saying.keep_recall(owner, asked=None, recalled=None, day=date(2026, 10, 1), at=AT)
    assert saying.recall(owner) is None


def brought(bakery: Bakery, post: int, *, number: int, seen: bool, first: int) -> None:
    MeasuredPost.objects.get_or_create(
        post_id=post, defaults={"page_id": bakery.page.id, "audience": "public", "appeared_at": MOMENT}
    )
    for viewer in range(first, first + number):
        Following.objects.create(page_id=bakery.page.id, viewer=viewer, since=AT - timedelta(minutes=1))
        if seen:
            Encounter.objects.create(
                post_id=post, viewer=viewer, follower=False, state=2, viewed_at=AT - timedelta(minutes=10)
            )


def test_which_post_brought_whom(bakery: Bakery, owner: OnTeam, publish: Publish) -> None:
    one, two = publish(bakery.page, "Bread at seven"), publish(bakery.page, "Cake at nine")
    brought(bakery, one, number=12, seen=True, first=1_000)
    brought(bakery, two, number=11, seen=False, first=2_000)
    found = standing.growth(owner, window=window(owner))
    assert found.begun.value == 23
    assert [(each.post_id, each.count) for each in found.reasons] == [(one, 12), (None, 11)]
    assert found.reasons[0].beginning == "Bread at seven"


def test_groups_under_ten_are_not_told(bakery: Bakery, owner: OnTeam, publish: Publish) -> None:
    posts = [publish(bakery.page, f"Bread {n}") for n in range(3)]
    for at, (post, number) in enumerate(zip(posts, (12, 4, 30), strict=True)):
        brought(bakery, post, number=number, seen=True, first=1_000 * (at + 1))
    found = standing.growth(owner, window=window(owner))
    assert [each.count for each in found.reasons] == [30]
    assert found.hidden == 2


def test_who_buys_again(bakery: Bakery, owner: OnTeam) -> None:
    for number in range(15):
        for again in range(2 if number < 12 else 1):
            Order.objects.create(
                page_id=bakery.page.id, external_id=f"{number}-{again}", placed=True, reported_by="server", value=5,
                currency="EUR", customer=f"c{number}", ordered_at=MOMENT, arrived_at=MOMENT,
            )  # fmt: skip
    found = standing.loyalty(owner, window=window(owner))
    assert found.bought.value == 12 / 15
    assert found.engaged.value is None


@given(st.lists(st.text(max_size=80), max_size=14))
def test_any_words_are_taken_or_refused(words: list[str]) -> None:
    try:
        found = naming.checked(words)
    except BadInput:
        return
    assert naming.checked(found) == found
    text: Any = mentions.phrases(found)
    assert text.count('"') % 2 == 0


def test_names_in_two_scripts_are_two() -> None:
    assert mentions.names_in("بيت زيتون · Bayt Zaytoun") == ("بيت زيتون", "Bayt Zaytoun")
    assert mentions.names_in("Crumb") == ("Crumb",)
