"""Lengths as people see them, and as Mastodon's apps count them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.errors import BadInput
from majlis.core.text.length import (
    first_graphemes,
    graphemes,
    post_length,
    require_length,
    require_post_length,
)

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("مرحبا", 5),
        ("مُحَمَّد", 4),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("🇸🇦", 1),
        ("👍🏽", 1),
        ("नि", 1),
        ("a\r\nb", 3),
        ("각", 1),
    ],
)
def test_a_character_is_what_people_see(text: str, length: int) -> None:
    assert graphemes(text) == length


@given(st.text(max_size=80))
def test_the_quick_way_agrees_with_the_rule(text: str) -> None:
    assert graphemes(text) == len(regex.findall(r"\X", text))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.org/" + "a" * 200, 23),
        ("https://t.co", 23),
        ("see https://example.org/a and https://example.org/b", 4 + 23 + 5 + 23),
        ("example.org", 11),
        ("@alice", 6),
        ("@alice@example.org hi", 6 + 3),
        ("@سارة@example.org", 5),
        (FAMILY * 10, 10),
    ],
)
def test_links_count_23_and_addresses_without_their_host(text: str, length: int) -> None:
    assert post_length(text) == length


@given(st.text(max_size=60), st.integers(0, 30))
def test_the_beginning_never_cuts_a_character(text: str, most: int) -> None:
    beginning = first_graphemes(text, most)
    assert text.startswith(beginning)
    assert graphemes(beginning) == min(graphemes(text), most)


def test_too_long_and_too_short_are_refused() -> None:
    require_length("abc", most=3, least=3)
    require_post_length("x" * 500, most=500)
    refusals: list[Callable[[], None]] = [
        lambda: require_length("abcd", most=3),
        lambda: require_length("", most=3, least=1),
        lambda: require_post_length("x" * 501, most=500),
        lambda: require_post_length("x" + "\u0301" * 100_000, most=500),
        lambda: require_length("x" + "\u0301" * 100, most=3),
    ]
    for refused in refusals:
        with pytest.raises(BadInput):
            refused()
