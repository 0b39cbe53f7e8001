"""Handles nobody can mistake for another, and display names that do no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.errors import BadInput, Conflict
from majlis.core.text.entities import Mention, find_entities
from majlis.core.text.length import graphemes
from majlis.core.text.names import (
    LONGEST_DISPLAY_NAME,
    checked_handle,
    clean_display_name,
    is_reserved,
    skeleton,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("alice", "alice"),
        ("@Alice_1", "alice_1"),
        ("سارة", "سارة"),
        ("سَـارَة", "سارة"),
        ("خالد٢٣", "خالد23"),
        ("خالد۲۳", "خالد23"),
        ("a", "a"),
        ("a" * 30, "a" * 30),
    ],
)
def test_a_handle_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert checked_handle(typed) == kept
    mention = find_entities(f"@{kept}")[0]
    assert isinstance(mention, Mention)
    assert mention.handle == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "too_short"),
        ("@", "too_short"),
        ("___", "too_short"),
        ("a" * 31, "too_long"),
        ("a" * 100_000, "too_long"),
        ("a b", "wrong_characters"),
        ("a.b", "wrong_characters"),
        ("a-b", "wrong_characters"),
        ("é", "wrong_characters"),
        ("аlice", "wrong_characters"),
        ("سارةa", "wrong_characters"),
        ("alice\n", None),
        ("al\nice", "wrong_characters"),
        ("alice\u202e", "wrong_characters"),
        ("ali\u200dce", "wrong_characters"),
        ("ａlice", "wrong_characters"),
        ("a@b", "wrong_characters"),
        ("١٢َ", None),
    ],
)
def test_what_cannot_be_a_handle_is_refused(typed: str, code: str | None) -> None:
    if code is None:
        assert checked_handle(typed)
        return
    with pytest.raises(BadInput) as refusal:
        checked_handle(typed)
    assert (refusal.value.code, refusal.value.field) == (code, "username")


@pytest.mark.parametrize(
    "typed", ["admin", "ADMIN", "adm1n", "a_d_m_i_n", "ap1", "settings", "sett1ngs", "مجلس", "الإدارة"]
)
def test_names_of_the_house_are_kept_for_it(typed: str) -> None:
    with pytest.raises(Conflict) as refusal:
        checked_handle(typed)
    assert refusal.value.code == "reserved"


@pytest.mark.parametrize("handle", ["alice", "bob", "bayt_zaytoun", "dana", "charlie", "سارة", "خالد"])
def test_the_names_of_people_are_free(handle: str) -> None:
    assert not is_reserved(handle)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "Alice"),
        ("alice", "a1ice"),
        ("alice", "aIice"),
        ("alice", "a_lice"),
        ("alice", "аlісе"),
        ("alice", "ａｌｉｃｅ"),
        ("bob", "b0b"),
        ("modern", "modem"),
        ("vvorld", "world"),
        ("مكتبة", "مکتبه"),
        ("علي", "على"),
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("أحمد", "احمد"),
        ("خالد٢", "خالد2"),
        ("خالد۲", "خالد2"),
        ("فاطمة", "فاطمه"),
        ("فاطمة", "فاطمہ"),
        ("محمد", "مُحَمَّد"),
        ("محمد", "محـمد"),
        ("محمد_علي", "محمدعلي"),
    ],
)
def test_handles_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "alicia"),
        ("bob", "rob"),
        ("dana", "dina"),
        ("سارة", "سمر"),
        ("علي", "عمر"),
        ("user2", "user3"),
    ],
)
def test_different_handles_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=40))
def test_a_skeleton_is_the_skeleton_of_itself(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Alice", "Alice"),
        ("  Alice\n\t Smith ", "Alice Smith"),
        ("Alice\u202egpj.exe", "Alicegpj.exe"),
        ("\u2067Alice\u2069", "Alice"),
        ("Al\x00ice\x07", "Alice"),
        ("\u200f\u200e\u061c", ""),
        ("\u3164\u2800", ""),
        ("\u200d\u200d", ""),
        ("a\U000e0041b", "ab"),
        ("Z" + "\u0334" * 40, "Z" + "\u0334" * 4),
        ("مُحَمَّدٌ", "مُحَمَّدٌ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧 فاطمة", "👨\u200d👩\u200d👧 فاطمة"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("नमस्ते", "नमस्ते"),
        ("👍🏽", "👍🏽"),
        ("<script>", "<script>"),
    ],
)
def test_a_display_name_is_made_harmless_and_otherwise_left_alone(typed: str, shown: str) -> None:
    assert clean_display_name(typed) == shown


@given(st.text(max_size=200))
def test_any_display_name_is_short_one_line_and_stays_as_it_is(typed: str) -> None:
    name = clean_display_name(typed)
    assert graphemes(name) <= LONGEST_DISPLAY_NAME
    assert len(name.splitlines()) <= 1
    assert clean_display_name(name) == name


def test_a_tower_of_marks_is_cut_in_no_time() -> None:
    assert len(clean_display_name("a" + "\u0301" * 1_000_000)) <= 6
