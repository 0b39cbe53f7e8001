"""Everything that is said to a page is in one inbox: whose it is, what became of it, and who may not see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from talking import Say, listed, only, outside, read, take_in, team

import cast
from cast import MOMENT, Bakery, Member, later
from majlis.brands import actions as brands
from majlis.brands.access import OnTeam
from majlis.care import acting, inbox, intake, replies, sources
from majlis.care.access import Status
from majlis.care.inbox import Wanted
from majlis.care.intake import Outside
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.posts import actions as posts
from majlis.posts import queries as post_queries

pytestmark = pytest.mark.django_db


# what comes in


def test_a_mention_is_a_conversation(salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun the bread was hard as a stone")
    row = only(salma)
    assert (row.source, row.status, row.name, row.unanswered) == ("mention", Status.OPEN, "Dana", True)
    assert "hard as a stone" in row.text


def test_each_way_of_speaking_to_a_page_comes_in(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    shown = say(bakery.page, "Fresh bread at seven.")
    bob = cast.bob()
    say(dana, "Where are you?", reply_to_id=shown)
    said = say(bob, "Seven is late.", reply_to_id=shown)
    say(dana, "@bayt_zaytoun are you open?", audience="mentioned")
    say(bob, "look at this", quote_of_id=shown)
    brands.write_review(
        page=bakery.page.seen, by=dana.id, stars=2, recommends=None, text="Dry cake", at=MOMENT
    )
    take_in()
    assert sorted(row.source for row in listed(salma)) == [
        "comment",
        "comment",
        "direct",
        "mention",
        "review",
    ]
    # somebody answers somebody else below the page's post: that is said under its post too
    say(dana, "Not for me!", reply_to_id=said)
    found = read(
        salma, next(row.id for row in listed(salma) if row.source == "comment" and row.name == "Dana")
    )
    assert [each.text for each in found.said] == ["Where are you?", "Not for me!"]


def test_what_is_not_said_to_the_page_does_not_come_in(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    bob = cast.bob()
    said = say(dana, "A walk by the sea.")
    say(bob, "@dana hello", reply_to_id=said)
    shown = say(bakery.page, "Fresh bread at seven.")
    say(dana, "@bob only between us", reply_to_id=shown, audience="mentioned")
    say(bakery.editor, "@bayt_zaytoun well done, us", audience="public")
    posts.boost(by=dana.id, post_id=shown, at=MOMENT)
    take_in()
    assert listed(salma, view="all") == []


def test_words_of_one_thread_are_one_conversation_each_person_has_her_own(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    bob = cast.bob()
    first = say(dana, "@bayt_zaytoun is anybody there?")
    say(dana, "@bayt_zaytoun hello?", reply_to_id=first, at=later(minutes=1))
    say(bob, "@bayt_zaytoun me too", reply_to_id=first, at=later(minutes=2))
    assert sorted((row.name, row.messages) for row in listed(salma)) == [
        ("Dana", 2),
        (bob.profile.display_name, 1),
    ]


def test_what_arrives_twice_stands_once(bakery: Bakery, salma: OnTeam) -> None:
    for _time in range(2):
        assert intake.arrive(page_id=bakery.page.id, said=[outside("1"), outside("1")]) == 2
        take_in()
    assert only(salma).messages == 1


def test_an_answer_may_come_before_its_question(bakery: Bakery, salma: OnTeam) -> None:
    intake.arrive(page_id=bakery.page.id, said=[outside("2", team=True, at=later(minutes=12))])
    take_in(at=later(minutes=20))
    intake.arrive(page_id=bakery.page.id, said=[outside("1", name="Rami")])
    take_in(at=later(minutes=30))
    row = only(salma)
    assert (row.name, row.messages, row.unanswered, row.opened_at) == ("Rami", 2, False, MOMENT)
    found = read(salma, row.id)
    assert found.clocks.first is not None
    assert found.clocks.first.seconds == 12 * 60


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": ""}, "id"),
        ({"thread": " "}, "thread"),
        ({"author": "a" * 201}, "author"),
        ({"author": "a\0b"}, "author"),
        ({"network": "no network"}, "network"),
        ({"at": datetime(2026, 11, 2)}, "at"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_taken_in_is_refused_whole(
    bakery: Bakery, salma: OnTeam, changed: dict[str, Any], field: str
) -> None:
    given = {"network": "x", "id": "1", "thread": "t", "author": "a", "at": MOMENT, "text": "hm"}
    with pytest.raises(BadInput) as refused:
        intake.arrive(page_id=bakery.page.id, said=[Outside(**given), Outside(**{**given, **changed})])
    assert refused.value.field == field
    take_in()
    assert listed(salma, view="all") == []


# what becomes of it


def test_an_answer_is_a_reply_in_the_pages_name_and_waits(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    said = say(dana, "@bayt_zaytoun the bread was hard")
    row = only(salma)
    made = acting.answer(salma, conversation_id=row.id, text="We are sorry.", key="k", at=later(minutes=7))
    assert (
        acting.answer(salma, conversation_id=row.id, text="We are sorry.", key="k", at=later(minutes=8))
        == made
    )
    take_in(at=later(minutes=9))  # the reply itself arrives, and is there already
    assert made is not None
    post = post_queries.hydrate([made])[made]
    assert (post.author_id, post.reply_to_id, post.audience) == (bakery.page.id, said, "public")
    row = only(salma, at=later(minutes=9))
    assert (row.status, row.messages, row.unanswered) == (Status.WAITING, 2, False)
    found = read(salma, row.id, at=later(minutes=9))
    assert found.said[1].by_name == "سلمى"
    assert found.clocks.first is not None
    assert found.clocks.first.seconds == 7 * 60


def test_an_answer_to_what_few_may_see_is_seen_by_her_alone(
    bakery: Bakery, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun my order 12 is lost", audience="mentioned")
    made = acting.answer(salma, conversation_id=only(salma).id, text="We look for it.", at=later(minutes=1))
    assert made is not None
    from majlis.posts.visibility import viewers_among

    assert viewers_among(ids=[made], viewers=[dana.id, charlie.id]) == {made: {dana.id}}


def test_an_answer_from_elsewhere_counts_too(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    said = say(dana, "@bayt_zaytoun the bread was hard")
    say(bakery.page, "@dana we are sorry", reply_to_id=said, at=later(minutes=3))
    row = only(salma)
    assert (row.status, row.unanswered) == (Status.WAITING, False)
    found = read(salma, row.id)
    assert found.clocks.first is not None
    assert found.clocks.first.seconds == 180


def test_a_review_is_answered_where_it_stands(bakery: Bakery, salma: OnTeam, dana: Member) -> None:
    brands.write_review(page=bakery.page.seen, by=dana.id, stars=2, recommends=None, text="Dry", at=MOMENT)
    take_in()
    row = only(salma)
    acting.answer(salma, conversation_id=row.id, text="Thank you, we changed it.", at=later(minutes=1))
    take_in(at=later(minutes=2))
    found = read(salma, row.id)
    assert [(each.side, each.text) for each in found.said] == [
        ("customer", "Dry"),
        ("team", "Thank you, we changed it."),
    ]
    assert found.said[0].stars == 2


def test_an_outside_answer_goes_by_its_adapter_or_is_refused(bakery: Bakery, salma: OnTeam) -> None:
    intake.arrive(page_id=bakery.page.id, said=[outside("1")])
    take_in()
    row = only(salma)
    with pytest.raises(NotAllowed):
        acting.answer(salma, conversation_id=row.id, text="Sorry", at=later(minutes=1))
    sent: list[sources.Answer] = []

    def send(answer: sources.Answer) -> str:
        sent.append(answer)
        return "2"

    sources.install({"x": send})
    try:
        acting.answer(salma, conversation_id=row.id, text="Sorry", at=later(minutes=1))
    finally:
        sources.install({})
    assert [(each.in_reply_to, each.to, each.text) for each in sent] == [("1", "customer", "Sorry")]
    intake.arrive(page_id=bakery.page.id, said=[outside("2", team=True, at=later(minutes=1))])
    take_in()
    assert only(salma).messages == 2


def test_it_opens_again_when_the_customer_writes(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    said = say(dana, "@bayt_zaytoun the bread was hard")
    row = only(salma)
    acting.answer(salma, conversation_id=row.id, text="Sorry", then=Status.SOLVED, at=later(minutes=1))
    assert only(salma).status is Status.SOLVED
    say(dana, "@bayt_zaytoun it is again", reply_to_id=said, at=later(hours=2))
    row = only(salma)
    assert (row.status, row.reopened, row.unanswered) == (Status.OPEN, 1, True)
    assert [each.what for each in read(salma, row.id).done] == ["answered", "reopened"]


def test_sleeping_conversations_wake(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun tomorrow?")
    row = only(salma)
    with pytest.raises(BadInput):
        acting.snooze(salma, conversation_id=row.id, until=MOMENT, at=MOMENT)
    acting.snooze(salma, conversation_id=row.id, until=later(hours=3), at=MOMENT)
    assert acting.wake_snoozed(at=later(hours=2)) == 0
    assert only(salma).status is Status.SNOOZED
    assert acting.wake_snoozed(at=later(hours=3)) == 1
    assert only(salma).status is Status.OPEN


def test_what_is_deleted_is_not_shown_and_not_forgotten(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    said = say(dana, "@bayt_zaytoun a secret")
    posts.delete(post_id=said, by=dana.id, at=later(minutes=1))
    row = only(salma)
    assert (row.text, row.gone, row.messages) == ("", True, 1)
    (found,) = read(salma, row.id).said
    assert (found.text, found.html, found.gone) == ("", "", True)
    with pytest.raises(Conflict):
        acting.answer(salma, conversation_id=row.id, text="What was it?", at=later(minutes=2))


def test_of_an_account_that_is_deleted_no_name_stays(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.people.actions import delete_profile

    say(dana, "@bayt_zaytoun a secret", audience="mentioned")
    reply = replies.save(team(bakery, bakery.owner), name="Hello", text="Hello {name}", at=MOMENT)
    row = only(salma)
    acting.note(salma, conversation_id=row.id, text="She called", at=MOMENT)
    delete_profile(profile_id=dana.id, at=later(minutes=1))
    gone = only(salma)
    assert (gone.name, gone.handle, gone.avatar_key, gone.profile_id, gone.text) == ("", "", "", None, "")
    found = read(salma, row.id)
    said = [(each.author_name, each.author_handle, each.text) for each in found.said]
    assert said == [("", "", ""), ("", "", "She called")]
    assert [(way.name, way.handle) for way in found.ways] == [("", "")]
    assert replies.filled(salma, reply_id=reply, conversation_id=row.id) == "Hello"
    with pytest.raises(NotAllowed):
        acting.block(salma, conversation_id=row.id, at=later(minutes=2))
    with pytest.raises(NotAllowed):
        acting.report(salma, conversation_id=row.id, comment="", at=later(minutes=2))
    acting.solve(salma, conversation_id=row.id, at=later(minutes=3))
    assert only(salma).status is Status.SOLVED


def test_whoever_blocks_the_page_takes_her_words_from_its_eyes(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.people import actions as people

    say(dana, "@bayt_zaytoun goodbye")
    people.block(by=dana.id, whom=bakery.page.seen, at=MOMENT)
    assert only(salma).gone


# merging, splitting, joining


def test_merged_conversations_are_one_and_go_on_as_one(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    first = say(dana, "@bayt_zaytoun one")
    say(dana, "@bayt_zaytoun two", at=later(minutes=1))
    one, two = (row.id for row in listed(salma, order="newest")[::-1])
    acting.merge(salma, kept_id=two, gone_id=one, at=later(minutes=2))
    say(dana, "@bayt_zaytoun three", reply_to_id=first, at=later(minutes=3))
    row = only(salma)
    assert (row.id, row.messages) == (two, 3)
    assert read(salma, one).conversation.id == two


def test_two_people_are_one_only_when_she_said_so(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    said = say(dana, "@bayt_zaytoun here")
    intake.arrive(page_id=bakery.page.id, said=[outside("1", name="Dana on X")])
    take_in()
    here, there = (row.id for row in sorted(listed(salma), key=lambda row: row.source)[::1])
    with pytest.raises(BadInput):
        acting.merge(salma, kept_id=here, gone_id=there, at=MOMENT)
    acting.join(salma, conversation_id=here, other_id=there, at=MOMENT)
    found = read(salma, here)
    assert [way.kind for way in found.ways] == ["member", "x"]
    assert [each.id for each in found.earlier] == [there]
    joined = next(way.id for way in found.ways if way.joined)
    acting.part(salma, conversation_id=here, channel_id=joined, at=MOMENT)
    assert [way.kind for way in read(salma, here).ways] == ["member"]
    assert [way.kind for way in read(salma, there).ways] == ["x"]
    assert said


def test_what_is_about_something_else_stands_apart(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    first = say(dana, "@bayt_zaytoun late")
    say(dana, "@bayt_zaytoun and cold", reply_to_id=first, at=later(minutes=1))
    row = only(salma)
    both = [each.id for each in read(salma, row.id).said]
    with pytest.raises(BadInput):
        acting.split(salma, conversation_id=row.id, message_ids=both, at=later(minutes=2))
    made = acting.split(salma, conversation_id=row.id, message_ids=both[1:], at=later(minutes=2))
    assert [each.text for each in read(salma, made).said] == ["@bayt_zaytoun and cold"]
    assert [each.text for each in read(salma, row.id).said] == ["@bayt_zaytoun late"]


# the list


def test_what_is_due_first_stands_first_and_pages_go_on(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    for number in range(5):
        say(dana, f"@bayt_zaytoun {number}", at=later(minutes=number))
    ids = [row.id for row in listed(salma)]
    acting.prioritise(salma, conversation_id=ids[3], priority=0, at=later(minutes=9))
    wanted = [ids[3], ids[0], ids[1], ids[2], ids[4]]
    for order, expected in (("due", wanted), ("newest", ids[::-1])):
        found, after = [], ""
        while True:
            part = inbox.listing(salma, Wanted(order=order, after=after), at=MOMENT, limit=2)
            found += [row.id for row in part.rows]
            if not (after := part.next):
                break
        assert found == expected


def test_lists_are_narrowed(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun the bread was hard")
    say(dana, "@bayt_zaytoun الخبز كان يابسا", at=later(minutes=1))
    hard, dry = (row.id for row in listed(salma))
    acting.tag(salma, conversation_id=hard, names=["  night  shift ", ""], at=MOMENT)
    acting.assign(salma, conversation_id=dry, to=salma.by, at=MOMENT)
    for given, expected in (
        ({"tag": "night shift"}, [hard]),
        ({"view": "mine"}, [dry]),
        ({"view": "unassigned"}, [hard]),
        ({"words": "stone hard"}, []),
        ({"words": "hard"}, [hard]),
        ({"words": "خبز"}, [dry]),
        ({"view": "waiting"}, []),
        ({"source": "mention"}, [hard, dry]),
        ({"source": "outside."}, []),
        ({"cause": 0}, [hard, dry]),
        ({"priority": 1}, []),
    ):
        assert [row.id for row in listed(salma, **given)] == expected, given
    assert inbox.counts(salma, at=later(days=30)) == inbox.Counts(2, 1, 1, 2, 0, 0, 0)


@pytest.mark.parametrize("given", [{"view": "none"}, {"order": "random"}, {"after": "%%%"}, {"after": "e30"}])
def test_a_list_that_there_is_not_says_so(salma: OnTeam, given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        inbox.listing(salma, Wanted(**given), at=MOMENT)


# who may not


def test_nobody_sees_another_teams_inbox(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun the bread was hard", audience="mentioned")
    row = only(salma)
    owner = cast.member("rival", "Rival")
    page = cast._profile(owner.user, "other_bakery", "Other", language="en", kind="business")
    theirs = team(bakery, bakery.owner).__class__(
        page, page, team(bakery, bakery.owner).role, "other_bakery", "Other", "UTC", False
    )
    assert listed(theirs, view="all") == []
    deeds = [
        lambda: read(theirs, row.id),
        lambda: acting.answer(theirs, conversation_id=row.id, text="hm", at=MOMENT),
        lambda: acting.note(theirs, conversation_id=row.id, text="hm", at=MOMENT),
        lambda: acting.assign(theirs, conversation_id=row.id, to=None, at=MOMENT),
        lambda: acting.solve(theirs, conversation_id=row.id, at=MOMENT),
        lambda: acting.snooze(theirs, conversation_id=row.id, until=later(days=1), at=MOMENT),
        lambda: acting.tag(theirs, conversation_id=row.id, names=["x"], at=MOMENT),
        lambda: acting.merge(theirs, kept_id=row.id, gone_id=row.id, at=MOMENT),
        lambda: acting.split(theirs, conversation_id=row.id, message_ids=[], at=MOMENT),
        lambda: acting.block(theirs, conversation_id=row.id, at=MOMENT),
        lambda: acting.report(theirs, conversation_id=row.id, comment="", at=MOMENT),
    ]
    for deed in deeds:
        with pytest.raises(NotThere):
            deed()
    assert only(salma) == row


def test_roles_that_do_not_answer_see_nothing(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun the bread was hard")
    row = only(salma)
    for who in (bakery.analyst, bakery.advertiser):
        for deed in (
            lambda who=who: listed(team(bakery, who)),
            lambda who=who: read(team(bakery, who), row.id),
            lambda who=who: acting.note(team(bakery, who), conversation_id=row.id, text="hm", at=MOMENT),
            lambda who=who: inbox.counts(team(bakery, who), at=MOMENT),
        ):
            with pytest.raises(NotAllowed):
                deed()


def test_a_member_removed_in_the_middle_of_an_answer_answers_no_more(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun the bread was hard")
    row = only(salma)
    brands.end_role(team(bakery, bakery.owner), member=salma.by, at=MOMENT)
    with pytest.raises(NotThere):
        acting.answer(salma, conversation_id=row.id, text="Sorry", at=MOMENT)
    assert row == only(team(bakery, bakery.owner))


def test_blocking_and_reporting_are_the_pages_own(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.safety.models import Report

    say(dana, "@bayt_zaytoun you are all thieves")
    row = only(salma)
    made = acting.report(salma, conversation_id=row.id, comment="threats", at=later(minutes=1))
    report = Report.objects.get(id=made)
    assert (report.reporter_id, report.about_id) == (bakery.page.id, dana.id)
    acting.block(salma, conversation_id=row.id, at=later(minutes=2))
    found = only(salma)
    assert (found.status, found.gone) == (Status.SOLVED, False)
    assert timedelta(0) < datetime.now(UTC) - MOMENT
