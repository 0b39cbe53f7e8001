"""Rules, announcements, the book."""

from __future__ import annotations

import pytest

from cast import Member, later
from house import PAYLOADS
from majlis.core.errors import BadInput, NotThere
from majlis.core.paging import Page
from majlis.safety import actions, queries


def add(omar: Member, text: str, **words: str) -> int:
    return actions.add_rule(by=omar.user_id, text=text, at=later(), **words)


def texts() -> list[str]:
    return [rule.text for rule in queries.rules()]


def test_rules_keep_their_order_and_move(omar: Member) -> None:
    one, two, three = (add(omar, text) for text in ("One", "Two", "Three"))
    assert texts() == ["One", "Two", "Three"]
    actions.move_rule(rule_id=three, up=True, at=later())
    actions.move_rule(rule_id=one, up=True, at=later())  # is the first already
    assert texts() == ["One", "Three", "Two"]
    actions.move_rule(rule_id=one, up=False, at=later())
    assert texts() == ["Three", "One", "Two"]
    actions.withdraw_rule(rule_id=two, by=omar.user_id, at=later(days=1))
    assert texts() == ["Three", "One"]
    assert [rule.text for rule in queries.withdrawn_rules()] == ["Two"]
    with pytest.raises(NotThere):
        actions.move_rule(rule_id=two, up=True, at=later())


def test_another_wording_keeps_place_and_history(omar: Member) -> None:
    first, _second = add(omar, "Be nice"), add(omar, "Be brief")
    new = actions.reword_rule(
        rule_id=first, by=omar.user_id, text="Be kind", text_ar="كن لطيفًا", at=later(days=1)
    )
    assert texts() == ["Be kind", "Be brief"]
    assert queries.rules()[0].replaces == first
    assert queries.rules_by_id([first, new])[first].text == "Be nice"
    assert queries.rules()[0].text_in("ar") == "كن لطيفًا"
    assert queries.rules()[1].text_in("ar") == "Be brief"
    same = actions.reword_rule(
        rule_id=new, by=omar.user_id, text="Be kind", text_ar="كن لطيفًا", at=later(days=2)
    )
    assert same == new


@pytest.mark.parametrize("words", [{"text": "  "}, {"text": "x" * 501}, {"text": "a", "hint": "x" * 1001}])
def test_a_rule_needs_words_but_not_too_many(omar: Member, words: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        actions.add_rule(by=omar.user_id, at=later(), **words)
    assert texts() == []


def announce(omar: Member, **given: object) -> int:
    return actions.create_announcement(by=omar.user_id, at=later(), **given)  # type: ignore[arg-type]


def test_an_announcement_is_shown_from_publishing_to_withdrawing(omar: Member, alice: Member) -> None:
    made = announce(omar, text="We move on *Friday*", text_ar="ننتقل يوم الجمعة")

    def shown(**after: float) -> list[int]:
        return [each.id for each in queries.announcements(viewer=alice.id, at=later(**after))]

    assert shown(hours=1) == []
    actions.publish_announcement(announcement_id=made, by=omar.user_id, at=later(hours=1))
    assert shown(hours=2) == [made]
    (one,) = queries.announcements(viewer=alice.id, at=later(hours=2))
    assert one.text_in("ar") == "ننتقل يوم الجمعة"
    with pytest.raises(NotThere):
        actions.publish_announcement(announcement_id=made, by=omar.user_id, at=later(hours=2))
    actions.withdraw_announcement(announcement_id=made, by=omar.user_id, at=later(hours=3))
    assert shown(hours=4) == []


def test_beginning_and_end(omar: Member) -> None:
    made = announce(omar, text="Soon", starts_at=later(days=1), ends_at=later(days=2))
    actions.publish_announcement(announcement_id=made, by=omar.user_id, at=later())
    days = [bool(queries.announcements(viewer=None, at=later(days=day))) for day in (0.5, 1.5, 2.5)]
    assert days == [False, True, False]
    with pytest.raises(BadInput):
        announce(omar, text="x", starts_at=later(days=2), ends_at=later(days=1))
    with pytest.raises(BadInput):
        announce(omar, text=" ", text_ar=" ")


def test_reading_is_each_members_own(omar: Member, alice: Member, bob: Member) -> None:
    made = announce(omar, text="Hello")
    with pytest.raises(NotThere):  # a draft
        actions.dismiss_announcement(announcement_id=made, by=alice.id, at=later())
    actions.publish_announcement(announcement_id=made, by=omar.user_id, at=later())
    for _again in range(2):
        actions.dismiss_announcement(announcement_id=made, by=alice.id, at=later(hours=1))
    read = {m.handle: queries.announcements(viewer=m.id, at=later(hours=2))[0].read for m in (alice, bob)}
    assert read == {"alice": True, "bob": False}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_announcements_are_escaped(omar: Member, payload: str) -> None:
    made = announce(omar, text=payload)
    html = next(each.html for each in queries.all_announcements() if each.id == made)
    without_own_tags = html.replace("<p>", "").replace("</p>", "").replace("<br>", "").replace("<br />", "")
    assert "<" not in without_own_tags


def test_the_book_says_who_what_when(omar: Member) -> None:
    for target in ("rule:1", "rule:2"):
        actions.audit(by=omar.user_id, action="rule.add", target=target, detail={"n": 1}, at=later())
    (line,) = queries.audit_lines(page=Page(), target="rule:2").items
    assert (line.who, line.action, line.made_at, line.detail) == (
        "omar@example.org", "rule.add", later(), {"n": 1},
    )  # fmt: skip
    omar.user.delete()
    assert [each.who for each in queries.audit_lines(page=Page()).items] == ["omar@example.org"] * 2


def test_people_are_found_by_a_part_of_handle_name_or_address(
    alice: Member, bob: Member, omar: Member
) -> None:
    def found(text: str, state: queries.PersonState = "") -> set[int]:
        return {each.profile_id for each in queries.find_people(text=text, state=state, page=Page()).items}

    assert found("@ali") == {alice.id}
    assert found("الحلبي") == {bob.id}
    assert found("bob@example.org") == {bob.id}
    assert found("") == {alice.id, bob.id, omar.id}
    assert found("%") == set()
    assert found("", "operators") == {omar.id}
    actions.decide(about=bob.id, kind="silence", by=omar.user_id, at=later())
    assert found("", "limited") == {bob.id}
