"""A yes is to one version; not to one's own where the page says so; by link, for as long as that is good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import cast as people
from cast import MOMENT, later
from majlis.accounts.letters import MAIL_JOB
from majlis.accounts.models import User
from majlis.brands import actions as brands
from majlis.brands.access import invitation_by_link
from majlis.brands.models import Deed, Page, TeamMember
from majlis.brands.roles import Role
from majlis.core.errors import BadInput, NotAllowed, NotThere, TooMany
from majlis.core.jobs.models import Job
from majlis.notifications import actions as notifications
from majlis.notifications.models import Notification
from majlis.studio import access, actions, queries
from majlis.studio.actions import Answer, ChangedMeanwhile, Draft
from majlis.studio.models import ReviewLink
from majlis.studio.states import State
from plans import content, team_of

Write = Callable[..., int]
YES, NO = Answer(version=1, approved=True), Answer(version=1, approved=False, text="Say the price")


@pytest.fixture
def strict(bakery: people.Bakery) -> None:
    Page.objects.filter(pk=bakery.page.id).update(approval_needed=True)


def _state(bakery: people.Bakery, entry_id: int) -> State:
    team = team_of(bakery)
    return access.entry(team=team, entry_id=entry_id).state(approval_needed=team.approval_needed)


def _change(bakery: people.Bakery, entry_id: int, version: int, text: str) -> None:
    actions.change(
        team=team_of(bakery),
        entry_id=entry_id,
        read_version=version,
        draft=Draft(content=content(text)),
        at=later(minutes=5),
    )


def test_asked_answered_and_taken_back_by_a_later_edit(bakery: people.Bakery, write: Write) -> None:
    entry, owner = write(), team_of(bakery, "owner")
    assert _state(bakery, entry) is State.DRAFT
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    assert _state(bakery, entry) is State.WAITING
    assert [each.id for each in queries.waiting(team=owner)] == [entry]
    actions.decide(team=owner, entry_id=entry, answer=YES, at=later(minutes=1))
    assert _state(bakery, entry) is State.APPROVED
    assert queries.waiting(team=owner) == []
    _change(bakery, entry, 1, "other words")
    assert _state(bakery, entry) is State.WAITING, "who was asked is asked again"
    with pytest.raises(ChangedMeanwhile):
        actions.decide(team=owner, entry_id=entry, answer=YES, at=later(minutes=6))


def test_changes_asked_for_stay_until_it_is_asked_again(bakery: people.Bakery, write: Write) -> None:
    entry, owner = write(), team_of(bakery, "owner")
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    with pytest.raises(BadInput):
        actions.decide(
            team=owner, entry_id=entry, answer=Answer(version=1, approved=False), at=later(minutes=1)
        )
    actions.decide(team=owner, entry_id=entry, answer=NO, at=later(minutes=1))
    assert _state(bakery, entry) is State.CHANGES
    _change(bakery, entry, 1, "with the price: 3")
    assert _state(bakery, entry) is State.CHANGES
    actions.ask(team=team_of(bakery), entry_id=entry, at=later(minutes=7))
    assert _state(bakery, entry) is State.WAITING
    said = queries.talk(entries=[access.entry(team=owner, entry_id=entry)])[entry]
    assert [(each.kind, each.version, each.text, each.by_name) for each in said] == [
        ("comment", 1, "Say the price", "Nadia"), ("changes", 1, "", "Nadia"),
    ]  # fmt: skip


@pytest.mark.usefixtures("strict")
def test_nobody_says_yes_to_her_own_where_the_page_wants_another(bakery: people.Bakery, write: Write) -> None:
    entry = write()
    with pytest.raises(NotAllowed):
        actions.decide(team=team_of(bakery), entry_id=entry, answer=YES, at=MOMENT)
    actions.decide(team=team_of(bakery, "owner"), entry_id=entry, answer=YES, at=MOMENT)
    assert _state(bakery, entry) is State.APPROVED
    for who in ("support", "analyst", "advertiser"):
        with pytest.raises(NotAllowed):
            actions.decide(team=team_of(bakery, who), entry_id=entry, answer=NO, at=MOMENT)
    with pytest.raises(NotAllowed):
        actions.make_link(team=team_of(bakery), name="Me", days=7, at=MOMENT)


def test_a_client_without_an_account_says_yes_to_exactly_what_she_read(
    bakery: people.Bakery, write: Write
) -> None:
    entry, hidden = write(), write("not asked about")
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    made = actions.make_link(team=team_of(bakery), name="Hotel Cedar", days=7, at=MOMENT)
    kept = ReviewLink.objects.get(pk=made.id)
    assert made.secret not in repr(vars(kept))
    client = access.reviewer(secret=made.secret, at=MOMENT)
    assert [each.id for each in queries.for_review(by=client)] == [entry]
    actions.comment_by_link(by=client, entry_id=entry, text="Lovely", name="", at=MOMENT)
    for other in (hidden, 2**60):
        with pytest.raises(NotThere):
            actions.answer_by_link(by=client, entry_id=other, answer=YES, name="", at=MOMENT)
    _change(bakery, entry, 1, "changed while she read")
    with pytest.raises(ChangedMeanwhile):
        actions.answer_by_link(by=client, entry_id=entry, answer=YES, name="Rana", at=later(minutes=6))
    yes = Answer(version=2, approved=True)
    actions.answer_by_link(by=client, entry_id=entry, answer=yes, name="Rana", at=later(minutes=6))
    found = access.entry(team=team_of(bakery), entry_id=entry)
    assert _state(bakery, entry) is State.APPROVED
    assert found.decided_by_name == "Rana"
    said = queries.talk(entries=[found])[entry]
    assert [(each.by_name, each.by_link) for each in said] == [("Hotel Cedar", True), ("Rana", True)]
    deed = Deed.objects.get(action="entry.approved")
    assert (deed.by_id, deed.details["link"]) == (bakery.page.id, "Hotel Cedar")
    assert [each.id for each in queries.for_review(by=client)] == [entry], (
        "what she answered stays to be seen"
    )


def test_a_link_expires_is_revoked_and_is_not_guessed(bakery: people.Bakery, write: Write) -> None:
    write()
    made = actions.make_link(team=team_of(bakery), name="Client", days=1, at=MOMENT)
    assert len(made.secret) >= 32
    sentences = set()
    for secret in (made.secret[:-1], made.secret.swapcase(), "", "x" * 5_000, "\udcff"):
        with pytest.raises(NotThere) as refused:
            access.reviewer(secret=secret, at=MOMENT)
        sentences.add(str(refused.value.sentence))
    with pytest.raises(NotThere) as refused:
        access.reviewer(secret=made.secret, at=later(days=1))
    sentences.add(str(refused.value.sentence))
    actions.revoke_link(team=team_of(bakery, "owner"), link_id=made.id, at=MOMENT)
    with pytest.raises(NotThere) as refused:
        access.reviewer(secret=made.secret, at=MOMENT)
    sentences.add(str(refused.value.sentence))
    assert len(sentences) == 1, "unknown, expired and revoked are one answer"
    assert queries.links(team=team_of(bakery), at=MOMENT) == []


def test_a_link_to_some_shows_those_and_no_others(bakery: people.Bakery, write: Write) -> None:
    shown, asked = write("shown"), write("asked about")
    actions.ask(team=team_of(bakery), entry_id=asked, at=MOMENT)
    made = actions.make_link(team=team_of(bakery), name="Client", days=7, entries=[shown], at=MOMENT)
    client = access.reviewer(secret=made.secret, at=MOMENT)
    assert [each.id for each in queries.for_review(by=client)] == [shown]
    actions.discard(team=team_of(bakery), entry_id=shown, at=MOMENT)
    assert queries.for_review(by=client) == []
    with pytest.raises(NotThere):
        actions.comment_by_link(by=client, entry_id=shown, text="hm", name="", at=MOMENT)


@pytest.mark.parametrize("why", ["ended", "demoted", "strict"])
def test_a_link_opens_nothing_when_who_made_it_could_make_it_no_longer(
    bakery: people.Bakery, write: Write, why: str
) -> None:
    """She knows its secret: it would be her way to read on, or to say yes to herself."""
    entry = write()
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    hers = actions.make_link(team=team_of(bakery), name="Hotel Cedar", days=7, at=MOMENT)
    owners = actions.make_link(team=team_of(bakery, "owner"), name="Hotel Olive", days=5, at=MOMENT)
    assert access.reviewer(secret=hers.secret, at=MOMENT).link_id == hers.id
    if why == "strict":
        Page.objects.filter(pk=bakery.page.id).update(approval_needed=True)
    elif why == "demoted":
        TeamMember.objects.filter(member_id=bakery.editor.id).update(role="analyst")
    else:
        TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    with pytest.raises(NotThere):
        access.reviewer(secret=hers.secret, at=MOMENT)
    assert access.reviewer(secret=owners.secret, at=MOMENT).link_id == owners.id
    assert [each.id for each in queries.links(team=team_of(bakery, "owner"), at=MOMENT)] == [owners.id]


def test_what_was_made_in_the_pages_own_name_ends_when_it_goes_to_another_login(
    bakery: people.Bakery,
) -> None:
    alice = people.alice()
    TeamMember.objects.create(page_id=bakery.page.id, member_id=alice.id, role="owner", made_at=MOMENT)
    as_page = team_of(bakery, "page")
    link = actions.make_link(team=as_page, name="Hotel Cedar", days=7, at=MOMENT)
    secret = brands.invite_by_link(as_page, role=Role.EDITOR, at=MOMENT)
    hers = actions.make_link(team=team_of(bakery, "owner"), name="Hotel Olive", days=7, at=MOMENT)
    brands.hand_over(team_of(bakery, "owner"), to=alice.id, at=MOMENT)
    with pytest.raises(NotThere):
        access.reviewer(secret=link.secret, at=MOMENT)
    with pytest.raises(NotThere):
        invitation_by_link(secret_hash=brands.hashed(secret), at=MOMENT)
    assert access.reviewer(secret=hers.secret, at=MOMENT).link_id == hers.id, "she is an owner still"


# who hears of it ---------------------------------------------------------------------------------------


def _letters(subject: str = "") -> list[dict[str, str]]:
    found = [job.arguments for job in Job.objects.filter(name=MAIL_JOB).order_by("id")]
    return [each for each in found if subject in each["subject"]]


def _told(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def test_those_who_may_answer_are_told_once_for_each_asking(bakery: people.Bakery, write: Write) -> None:
    entry, owner = write("Lantern bread"), team_of(bakery, "owner")
    User.objects.filter(pk=bakery.owner.user_id).update(language="ar")
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    assert _told("approval_asked") == {bakery.owner.id}, "neither she who asks nor who may not answer"
    [letter] = _letters()
    assert letter["to"] == "nadia@example.org"
    assert "Lantern bread" in letter["text"]
    assert f"/studio/bayt_zaytoun/entries/{entry}" in letter["text"]
    actions.ask(team=team_of(bakery), entry_id=entry, at=later(minutes=1))
    _change(bakery, entry, 1, "Lantern bread, again")
    assert len(_letters()) == 1, "one asking, whatever is pressed and typed before the answer"
    yes = Answer(version=2, approved=True)
    actions.decide(team=owner, entry_id=entry, answer=yes, at=later(minutes=6))
    assert _told("approval_asked") == set()
    _change(bakery, entry, 2, "a yes taken back")
    assert [each["to"] for each in _letters()].count("nadia@example.org") == 2
    assert _told("approval_asked") == {bakery.owner.id}
    actions.withdraw(team=team_of(bakery), entry_id=entry, at=later(minutes=8))
    assert _told("approval_asked") == set()


def test_where_another_yes_is_wanted_its_writer_is_not_asked(bakery: people.Bakery, write: Write) -> None:
    Page.objects.filter(pk=bakery.page.id).update(approval_needed=True)
    entry = write("by the editor")
    actions.ask(team=team_of(bakery, "owner"), entry_id=entry, at=MOMENT)
    assert (_told("approval_asked"), _letters()) == (set(), []), "nobody else is left to answer"
    other = write("by the owner", who="owner")
    actions.ask(team=team_of(bakery, "owner"), entry_id=other, at=MOMENT)
    assert _told("approval_asked") == {bakery.editor.id}
    assert [each["to"] for each in _letters()] == ["elias@example.org"]


@pytest.mark.parametrize(
    ("approved", "kind", "words"), [(True, "approval_given", ""), (False, "changes_wanted", "Say the price")]
)
def test_whoever_asked_is_told_of_the_answer_with_its_words(
    bakery: people.Bakery, write: Write, approved: bool, kind: str, words: str
) -> None:
    entry = write("Lantern bread")
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    answer = Answer(version=1, approved=approved, text=words)
    actions.decide(team=team_of(bakery, "owner"), entry_id=entry, answer=answer, at=later(minutes=1))
    assert _told(kind) == {bakery.editor.id}
    letter = _letters()[-1]
    assert letter["to"] == "elias@example.org"
    assert "Nadia" in letter["text"]
    assert words in letter["text"]
    mine = [each.id for each in queries.refused(team=team_of(bakery))]
    assert mine == ([] if approved else [entry])
    assert queries.refused(team=team_of(bakery, "owner")) == []
    _change(bakery, entry, 1, "it is three")
    assert queries.refused(team=team_of(bakery)) == []


def test_an_answer_by_link_says_whose_it_is(bakery: people.Bakery, write: Write) -> None:
    entry = write()
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    made = actions.make_link(team=team_of(bakery), name="Hotel Cedar", days=7, at=MOMENT)
    client = access.reviewer(secret=made.secret, at=MOMENT)
    actions.answer_by_link(by=client, entry_id=entry, answer=NO, name="Rana", at=later(minutes=1))
    assert _told("changes_wanted") == {bakery.editor.id}
    letter = _letters()[-1]
    assert letter["to"] == "elias@example.org"
    assert "Rana" in letter["text"]
    assert NO.text in letter["text"]


def test_who_left_the_team_or_switched_it_off_hears_nothing(bakery: people.Bakery, write: Write) -> None:
    entry = write()
    notifications.change_policy(by=bakery.owner.id, off=["approval_asked"])
    actions.ask(team=team_of(bakery), entry_id=entry, at=MOMENT)
    assert (_letters(), _told("approval_asked")) == ([], set())
    owner = team_of(bakery, "owner")
    TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    actions.decide(team=owner, entry_id=entry, answer=NO, at=later(minutes=1))
    assert (_letters(), _told("changes_wanted")) == ([], set())


def test_a_link_goes_to_the_client_by_mail(bakery: people.Bakery, write: Write) -> None:
    write()
    to = actions.SentTo("rana@hotel.example", "ar")
    made = actions.make_link(team=team_of(bakery), name="Rana", days=7, to=to, at=MOMENT)
    [letter] = _letters()
    assert letter["to"] == "rana@hotel.example"
    assert f"/review/{made.secret}" in letter["text"]
    assert [each.email for each in queries.links(team=team_of(bakery), at=MOMENT)] == ["rana@hotel.example"]
    for wrong in ("rana", "rana@", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"):
        with pytest.raises(BadInput) as refused:
            actions.make_link(team=team_of(bakery), name="Rana", days=7, to=actions.SentTo(wrong), at=MOMENT)
        assert refused.value.field == "email"
    assert (len(_letters()), ReviewLink.objects.count()) == (1, 1)
    for role in ("support", "analyst", "advertiser"):
        with pytest.raises(NotAllowed):
            actions.make_link(team=team_of(bakery, role), name="Me", days=7, to=to, at=MOMENT)


def test_a_page_sends_so_many_letters_to_one_address(
    bakery: people.Bakery, write: Write, settings: Any
) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, limits=True)
    write()

    def send() -> None:
        to = actions.SentTo("rana@hotel.example")
        actions.make_link(team=team_of(bakery), name="Rana", days=7, to=to, at=MOMENT)

    for _time in range(5):
        send()
    with pytest.raises(TooMany):
        send()
    assert (len(_letters()), ReviewLink.objects.count()) == (5, 5)
