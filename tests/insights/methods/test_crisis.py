"""A burst becomes an alarm when many independent people write, and are angry or very many; each alarm says why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.methods import crisis
from majlis.insights.methods.bursts import Reading
from majlis.insights.methods.copies import groups
from majlis.insights.methods.crisis import Kind, Mention, UsualMood

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOUD = Reading(200, 10.0, 20.0, 8.0, 4.0, 400.0, True)
FAIR = Reading(60, 10.0, 6.0, 4.5, 4.0, 20.0, True)
USUAL = UsualMood(negative=100, texts=1_000)
WORDS = Counter({"bread": 300, "lovely": 200, "the": 900})
THINGS = ("my bag", "the crew", "our gate", "this seat", "a meal", "the app", "her refund", "his ticket")


def told(texts: int, *, angry: int, authors: int | None = None, text: str | None = None) -> list[Mention]:
    """Texts within ten minutes, of so many authors, the first ``angry`` of them negative."""
    return [
        Mention(
            id=place,
            author=place % (authors or texts),
            at=NOW - timedelta(minutes=10) + timedelta(minutes=10) * (place / texts) ** 0.5,
            text=text
            or f"flight {chr(97 + place % 26) * 3} cancelled {THINGS[place % 8]} {chr(97 + place // 26) * 4}",
            negative=0.95 if place < angry else 0.05,
            followers=100,
            customer=place % 4 == 0,
            age_days=2,
        )
        for place in range(texts)
    ]


def judged(volume: Reading, mentions: list[Mention]) -> crisis.Alarm | None:
    return crisis.judged(volume, mentions, usual=USUAL, usual_words=WORDS, now=NOW)


def test_a_large_burst_of_a_worse_mood() -> None:
    alarm = judged(LOUD, told(200, angry=120))
    assert alarm is not None
    assert alarm.kind is Kind.CRITICISM
    assert alarm.mood.worse
    assert alarm.authors.independent
    assert not alarm.copies.coordinated
    assert alarm.first == 0
    assert alarm.reach == 20_000
    assert alarm.authors.customers == pytest.approx(0.25)
    assert alarm.speed.doubling is not None
    assert alarm.speed.doubling < 10
    assert {"flight", "cancelled"} <= set(alarm.words)
    assert "bread" not in alarm.words


def test_mostly_neutral_is_an_alarm_when_it_is_very_large_and_a_lesser_one() -> None:
    """107 of 150 reactions to a known crisis were neutral; here no more are negative than usual."""
    neutral, angry = judged(LOUD, told(150, angry=10)), judged(LOUD, told(150, angry=43))
    assert neutral is not None
    assert neutral.kind is Kind.VOLUME
    assert angry is not None
    assert angry.kind is Kind.CRITICISM
    assert neutral.severity < angry.severity
    assert judged(FAIR, told(150, angry=10)) is None


def test_one_angry_person_is_no_crisis() -> None:
    assert judged(LOUD, told(200, angry=200, authors=1)) is None
    assert judged(LOUD, told(200, angry=200, authors=4)) is None
    assert judged(FAIR, told(60, angry=60)) is not None


def test_nothing_out_of_the_ordinary_is_no_alarm() -> None:
    assert judged(Reading(12, 10.0, 1.2, 0.3, 4.0, 0.6, False), told(200, angry=200)) is None
    assert judged(LOUD, []) is None


def test_one_text_from_500_accounts_is_said_to_be_that() -> None:
    copied = told(500, angry=500, text="Never fly with these thieves, they stole my money! {}")
    spelt = [
        Mention(
            id=each.id, author=each.author, at=each.at, negative=each.negative, age_days=each.age_days,
            text=each.text.format(f"@friend{each.id} https://a.example/{each.id} {'!' * (each.id % 5)}"),
        )
        for each in copied
    ]  # fmt: skip
    alarm = judged(LOUD, spelt)
    assert alarm is not None
    assert alarm.kind is Kind.COORDINATED
    assert (alarm.copies.authors, alarm.copies.share, alarm.copies.young) == (500, 1.0, 1.0)


def test_copies_in_arabic_and_others() -> None:
    texts = [
        "خدمة سيئة جدا ولا أحد يرد على الاتصال",
        "خدمه سيئة جداً ولا احد يرد على الاتصال!!!",
        "الخبز اليوم كان لذيذا وطازجا كما نحب",
        "ok",
        "ok",
    ]
    assert groups(texts) == [[0, 1]]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_equal_texts_stay_together_and_nobody_stands_in_two_groups(texts: list[str]) -> None:
    found = groups(texts * 2)
    places = [place for group in found for place in group]
    assert len(places) == len(set(places))
    assert all(len(group) > 1 for group in found)
    assert all((place + len(texts)) in group for group in found for place in group if place < len(texts))


@given(st.integers(0, 10**9), st.floats(0, 1), st.one_of(st.none(), st.floats(0.1, 10**6)), st.floats(0, 1))
def test_severity_is_from_nothing_to_100_and_grows_with_each_part(
    reach: int, negative: float, doubling: float | None, more: float
) -> None:
    told = crisis.severity(reach=reach, negative=negative, doubling=doubling)
    assert 0 <= told <= 100
    assert told <= crisis.severity(reach=reach * 2, negative=negative, doubling=doubling) + 1e-9
    assert told <= crisis.severity(reach=reach, negative=max(negative, more), doubling=doubling) + 1e-9
    if doubling is not None:
        assert told <= crisis.severity(reach=reach, negative=negative, doubling=doubling / 2) + 1e-9
    assert crisis.severity(reach=10**6, negative=1, doubling=0.0) == pytest.approx(100)


def test_the_order_of_mentions_makes_no_difference() -> None:
    mentions = told(80, angry=60)
    assert judged(LOUD, mentions) == judged(LOUD, mentions[::-1])


def test_what_boosts_carry_fastest_comes_first() -> None:
    mentions = told(60, angry=50)
    loud = Mention(id=900, author=900, at=NOW - timedelta(minutes=2), text="look", negative=1, boosts=80)
    slow = Mention(id=901, author=901, at=NOW - timedelta(minutes=9), text="look", negative=1, boosts=80)
    alarm = judged(LOUD, [*mentions, slow, loud])
    assert alarm is not None
    assert alarm.spreaders[:2] == (900, 901)


def test_the_chance_of_a_mood_falls_with_every_negative_text() -> None:
    chances = [crisis.mood_of(told(100, angry=angry), USUAL).chance for angry in range(0, 100, 10)]
    assert all(one >= two for one, two in pairwise(chances))
    assert not crisis.mood_of(told(100, angry=8), USUAL).worse
