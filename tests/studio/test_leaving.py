"""An entry leaves exactly once, as the page, with all its parts; what cannot leave says why and who is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

import cast as people
from cast import MOMENT, later
from majlis.brands.models import Deed, Page, TeamMember
from majlis.core.errors import Conflict
from majlis.core.jobs.models import Job
from majlis.people import actions as profiles
from majlis.posts import actions as posts
from majlis.posts.composing import PollParams
from majlis.posts.models import Post
from majlis.studio import access, actions, queries
from majlis.studio.actions import Answer, Draft
from majlis.studio.actions.leaving import NotApproved
from majlis.studio.models import Entry
from majlis.studio.moments import moment
from majlis.studio.states import State
from plans import content, team_of

Write = Callable[..., int]
DUE = later(hours=1)


def _scheduled(bakery: people.Bakery, entry_id: int, **more: Any) -> int:
    actions.schedule(team=team_of(bakery), entry_id=entry_id, due=DUE, at=MOMENT, **more)
    return entry_id


def _entry(bakery: people.Bakery, entry_id: int) -> access.SeenEntry:
    return access.entry(team=team_of(bakery, "owner"), entry_id=entry_id)


def _letters() -> list[dict[str, Any]]:
    return [job.arguments for job in Job.objects.filter(name="accounts.send_mail")]


def test_it_leaves_at_its_hour_as_the_page_and_the_book_says_whose_it_was(
    bakery: people.Bakery, write: Write
) -> None:
    entry = _scheduled(bakery, write("fresh bread"))
    assert actions.publish_due(at=DUE - timedelta(seconds=1)) is None
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert actions.publish_due(at=DUE) is None
    post = Post.objects.get()
    assert (post.id, post.author_id, post.text) == (left.post_id, bakery.page.id, "fresh bread")
    found = _entry(bakery, entry)
    assert (found.post_id, found.published_at) == (post.id, DUE)
    deed = Deed.objects.get(subject_id=post.id)
    assert (deed.action, deed.by_id, deed.details) == (
        "post.published",
        bakery.editor.id,
        {"entry": str(entry)},
    )
    with pytest.raises(Conflict):
        actions.discard(team=team_of(bakery), entry_id=entry, at=DUE)


def test_thread_and_first_comment_leave_in_the_same_moment_for_the_same_readers(
    bakery: people.Bakery, write: Write
) -> None:
    circle = profiles.create_circle(by=bakery.page.id, name="Regulars", at=MOMENT)
    entry = write(
        "one",
        audience="circle",
        circle_id=circle,
        thread=("two", "three"),
        first_comment="where",
        warning="long",
    )
    _scheduled(bakery, entry)
    actions.publish_due(at=DUE)
    one, two, three, where = Post.objects.order_by("id")
    assert [post.text for post in (one, two, three, where)] == ["one", "two", "three", "where"]
    assert (two.reply_to_id, three.reply_to_id, where.reply_to_id) == (one.id, two.id, one.id)
    assert {(post.circle_id, post.warning, post.made_at) for post in (one, two, three, where)} == {
        (circle, "long", DUE)
    }


def test_all_of_it_leaves_or_nothing(bakery: people.Bakery, write: Write) -> None:
    entry = write("one", thread=("two",), first_comment="fine")
    _scheduled(bakery, entry)
    Entry.objects.filter(pk=entry).update(first_comment="x" * 900)
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert left.post_id is None
    assert not Post.objects.exists()
    with translation.override("en"):
        assert "The first comment:" in _entry(bakery, entry).failure
    with translation.override("ar"):
        assert _entry(bakery, entry).failures["ar"]


def test_polls_articles_and_warnings_leave_as_they_were_written(bakery: people.Bakery, write: Write) -> None:
    poll = PollParams(options=("yes", "no"), lasts=timedelta(days=1))
    first, second = (
        write("open on Friday?", poll=poll),
        write("# long", title="Sourdough", audience="unlisted"),
    )
    for entry in (first, second):
        actions.publish_now(team=team_of(bakery), entry_id=entry, at=MOMENT)
    asked, article = Post.objects.order_by("id")
    assert asked.poll.options == ["yes", "no"]  # type: ignore[attr-defined]
    assert (article.kind, article.title, article.audience) == ("article", "Sourdough", "unlisted")


def test_what_needs_a_yes_and_has_none_stays_and_tells_who_planned_it_and_the_owner(
    bakery: people.Bakery, write: Write
) -> None:
    entry = _scheduled(bakery, write("fresh bread"))
    Page.objects.filter(pk=bakery.page.id).update(approval_needed=True)
    team = team_of(bakery)
    assert _entry(bakery, entry).state(approval_needed=True) is State.HELD
    with pytest.raises(NotApproved):
        actions.publish_now(team=team, entry_id=entry, at=MOMENT)
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert left.post_id is None
    found = _entry(bakery, entry)
    assert found.state(approval_needed=True) is State.FAILED
    assert [each.id for each in queries.failed(team=team)] == [entry]
    letters = _letters()
    assert {each["to"] for each in letters} == {"elias@example.org", "nadia@example.org"}
    assert all("fresh bread" in each["text"] and f"/entries/{entry}" in each["text"] for each in letters)
    assert actions.publish_due(at=DUE) is None, "told once"
    yes = Answer(version=1, approved=True)
    actions.decide(team=team_of(bakery, "owner"), entry_id=entry, answer=yes, at=DUE)
    actions.publish_now(team=team, entry_id=entry, at=DUE)
    assert Post.objects.get().text == "fresh bread"


def test_a_yes_that_a_later_edit_took_back_lets_nothing_leave(bakery: people.Bakery, write: Write) -> None:
    entry, owner = write("approved words"), team_of(bakery, "owner")
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    actions.decide(team=owner, entry_id=entry, answer=Answer(version=1, approved=True), at=later(minutes=1))
    _scheduled(bakery, entry)
    draft = Draft(content=content("other words"))
    actions.change(team=team_of(bakery), entry_id=entry, read_version=1, draft=draft, at=later(minutes=2))
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert left.post_id is None
    assert not Post.objects.exists()


def test_it_leaves_though_who_planned_it_left_the_team_and_the_book_says_the_page(
    bakery: people.Bakery, write: Write
) -> None:
    _scheduled(bakery, write())
    TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert Deed.objects.get(subject_id=left.post_id).by_id == bakery.page.id


def test_of_a_closed_page_nothing_leaves(bakery: people.Bakery, write: Write) -> None:
    entry = _scheduled(bakery, write())
    profiles.withdraw_profile(profile_id=bakery.page.id, at=MOMENT, reason="own")
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert left.post_id is None
    assert not Post.objects.exists()
    assert Entry.objects.get(pk=entry).failure


def test_a_fault_of_ours_is_told_and_holds_nothing_else_up(
    bakery: people.Bakery, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = _scheduled(bakery, write("broken")), _scheduled(bakery, write("fine"))
    Entry.objects.filter(pk=broken).update(
        thread=[{"text": 7, "photo_ids": []}]
    )  # no shape that this house writes
    assert [actions.publish_due(at=DUE), actions.publish_due(at=DUE)][0] is not None
    assert _entry(bakery, fine).post_id
    assert Entry.objects.get(pk=broken).failed_at == DUE
    assert "could not be published" in caplog.text


def test_evergreen_comes_again_at_the_same_time_of_day_so_often_and_no_more(
    bakery: people.Bakery, write: Write
) -> None:
    # clocks in Beirut go forward on 28 March 2027
    team = team_of(bakery)
    due = moment(date(2027, 3, 24), time(9), zone=team.time_zone)
    entry = write("our hours")
    actions.ask(team=team, entry_id=entry, at=MOMENT)
    yes = Answer(version=1, approved=True)
    actions.decide(team=team_of(bakery, "owner"), entry_id=entry, answer=yes, at=later(minutes=1))
    actions.schedule(team=team, entry_id=entry, due=due, at=later(minutes=2), again_every=7, again_left=2)
    published = []
    for week in range(4):
        at = moment(date(2027, 3, 24) + timedelta(days=7 * week), time(9), zone=team.time_zone)
        left = actions.publish_due(at=at)
        published.append(left is not None and left.post_id is not None)
    assert published == [True, True, True, False]
    assert Post.objects.count() == 3
    rounds = Entry.objects.filter(again_of_id=entry)
    assert sorted(rounds.values_list("again_left", flat=True)) == [0, 1]
    assert rounds.get(again_left=1).due_at == datetime(2027, 3, 31, 6, tzinfo=UTC), (
        "an hour less, nine on the wall"
    )


def test_rounds_that_were_missed_are_not_made_up_for(bakery: people.Bakery, write: Write) -> None:
    entry = _scheduled(bakery, write(), again_every=1, again_left=5)
    actions.publish_due(at=DUE + timedelta(days=10, hours=1))
    fresh = Entry.objects.get(again_of_id=entry)
    assert fresh.due_at == DUE + timedelta(days=11)
    assert actions.publish_due(at=DUE + timedelta(days=10, hours=2)) is None


def test_sent_by_hand_before_its_hour_it_comes_again_after_that_hour(
    bakery: people.Bakery, write: Write
) -> None:
    """The round that was sent is the one of that hour: the next is as far behind it as was said."""
    entry = _scheduled(bakery, write(), again_every=7, again_left=2)
    actions.publish_now(team=team_of(bakery), entry_id=entry, at=DUE - timedelta(days=2))
    fresh = Entry.objects.get(again_of_id=entry)
    assert (fresh.due_at, fresh.again_left) == (DUE + timedelta(days=7), 1)


def test_what_lost_its_hour_does_not_come_again(bakery: people.Bakery, write: Write) -> None:
    entry = _scheduled(bakery, write(), again_every=7, again_left=2)
    actions.unschedule(team=team_of(bakery), entry_id=entry, at=MOMENT)
    found = _entry(bakery, entry)
    assert (found.again_every, found.again_left) == (None, 0)
    actions.publish_now(team=team_of(bakery), entry_id=entry, at=MOMENT)
    assert not Entry.objects.filter(again_of_id=entry).exists()


@pytest.mark.parametrize(("hours", "again"), [(0, (7, 2)), (2, (None, 0))])
def test_brought_back_it_comes_again_if_its_hour_is_still_to_come(
    bakery: people.Bakery, write: Write, hours: int, again: tuple[int | None, int]
) -> None:
    entry = _scheduled(bakery, write(), again_every=7, again_left=2)
    actions.discard(team=team_of(bakery), entry_id=entry, at=MOMENT)
    actions.bring_back(team=team_of(bakery), entry_id=entry, at=later(hours=hours))
    found = _entry(bakery, entry)
    assert (found.again_every, found.again_left) == again


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_publish_each_entry_once(bakery: people.Bakery, write: Write) -> None:
    entries = [_scheduled(bakery, write(f"post {n}", thread=("more",))) for n in range(12)]

    def work() -> None:
        while actions.publish_due(at=DUE):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while actions.publish_due(at=DUE):  # skipped by all while another held it
        pass
    assert Post.objects.count() == 24
    assert Entry.objects.filter(pk__in=entries, post_id__isnull=False).count() == 12


def test_the_post_of_an_entry_can_be_deleted_and_stays_published_in_the_plan(
    bakery: people.Bakery, write: Write
) -> None:
    entry = _scheduled(bakery, write())
    left = actions.publish_due(at=DUE)
    assert left is not None
    assert left.post_id
    posts.delete(by=bakery.page.id, post_id=left.post_id, at=DUE)
    assert actions.publish_due(at=DUE + timedelta(days=1)) is None
    assert _entry(bakery, entry).state(approval_needed=False) is State.PUBLISHED
