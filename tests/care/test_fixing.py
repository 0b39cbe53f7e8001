"""From complaint to fix, to thanks: told once to each, in her language, seen by nobody else; confirmed by her alone; counted
from the log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talking import Say, listed, only, outside, read, take_in, team

import cast
from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.care import acting, causes, intake, knowing
from majlis.care.access import Status
from majlis.care.fixing import asking, badge, fixes, links
from majlis.care.models import Asked, Told
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.posts import queries as posts
from majlis.posts.models import Post
from majlis.posts.visibility import viewers_among

pytestmark = pytest.mark.django_db
ANGRY = "@bayt_zaytoun this is the worst delivery ever, terrible service, I want my money back"
DONE = {"text": "The oven is new.", "text_ar": "الفرن جديد."}


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


def cause(owner: OnTeam, name: str = "Late", **more: str) -> int:
    return causes.keep(owner, name=name, **more, at=MOMENT)


def complain(salma: OnTeam, say: Say, who: Member, of: int, *, text: str = ANGRY, minutes: int = 0) -> int:
    """Somebody complains, and somebody of the team says of what; the conversation."""
    before = {row.id for row in listed(salma, view="all")}
    say(who, text, at=later(minutes=minutes))
    while knowing.read_new(at=MOMENT):
        pass
    (made,) = {row.id for row in listed(salma, view="all")} - before
    (said,) = read(salma, made).said
    knowing.correct(salma, message_id=said.id, about="complaint", said="yes", at=MOMENT)
    acting.give_cause(salma, conversation_id=made, cause=of, at=MOMENT)
    return made


def tell(fix_id: int) -> None:
    while fixes.tell_some(fix_id=fix_id, at=later(days=2)):
        pass


def make(owner: OnTeam, of: int, **more: Any) -> int:
    return fixes.make(owner, cause_id=of, since=MOMENT, at=later(days=1), **{**DONE, **more})


def token(post_id: int) -> str:
    found = re.search(r"/care/(\S+)", posts.hydrate([post_id])[post_id].text)
    assert found
    return found[1]


def test_all_who_complained_are_told_once_each_in_her_language(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    late, other = cause(owner), cause(owner, "Other")
    bob = cast.bob()
    complain(salma, say, dana, late)
    complain(salma, say, dana, late, minutes=1)
    complain(
        salma, say, bob, late, text="@bayt_zaytoun أسوأ خدمة توصيل، وصل الطلب متأخراً جداً ساعتين", minutes=2
    )
    complain(salma, say, charlie, other, minutes=3)
    found = fixes.preview(owner, cause_id=late, since=MOMENT, at=later(days=1))
    assert (found.people, found.conversations, found.cannot, found.left) == (2, 3, 0, 0)
    made = make(owner, late)
    tell(made)
    tell(made)
    told = {each.person_id: each.post_id for each in Told.objects.filter(fix_id=made)}
    assert len(told) == 2
    texts = {posts.hydrate([post])[post].text.splitlines()[0]: post for post in told.values() if post}
    assert set(texts) == {"@dana The oven is new.", "@bob الفرن جديد."}
    for post, reader in ((texts["@dana The oven is new."], dana), (texts["@bob الفرن جديد."], bob)):
        assert viewers_among(ids=[post], viewers=[dana.id, bob.id, charlie.id])[post] == {reader.id}
    (shown,) = fixes.fixes(salma)
    assert (shown.told, shown.waiting, shown.cause.name) == (2, 0, "Late")
    # nobody was answered by it: that she was told of a fix is no first reply
    assert badge.work_out(owner.page_id, at=later(days=3)).answered == 0


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(kills=st.lists(st.integers(0, 3), max_size=4))
def test_whatever_is_killed_nobody_is_told_twice_or_forgotten(
    kills: list[int], bakery: Bakery, owner: OnTeam, salma: OnTeam, say: Say
) -> None:
    from django.db import transaction

    class Killed(Exception):
        pass

    with transaction.atomic():
        late = cause(owner)
        who = [cast.member(f"guest{number}") for number in range(3)]
        for number, each in enumerate(who):
            complain(salma, say, each, late, minutes=number)
        made = make(owner, late)
        for after in kills:
            try:
                with transaction.atomic():
                    for _each in range(after):
                        row = fixes.sql.one(fixes.SQL["next_to_tell"], fix=made)
                        if row:
                            fixes._tell(row, fix_id=made, at=later(days=2))
                    raise Killed
            except Killed:
                pass
        tell(made)
        posts_made = Post.objects.filter(author_id=bakery.page.id, audience="mentioned").count()
        assert posts_made == Told.objects.filter(fix_id=made, state="told").count() == 3
        transaction.set_rollback(True)


def test_she_confirms_by_her_link_alone(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    late = cause(owner)
    conversation = complain(salma, say, dana, late)
    acting.answer(salma, conversation_id=conversation, text="Sorry", then=Status.SOLVED, at=later(minutes=9))
    made = make(owner, late)
    tell(made)
    link = token(Told.objects.get(fix_id=made).post_id or 0)
    asked = fixes.question(link)
    assert (asked.handle, asked.text, asked.solved, asked.confirmed) == (
        "bayt_zaytoun",
        "The oven is new.",
        True,
        False,
    )
    fixes.confirm(link, at=later(days=3))
    fixes.confirm(link, at=later(days=3, minutes=1))
    assert only(salma).status is Status.CONFIRMED
    assert fixes.fix(owner, fix_id=made).confirmed == 1
    step = read(salma, conversation).done[-1]
    assert (step.what, step.by, step.by_customer) == ("confirmed", None, True)
    for wrong in ("", "x", link + "x", links.link(1).rsplit("/", 1)[1]):
        with pytest.raises(NotThere):
            fixes.confirm(wrong, at=later(days=3))


def test_not_yet_opens_it_again_and_goes_before(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    late = cause(owner)
    conversation = complain(salma, say, dana, late)
    acting.solve(salma, conversation_id=conversation, at=later(minutes=9))
    acting.prioritise(salma, conversation_id=conversation, priority=3, at=later(minutes=9))
    made = make(owner, late)
    tell(made)
    link = token(Told.objects.get(fix_id=made).post_id or 0)
    fixes.not_yet(link, at=later(days=3))
    row = only(salma)
    assert (row.status, row.priority, row.reopened) == (Status.OPEN, 1, 1)
    assert fixes.fix(owner, fix_id=made).reopened == 1
    with pytest.raises(BadInput):
        fixes.confirm(link, at=later(days=4))


def test_stars_by_one_tap_changeable_for_a_week(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun where is it?")
    row = only(salma)
    acting.answer(salma, conversation_id=row.id, text="Here", then=Status.SOLVED, at=later(minutes=9))
    assert asking.ask(page_id=owner.page_id, conversation_id=row.id, at=later(hours=2))
    assert not asking.ask(page_id=owner.page_id, conversation_id=row.id, at=later(hours=3))
    asked = Asked.objects.get(conversation_id=row.id)
    link = links.link(asked.id).rsplit("/", 1)[1]
    fixes.rate(link, stars=2, at=later(hours=4))
    fixes.rate(link, stars=5, comment="After all", at=later(days=2))
    asked.refresh_from_db()
    assert (asked.stars, asked.comment) == (5, "After all")
    with pytest.raises(BadInput):
        fixes.rate(link, stars=1, at=later(days=9))
    for wrong in (0, 6):
        with pytest.raises(BadInput):
            fixes.rate(link, stars=wrong, at=later(hours=5))
    # somebody who was asked is left alone for a month
    say(dana, "@bayt_zaytoun and this?", at=later(days=3))
    other = next(each for each in listed(salma) if each.id != row.id)
    acting.answer(
        salma, conversation_id=other.id, text="That", then=Status.SOLVED, at=later(days=3, minutes=9)
    )
    assert not asking.ask(page_id=owner.page_id, conversation_id=other.id, at=later(days=4))


def test_whom_there_is_no_way_to_is_said(bakery: Bakery, owner: OnTeam, salma: OnTeam) -> None:
    late = cause(owner)
    intake.arrive(page_id=bakery.page.id, said=[outside("1", text=ANGRY)])
    take_in()
    acting.give_cause(salma, conversation_id=only(salma).id, cause=late, at=MOMENT)
    assert fixes.preview(owner, cause_id=late, since=MOMENT, at=later(days=1)).cannot == 1
    made = make(owner, late)
    tell(made)
    assert fixes.fix(owner, fix_id=made).cannot == 1


def test_who_is_blocked_or_confirmed_is_left_alone(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    late = cause(owner)
    gone = complain(salma, say, charlie, late)
    complain(salma, say, dana, late, minutes=1)
    acting.block(salma, conversation_id=gone, at=later(minutes=2))
    assert fixes.preview(owner, cause_id=late, since=MOMENT, at=later(days=1)).left == 1
    made = make(owner, late)
    tell(made)
    assert Told.objects.filter(fix_id=made).count() == 1
    assert not Post.objects.filter(author_id=bakery.page.id, text__startswith="@charlie").exists()


def test_what_cannot_be_fixed_says_why(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    import shopping

    late = cause(owner)
    complain(salma, say, dana, late)
    for wrong in ({"text": "", "text_ar": " "}, {"text": "x" * 1_001}):
        with pytest.raises(BadInput):
            make(owner, late, **wrong)
    for since in (later(days=2), MOMENT - timedelta(days=400)):
        with pytest.raises(BadInput):
            fixes.make(owner, cause_id=late, text="Done", since=since, at=later(days=1))
    empty = cause(owner, "Nobody")
    with pytest.raises(BadInput):
        make(owner, empty)
    with pytest.raises(NotAllowed):
        make(salma, late)
    theirs = shopping.other_bakery()
    with pytest.raises(NotThere):
        make(theirs, late)
    assert Told.objects.count() == 0
    made = make(owner, late)
    with pytest.raises(NotThere):
        fixes.fix(theirs, fix_id=made)


def test_causes_are_kept_and_ranked(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    import shopping

    assert causes.begin(owner, at=MOMENT) == len(causes.KINDS)
    assert causes.begin(owner, at=MOMENT) == 0
    late = next(each for each in causes.causes(salma) if each.kind == "delivery")
    with pytest.raises(Conflict):
        cause(owner, late.name)
    causes.keep(owner, name="Too late", kind="delivery", cause_id=late.id, at=MOMENT)
    with pytest.raises(BadInput):
        cause(owner, " ")
    with pytest.raises(NotThere):
        causes.end(shopping.other_bakery(), cause_id=late.id, at=MOMENT)
    dry = cause(owner, "Dry")
    cast.follows(cast.alice(), charlie)
    complain(salma, say, dana, late.id)
    complain(salma, say, dana, late.id, minutes=1)
    complain(salma, say, charlie, dry, minutes=2)
    first, second, *rest = causes.ranked(salma, at=later(hours=1))
    assert {first.cause.name, second.cause.name} == {"Too late", "Dry"}
    found = {each.cause.name: each for each in (first, second)}
    assert (found["Too late"].complaints, found["Too late"].people, found["Too late"].reach) == (2, 1, 0)
    assert (found["Dry"].complaints, found["Dry"].reach, found["Dry"].worth) == (1, 1, None)
    assert all(each.complaints == 0 for each in rest)
    causes.end(owner, cause_id=dry, at=MOMENT)
    assert "Dry" not in [each.name for each in causes.causes(salma)]


# the badge


def test_nothing_is_said_of_few(bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say) -> None:
    for number in range(9):
        say(dana, f"@bayt_zaytoun {number}", at=later(minutes=number))
    badge.work_out(owner.page_id, at=later(days=1))
    assert badge.shown(owner.page_id) is None
    say(dana, "@bayt_zaytoun ten", at=later(minutes=20))
    assert badge.work_out_all(at=later(days=1)) == 1
    found = badge.shown(owner.page_id)
    assert found is not None
    assert (found.conversations, found.answered, found.median_seconds) == (10, 0, None)


_WHAT = ("write", "answer", "automatic", "solve", "reopen", "wait")
DEEDS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(_WHAT), st.integers(1, 500)), min_size=4, max_size=30
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(deeds=DEEDS)
def test_the_badge_is_what_the_log_says(
    deeds: list[tuple[int, str, int]], bakery: Bakery, owner: OnTeam, salma: OnTeam
) -> None:
    from django.db import transaction

    with transaction.atomic():
        clock = 0
        for number, (thread, what, minutes) in enumerate(deeds):
            clock += minutes
            at = later(minutes=clock)
            if what in ("write", "answer", "automatic"):
                said = outside(
                    str(number), thread=str(thread), at=at, team=what != "write", automatic=what == "automatic",
                    author=str(thread),
                )  # fmt: skip
                intake.arrive(page_id=bakery.page.id, said=[said])
                take_in(at=at)
                continue
            rows = [row.id for row in listed(salma, view="all", at=at)]
            if rows:
                deed = {"solve": acting.solve, "reopen": acting.reopen, "wait": acting.wait}[what]
                deed(salma, conversation_id=rows[thread % len(rows)], at=at)
        until = later(minutes=clock + 1)
        kept = badge.work_out(owner.page_id, at=until)
        again = badge.recompute(owner.page_id, since=kept.since, until=until)
        assert (kept.conversations, kept.answered, kept.solved, kept.confirmed) == (
            again.conversations, again.answered, again.solved, again.confirmed,
        )  # fmt: skip
        assert kept.median_seconds == pytest.approx(again.median_seconds)
        transaction.set_rollback(True)


def test_a_page_may_hide_it_and_not_change_it(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.care import terms
    from majlis.care.terms import PageTerms

    for number in range(12):
        say(dana, f"@bayt_zaytoun {number}", at=later(minutes=number))
    rows = listed(salma)
    for row in rows[:6]:
        acting.answer(salma, conversation_id=row.id, text="Yes", then=Status.SOLVED, at=later(hours=1))
    # shutting somebody out makes nobody quick
    acting.block(salma, conversation_id=rows[7].id, at=later(hours=2))
    badge.work_out(owner.page_id, at=later(days=1))
    found = badge.shown(owner.page_id)
    assert found is not None
    assert (found.conversations, found.answered) == (12, 6)
    assert found.share_answered == 0.5
    terms.keep(owner, PageTerms(show_badge=False), at=later(days=1))
    assert badge.shown(owner.page_id) is None


def test_a_fix_names_nobody_else(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    late = cause(owner)
    complain(salma, say, dana, late)
    for wrong in ({"text": "Thank @charlie for it"}, {"text_ar": "شكرا @charlie"}):
        with pytest.raises(BadInput):
            make(owner, late, **wrong)
    made = make(owner, late, text="The oven of @bayt_zaytoun is new. Write to a@example.org")
    tell(made)
    post = Told.objects.get(fix_id=made).post_id or 0
    assert viewers_among(ids=[post], viewers=[dana.id, charlie.id])[post] == {dana.id}


def test_sent_twice_it_is_one_fix(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    late = cause(owner)
    complain(salma, say, dana, late)
    made = make(owner, late)
    assert make(owner, late) == made
    assert make(owner, late, text="The oven is new, and the van.") != made


def test_no_team_answers_in_its_customers_name(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, charlie: Member, say: Say
) -> None:
    late = cause(owner)
    conversation = complain(salma, say, dana, late)
    made = make(owner, late)
    tell(made)
    post = Told.objects.get(fix_id=made).post_id or 0
    link = token(post)
    for who in (bakery.support.id, bakery.page.id):
        for deed in (fixes.confirm, fixes.not_yet):
            with pytest.raises(NotAllowed):
                deed(link, viewer=who, at=later(days=3))
        with pytest.raises(NotAllowed):
            fixes.rate(link, stars=5, viewer=who, at=later(days=3))
    assert only(salma).status is Status.OPEN
    # nor is the link told in the inbox
    shown = read(salma, conversation).said[-1]
    assert "The oven is new." in shown.text
    assert "/care/" not in shown.text + shown.html
    fixes.confirm(link, viewer=charlie.id, at=later(days=3))  # whom she shows it to
    assert only(salma).status is Status.CONFIRMED
