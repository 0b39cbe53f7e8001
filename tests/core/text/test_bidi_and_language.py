"""Directions, isolates, and the language of short texts."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.text.bidi import balanced, direction, isolate
from majlis.core.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", "ltr"),
        ("مرحبا", "rtl"),
        ("שלום", "rtl"),
        ("123 مرحبا", "rtl"),
        ("👍 «hello»", "ltr"),
        ("日本", "ltr"),
        ("", None),
        ("123 ?! 👍", None),
        ("؟", "rtl"),
        ("\u2068bob\u2069 مرحبا", "rtl"),
        ("\u2066\u2067مرحبا\u2069\u2069 hello", "ltr"),
        ("\u2069مرحبا", "rtl"),
    ],
)
def test_the_first_strong_character_decides_and_isolated_parts_do_not(
    text: str, expected: str | None
) -> None:
    assert direction(text) == expected


@given(
    st.text(
        alphabet=st.sampled_from("ab مر\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), max_size=30
    )
)
def test_nothing_leaks_out_of_an_isolate(text: str) -> None:
    depth = 0
    for character in isolate(text)[1:-1]:
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0
    assert depth == 0
    assert balanced(balanced(text)) == balanced(text)


def test_what_needs_no_balance_is_left_alone() -> None:
    assert balanced("hello \u200fمرحبا") == "hello \u200fمرحبا"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello world", "en"),
        ("Good morning everyone", "en"),
        ("Fresh bread every morning from Bayt Zaytoun", "en"),
        ("I love pizza", "en"),
        ("مرحبا", "ar"),
        ("خبز", "ar"),
        ("صباح الخير يا جماعة", "ar"),
        ("ازيك عامل ايه", "ar"),
        ("شلونكم اليوم", "ar"),
        ("نحن في Café اليوم", "ar"),
        ("@bob https://example.org/hello-world شكرا", "ar"),
        ("سلام چطوری", "fa"),
        ("می‌خواهم بروم خانه", "fa"),
        ("آپ کیسے ہیں", "ur"),
        ("Bonjour à tous", "fr"),
        ("Guten Morgen zusammen", "de"),
        ("привет всем", "ru"),
        ("こんにちは", "ja"),
        ("你好", "zh"),
        ("שלום חברים", "he"),
        ("", None),
        ("😀😀", None),
        ("12345", None),
        ("lol", None),
        ("@alice #bread https://example.org", None),
        ("a\x00\n" * 10, None),
    ],
)
def test_the_language_of_short_texts(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_the_model_is_in_the_wheel_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*arguments: object) -> None:
        raise AssertionError("detecting a language opened a socket")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr("majlis.core.text.language._loaded", None)
    assert detect_language("Good morning everyone") == "en"
