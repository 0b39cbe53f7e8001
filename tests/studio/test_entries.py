"""Drafts: every version is kept, two editors never lose a word, what is thrown away comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

import cast as people
from cast import MOMENT, later
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.studio import access, actions, queries
from majlis.studio.actions import ChangedMeanwhile, Draft
from majlis.studio.models import Entry, EntryVersion
from majlis.studio.states import State
from plans import content, team_of

Write = Callable[..., int]


def _entry(bakery: people.Bakery, entry_id: int) -> access.SeenEntry:
    return access.entry(team=team_of(bakery), entry_id=entry_id)


def _save(bakery: people.Bakery, who: str, entry_id: int, version: int, text: str) -> int:
    return actions.change(
        team=team_of(bakery, who),
        entry_id=entry_id,
        read_version=version,
        draft=Draft(content=content(text)),
        at=MOMENT,
    )


def test_each_save_is_a_version_and_any_can_be_said_again(bakery: people.Bakery, write: Write) -> None:
    entry = write("one")
    assert _save(bakery, "editor", entry, 1, "two") == 2
    assert _save(bakery, "owner", entry, 2, "two") == 2, "saying the same is no new version"
    assert _save(bakery, "owner", entry, 2, "three") == 3
    assert actions.restore(team=team_of(bakery), entry_id=entry, version=1, at=MOMENT) == 4
    said = queries.versions(entry=_entry(bakery, entry))
    assert [(each.version, each.content.params.text, each.by_name) for each in said] == [
        (4, "one", "Elias"), (3, "three", "Nadia"), (2, "two", "Elias"), (1, "one", "Elias"),
    ]  # fmt: skip
    with pytest.raises(NotThere):
        actions.restore(team=team_of(bakery), entry_id=entry, version=9, at=MOMENT)


def test_the_second_of_two_editors_is_told_whose_version_stands_and_nothing_is_lost(
    bakery: people.Bakery, write: Write
) -> None:
    entry = write("begun")
    _save(bakery, "owner", entry, 1, "the owner's words")
    with pytest.raises(ChangedMeanwhile) as refused:
        _save(bakery, "editor", entry, 1, "the editor's words")
    present = refused.value.present
    assert (present.version, present.changed_by_name) == (2, "Nadia")
    assert present.content.params.text == "the owner's words"
    assert _save(bakery, "editor", entry, present.version, "the editor's words") == 3
    texts = {each.content.params.text for each in queries.versions(entry=_entry(bakery, entry))}
    assert texts == {"begun", "the owner's words", "the editor's words"}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_over_one_version_one_does(bakery: people.Bakery, write: Write) -> None:
    entry = write("begun")
    teams = [team_of(bakery, who) for who in ("owner", "editor")] * 3
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            actions.change(
                team=teams[number],
                entry_id=entry,
                read_version=1,
                draft=Draft(content=content(f"words {number}")),
                at=MOMENT,
            )
            outcomes.append("saved")
        except ChangedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["told"] * 5
    assert EntryVersion.objects.filter(entry_id=entry).count() == 2


def test_thrown_away_and_back_with_its_hour_unless_that_passed(bakery: people.Bakery, write: Write) -> None:
    entry, team = write(), team_of(bakery)
    actions.schedule(team=team, entry_id=entry, due=later(hours=2), at=MOMENT)
    actions.discard(team=team, entry_id=entry, at=MOMENT)
    assert _entry(bakery, entry).state(approval_needed=False) is State.DISCARDED
    assert actions.publish_due(at=later(hours=3)) is None
    with pytest.raises(Conflict):
        _save(bakery, "editor", entry, 1, "more")
    actions.bring_back(team=team, entry_id=entry, at=later(hours=1))
    assert _entry(bakery, entry).due_at == later(hours=2)
    actions.discard(team=team, entry_id=entry, at=later(hours=1))
    actions.bring_back(team=team, entry_id=entry, at=later(hours=3))
    assert _entry(bakery, entry).due_at is None


def test_what_was_thrown_away_goes_after_thirty_days_with_its_versions(
    bakery: people.Bakery, write: Write
) -> None:
    entry, kept = write(), write()
    actions.discard(team=team_of(bakery), entry_id=entry, at=MOMENT)
    assert actions.sweep(at=later(days=29)) == 0
    assert actions.sweep(at=later(days=31)) == 1
    assert list(Entry.objects.values_list("id", flat=True)) == [kept]
    assert EntryVersion.objects.count() == 1


def test_a_copy_says_the_same_and_is_its_own(bakery: people.Bakery, write: Write) -> None:
    entry = write("bread", thread=("and cake",), first_comment="open till six")
    made = actions.copy(team=team_of(bakery, "owner"), entry_id=entry, at=MOMENT)
    assert _entry(bakery, made).content == _entry(bakery, entry).content
    _save(bakery, "editor", made, 1, "other")
    assert _entry(bakery, entry).content.params.text == "bread"


def test_others_find_nothing_and_roles_do_what_they_may(bakery: people.Bakery, write: Write) -> None:
    entry, charlie = write(), people.charlie()
    other = people._profile(charlie.user, "cafe", "Café", language="en", kind="business")
    from majlis.brands.access import team_door
    from majlis.brands.roles import Permission

    stranger = team_door(page_id=other, by=other, needs=Permission.READ)
    for act in (
        lambda: access.entry(team=stranger, entry_id=entry),
        lambda: actions.copy(team=stranger, entry_id=entry, at=MOMENT),
        lambda: actions.discard(team=stranger, entry_id=entry, at=MOMENT),
        lambda: actions.schedule(team=stranger, entry_id=entry, due=later(hours=1), at=MOMENT),
        lambda: actions.comment(team=stranger, entry_id=entry, text="hi", at=MOMENT),
    ):
        with pytest.raises(NotThere):
            act()
    for who in ("support", "analyst", "advertiser"):
        with pytest.raises(NotAllowed):
            write("mine", who=who)
        with pytest.raises(NotAllowed):
            actions.discard(team=team_of(bakery, who), entry_id=entry, at=MOMENT)


def test_who_left_the_team_does_nothing_more_with_a_door_opened_before(
    bakery: people.Bakery, write: Write
) -> None:
    from majlis.brands.models import TeamMember

    entry, team = write(), team_of(bakery)
    TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    with pytest.raises(NotThere):
        actions.discard(team=team, entry_id=entry, at=MOMENT)


def test_a_draft_may_be_unfinished_but_not_endless(bakery: people.Bakery, write: Write) -> None:
    write("")
    write("x" * 5_000)
    with pytest.raises(BadInput):
        write("x" * 500_000)
    with pytest.raises(BadInput):
        write("x", thread=tuple("parts" for _n in range(30)))
    with pytest.raises(NotThere):
        write("x", photo_ids=(7,))
    with pytest.raises(NotThere):
        actions.make(team=team_of(bakery), draft=Draft(content=content("x"), campaign_id=7), at=MOMENT)
