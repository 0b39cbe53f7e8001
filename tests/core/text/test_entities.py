"""Mentions, hashtags and links: our own rules, and that hostile text costs no more than its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.text.entities import Hashtag, Mention, find_entities, hashtag_key
from majlis.core.text.links import LONGEST_URL, Link, absolute_link


def _mentions(text: str) -> list[str]:
    return [found.key for found in find_entities(text) if isinstance(found, Mention)]


def _hashtags(text: str) -> list[str]:
    return [found.name for found in find_entities(text) if isinstance(found, Hashtag)]


def _links(text: str) -> list[str]:
    return [found.url for found in find_entities(text) if isinstance(found, Link)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@alice", ["alice"]),
        ("@Alice and @ALICE", ["alice", "alice"]),
        ("@alice@example.org hello", ["alice@example.org"]),
        ("@alice@Example.ORG.", ["alice@example.org"]),
        ("@alice@example.org:3000", ["alice@example.org:3000"]),
        ("@first.last-name@example.org", ["first.last-name@example.org"]),
        ("@alice@مثال.إختبار", ["alice@مثال.إختبار"]),
        ("@alice@example.orgを", ["alice@example.org"]),
        ("thanks @alice.", ["alice"]),
        ("@first.last", ["first"]),
        ("(@alice)", ["alice"]),
        ("mail alice@example.org", []),
        ("@alice@nohost", []),
        ("@_", []),
        ("@" + "a" * 30, ["a" * 30]),
        ("@" + "a" * 31, []),
        ("https://example.org/@alice", []),
        ("example.org/@alice", []),
        # Arabic: names, marks and tatweel, punctuation, attached conjunctions and prepositions
        ("مرحبا @سارة", ["سارة"]),
        ("@سارة، كيف الحال؟", ["سارة"]),
        ("@سَارَة", ["سارة"]),
        ("@ســارة", ["سارة"]),
        ("@خالد٢٣", ["خالد23"]),
        ("@خالد23", ["خالد23"]),
        ("@23خالد", ["23خالد"]),
        ("@سارة@example.org", ["سارة@example.org"]),
        ("و@alice", ["alice"]),
        ("شكرا ل@alice و@bob", ["alice", "bob"]),
        ("لـ@alice", ["alice"]),
        ("كتب@alice", []),
        ("@aliceو", []),
        ("@سارةabc", []),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert _mentions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#خبز_الصباح", ["خبز_الصباح"]),
        ("#الخُبْز", ["الخُبْز"]),
        ("#می‌خواهم", ["می‌خواهم"]),
        ("#تاج‌ ثم", ["تاج"]),
        ("#خبز، #زيت؛ #زعتر؟", ["خبز", "زيت", "زعتر"]),
        ("#٢٠٢٦", []),
        ("#عام٢٠٢٦", ["عام٢٠٢٦"]),
        ("#2026 #a2026", ["a2026"]),
        ("نص#وسم", []),
        ("«#وسم»", ["وسم"]),
        ("https://example.org/#part", []),
        ("#" + "a" * 101, []),
    ],
)
def test_hashtags(text: str, expected: list[str]) -> None:
    assert _hashtags(text) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("Bread", "bread", "BREAD", "Ｂｒｅａｄ"),
        ("القدس", "القُدس", "القـدس", "القدسَ"),
        ("أحمد", "احمد", "إحمد", "آحمد"),
        ("مدرسة", "مدرسه"),
        ("مصطفى", "مصطفي", "مصطفی"),
        ("كتاب", "کتاب"),
        ("عام٢٠٢٦", "عام2026", "عام۲۰۲۶"),
        ("می‌خواهم", "میخواهم"),
    ],
)
def test_spellings_of_a_hashtag_share_a_key(spellings: tuple[str, ...]) -> None:
    keys = {hashtag_key(spelling) for spelling in spellings}
    assert len(keys) == 1
    assert hashtag_key(keys.pop()) == hashtag_key(spellings[0])


@pytest.mark.parametrize(("one", "other"), [("bread", "broad"), ("قلب", "كلب"), ("زيت", "زيتون"), ("é", "e")])
def test_different_hashtags_keep_different_keys(one: str, other: str) -> None:
    assert hashtag_key(one) != hashtag_key(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("انظر https://example.org/a،", ["https://example.org/a"]),
        ("هل رأيت https://example.org/a؟", ["https://example.org/a"]),
        ("https://example.org/a؛ ثم", ["https://example.org/a"]),
        ("«https://example.org/a»", ["https://example.org/a"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://en.wikipedia.org/wiki/Primer_(film)", ["https://en.wikipedia.org/wiki/Primer_(film)"]),
        ("(https://en.wikipedia.org/wiki/A_(b))", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("الرابط:https://example.org/a", ["https://example.org/a"]),
        ("رابطhttps://example.org/a", ["https://example.org/a"]),
        ("https://ar.wikipedia.org/wiki/خبز", ["https://ar.wikipedia.org/wiki/خبز"]),
        ("https://مثال.إختبار/صفحة", ["https://مثال.إختبار/صفحة"]),
        ("\u2067https://example.org/a\u2069", ["https://example.org/a"]),
        ("\u200fhttps://example.org/a\u200f", ["https://example.org/a"]),
        ("https://user:pass@example.org/", ["https://user:pass@example.org/"]),
        ("example.com", ["https://example.com"]),
        ("www.example.org/a", ["https://www.example.org/a"]),
        ("read README.md and run main.py", []),
        ("version 1.2.3 costs 4.50", []),
        ("alice@example.com", []),
        ("ftp://example.org javascript:alert(1) //example.org mailto:a@example.org", []),
        ("http://localhost http://intranet/", []),
        ("https://xn--0.مرحبا", ["https://xn--0.مرحبا"]),
        ("https://", []),
        ("https://example.org/" + "a" * LONGEST_URL, []),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert _links(text) == expected


@given(st.text(alphabet=st.sampled_from("@#＠＃_.:/ -ab١اوéの‌\u202e\n,()؟htps"), max_size=60))
def test_positions_are_in_order_inside_the_text_and_say_what_stands_there(text: str) -> None:
    end = 0
    for found in find_entities(text):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        end = found.end


@pytest.mark.parametrize(
    "piece",
    [
        "&;",
        "(((",
        "http://",
        "@a",
        "@a.",
        "@a@b.",
        "@_@",
        "ا@",
        "#a",
        "##",
        "a.co",
        "www.",
        "https://a.bc/(",
        'https://x.co/"',
        "http://a.com/?",
        "http://[",
        "é",
        "1.1.",
        "a_",
        "xn--",
        "https://x.com/)",
    ],
)
def test_cve_2024_45230_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        return min(_timed(text) for _ in range(3))

    # windows of 2,048 characters bound what one link may cost; beyond them time is linear
    assert seconds(40_000) < max(6 * seconds(20_000), 0.1)
    assert seconds(20_000) < 5


def _timed(text: str) -> float:
    start = time.process_time()
    find_entities(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "\u2028javascript:alert(1)",
        "java\nscript:alert(1)",
        "//example.org",
        "/path",
        "",
        "https://",
        "https://bank.example@evil.example/",
        "http:example.org",
        "https:\\\\evil.example",
        "https://evil.example\\@bank.example",
        "data:text/html,x",
        "https://a b.example",
        "https://exa\x00mple.org",
        "https://example.org/\u2028x",
        "ftp://example.org",
        "https://example.org/" + "a" * 4097,
    ],
)
def test_what_is_not_an_absolute_web_address_is_no_link(url: str) -> None:
    assert absolute_link(url) is None


def test_an_absolute_web_address_is_kept_as_it_is() -> None:
    for url in (
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://مثال.إختبار/صفحة?س=١",
        "HTTPS://E.org/@a",
    ):
        assert absolute_link(url) == url
