"""Merging, splitting and joining lose nothing: neither words, nor tags, nor what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from talking import Say, listed, only, outside, read, take_in, team

import cast
from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.care import acting, causes, intake, knowing, sources
from majlis.care.fixing import fixes
from majlis.care.intake import Outside
from majlis.care.models import Asked, Told
from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.people.models import Block
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.models import Post

pytestmark = pytest.mark.django_db
ANGRY = "@bayt_zaytoun this is the worst delivery ever, terrible service, I want my money back"


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


@pytest.fixture
def late(owner: OnTeam) -> int:
    return causes.keep(owner, name="Late", at=MOMENT)


def read_all() -> None:
    while knowing.read_new(at=MOMENT):
        pass


def two(salma: OnTeam) -> tuple[int, int]:
    """The older and the newer conversation."""
    older, newer = sorted(row.id for row in listed(salma, view="all"))
    return older, newer


def complain(salma: OnTeam, conversation: int, of: int) -> None:
    """Somebody of the team says that it is a complaint, and of what."""
    said = read(salma, conversation).said[0]
    knowing.correct(salma, message_id=said.id, about="complaint", said="yes", at=MOMENT)
    acting.give_cause(salma, conversation_id=conversation, cause=of, at=MOMENT)


def make(owner: OnTeam, of: int) -> int:
    return fixes.make(owner, cause_id=of, text="The oven is new.", since=MOMENT, at=later(days=1))


def tell(fix: int) -> None:
    while fixes.tell_some(fix_id=fix, at=later(days=2)):
        pass


def test_a_merged_conversation_brings_its_tags_its_cause_and_whose_it_is(
    salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    say(dana, "@bayt_zaytoun one")
    say(dana, "@bayt_zaytoun two", at=later(minutes=1))
    kept, gone = two(salma)
    acting.tag(salma, conversation_id=kept, names=["a", "z"], at=MOMENT)
    acting.tag(salma, conversation_id=gone, names=["a", "b", "c", "d"], at=MOMENT)
    acting.give_cause(salma, conversation_id=gone, cause=late, at=MOMENT)
    acting.assign(salma, conversation_id=gone, to=salma.by, at=MOMENT)
    acting.merge(salma, kept_id=kept, gone_id=gone, at=MOMENT)
    row = only(salma)
    assert (row.tags, row.cause, row.assignee) == (("a", "b", "c", "d", "z"), late, salma.by)


def test_complaints_are_where_their_words_are(salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun thank you for the lovely bread")
    say(dana, ANGRY, at=later(minutes=1))
    read_all()
    kind, angry = two(salma)
    acting.merge(salma, kept_id=kind, gone_id=angry, at=later(minutes=2))
    row = only(salma)
    assert (row.complaint or 0) >= 0.5
    assert row.priority == 1
    message = next(each.id for each in read(salma, kind).said if "worst" in each.text)
    made = acting.split(salma, conversation_id=kind, message_ids=[message], at=later(minutes=3))
    rows = {row.id: row for row in listed(salma, view="all")}
    assert (rows[made].complaint or 0) >= 0.5
    assert (rows[kind].complaint or 0) < 0.5
    assert [row.id for row in listed(salma, view="complaints")] == [made]


def test_what_follows_a_thread_that_was_split_off_comes_to_it(salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun one")
    second = say(dana, "@bayt_zaytoun two", at=later(minutes=1))
    kept, gone = two(salma)
    acting.merge(salma, kept_id=kept, gone_id=gone, at=later(minutes=2))
    message = next(each.id for each in read(salma, kept).said if each.post_id == second)
    made = acting.split(salma, conversation_id=kept, message_ids=[message], at=later(minutes=3))
    say(dana, "@bayt_zaytoun more of two", reply_to_id=second, at=later(minutes=4))
    assert [each.text[-3:] for each in read(salma, made).said] == ["two", "two"]
    assert len(read(salma, kept).said) == 1


def joined(salma: OnTeam, *, kept: int, gone: int) -> None:
    acting.join(salma, conversation_id=kept, other_id=gone, at=later(hours=1))


def test_joined_people_keep_their_names(bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, "@bayt_zaytoun here")
    intake.arrive(page_id=bakery.page.id, said=[outside("1", name="Dana on X")])
    take_in()
    here, there = two(salma)
    joined(salma, kept=here, gone=there)
    assert [each.author_name for each in read(salma, there).said] == ["Dana on X"]
    assert [way.name for way in read(salma, there).ways] == ["Dana", "Dana on X"]


def test_who_was_joined_after_a_fix_was_made_is_told_once(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    bob = cast.bob()
    say(dana, ANGRY)
    say(bob, ANGRY, at=later(minutes=1))
    here, there = two(salma)
    for each in (here, there):
        complain(salma, each, late)
    made = make(owner, late)
    joined(salma, kept=here, gone=there)
    tell(made)
    assert Post.objects.filter(author_id=bakery.page.id, audience="mentioned").count() == 1
    assert sorted(Told.objects.filter(fix_id=made).values_list("state", flat=True)) == ["left", "told"]


def test_what_she_says_to_a_fix_counts_though_she_was_joined_since(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    bob = cast.bob()
    say(bob, "@bayt_zaytoun hello")
    say(dana, ANGRY, at=later(minutes=1))
    other, conversation = two(salma)
    complain(salma, conversation, late)
    made = make(owner, late)
    tell(made)
    joined(salma, kept=other, gone=conversation)
    fixes.confirm(fixes.links.link(Asked.objects.get().id).rsplit("/", 1)[1], at=later(days=3))
    assert fixes.fix(owner, fix_id=made).confirmed == 1


def test_who_was_merged_after_a_fix_was_made_is_told_where_her_words_are(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    say(dana, ANGRY)
    say(dana, "@bayt_zaytoun thank you", at=later(minutes=1))
    gone, kept = two(salma)
    complain(salma, gone, late)
    made = make(owner, late)
    acting.merge(salma, kept_id=kept, gone_id=gone, at=later(hours=1))
    tell(made)
    assert [each.side for each in read(salma, kept).said] == ["customer", "customer", "automatic"]
    token = fixes.links.link(Asked.objects.get().id).rsplit("/", 1)[1]
    fixes.confirm(token, at=later(days=3))
    assert fixes.fix(owner, fix_id=made).confirmed == 1


def test_all_accounts_of_somebody_are_blocked(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    bob = cast.bob()
    say(dana, "@bayt_zaytoun one")
    say(bob, "@bayt_zaytoun two", at=later(minutes=1))
    here, there = two(salma)
    joined(salma, kept=here, gone=there)
    acting.block(salma, conversation_id=here, at=later(hours=2))
    assert set(Block.objects.filter(blocker_id=bakery.page.id).values_list("blocked_id", flat=True)) == {
        dana.id,
        bob.id,
    }


def test_whoever_was_blocked_stays_so_when_she_is_joined(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say, late: int
) -> None:
    bob = cast.bob()
    say(dana, ANGRY)
    say(bob, "@bayt_zaytoun two", at=later(minutes=1))
    blocked, other = two(salma)
    complain(salma, blocked, late)
    acting.block(salma, conversation_id=blocked, at=later(hours=1))
    joined(salma, kept=other, gone=blocked)
    assert fixes.preview(owner, cause_id=late, since=MOMENT, at=later(days=1)).people == 0


# outside


def test_one_key_answers_outside_once_in_its_thread(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun here")
    intake.arrive(page_id=bakery.page.id, said=[outside("1", thread="th:1", at=later(minutes=1))])
    take_in()
    here, there = two(salma)
    acting.join(salma, conversation_id=here, other_id=there, at=MOMENT)
    acting.merge(salma, kept_id=here, gone_id=there, at=MOMENT)
    sent: list[sources.Answer] = []

    def send(answer: sources.Answer) -> str:
        sent.append(answer)
        return f"answer {len(sent)}"

    sources.install({"x": send})
    try:
        for key, minute in (("k", 2), ("k", 3), ("l", 4)):
            acting.answer(salma, conversation_id=here, text="Sorry", key=key, at=later(minutes=minute))
    finally:
        sources.install({})
    assert [(each.thread, each.in_reply_to) for each in sent] == [("th:1", "1")] * 2


def test_no_network_speaks_for_members(bakery: Bakery, salma: OnTeam, dana: Member) -> None:
    for author in (str(dana.id), "no number"):
        said = Outside(network="member", id="1", thread="t", author=author, at=MOMENT, text="hm")
        with pytest.raises(BadInput):
            intake.arrive(page_id=bakery.page.id, said=[said])
    take_in()
    assert listed(salma, view="all") == []


# what was said while somebody of the team was deciding


def test_what_was_said_before_it_was_solved_and_came_after_opens_it(
    bakery: Bakery, salma: OnTeam, dana: Member
) -> None:
    first = posts.publish(by=dana.id, params=PostParams(text="@bayt_zaytoun late"), at=MOMENT).post_id
    take_in()
    row = only(salma)
    more = PostParams(text="@bayt_zaytoun and broken", reply_to_id=first)
    posts.publish(by=dana.id, params=more, at=later(minutes=1))
    acting.solve(salma, conversation_id=row.id, at=later(minutes=2))  # she saw nothing of it
    take_in(at=later(minutes=3))
    row = only(salma, at=later(minutes=3))
    assert (row.status, row.reopened, row.unanswered) == ("open", 1, True)


def test_nobody_looks_by_search_into_what_is_not_for_the_pages_eyes(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.people import actions

    say(dana, "@bayt_zaytoun the password is walnut")
    assert len(listed(salma, words="walnut")) == 1
    actions.block(by=dana.id, whom=bakery.page.seen, at=MOMENT)
    assert listed(salma, words="walnut") == []


@pytest.mark.django_db(transaction=True)
def test_words_that_come_while_somebody_merges_stand_where_the_others_are(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    first = say(dana, "@bayt_zaytoun one")
    say(dana, "@bayt_zaytoun two", at=later(minutes=1))
    gone, kept = two(salma)
    more = PostParams(text="@bayt_zaytoun more of one", reply_to_id=first)
    posts.publish(by=dana.id, params=more, at=later(minutes=2))
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            acting.merge(salma, kept_id=kept, gone_id=gone, at=later(minutes=3))
            taking = thread.submit(in_its_own_connection, lambda: take_in(at=later(minutes=3)))
            wait_for(lambda: bool(sql.one("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")))
        taking.result()
    row = only(salma, at=later(minutes=3))
    assert (row.id, row.messages) == (kept, 3)


@pytest.mark.django_db(transaction=True)
def test_taking_in_reading_and_merging_do_not_wait_for_each_other_in_a_circle(
    bakery: Bakery, salma: OnTeam, dana: Member
) -> None:
    def said(round_: int) -> None:
        words = [outside(f"{round_} {n}", thread=str(n), author="one", text=ANGRY) for n in range(12)]
        intake.arrive(page_id=bakery.page.id, said=words if round_ % 2 else words[::-1])

    def merge_and_split() -> None:
        for first, second in pairwise(sorted(row.id for row in listed(salma, view="open"))):
            acting.merge(salma, kept_id=second, gone_id=first, at=later(minutes=1))
            old = [each.id for each in read(salma, second).said][:1]
            acting.split(salma, conversation_id=second, message_ids=old, at=later(minutes=2))

    said(0)
    take_in()
    for round_ in range(1, 4):
        said(round_)
        with ThreadPoolExecutor(3) as threads:
            work = [
                threads.submit(in_its_own_connection, each) for each in (take_in, read_all, merge_and_split)
            ]
        for each in work:
            each.result()  # or what went wrong: a deadlock is an error of one of them
    read_all()
    assert sql.column("SELECT count(*) FROM care_message WHERE read_at IS NULL") == [0]
    assert sum(row.messages for row in listed(salma, view="all", at=later(days=1))) == 48


def in_its_own_connection(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not is_so():
        assert monotonic() < end
        sleep(0.01)
