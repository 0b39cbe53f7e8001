"""Where a link may lead, and how parameters get into an address without breaking it."""

from __future__ import annotations

from math import log2
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.errors import BadInput
from majlis.studio.links import codes, targets


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://shop.example", "https://shop.example/"),
        ("shop.example/bread", "https://shop.example/bread"),
        ("  HTTPS://Shop.Example/Bread  ", "https://shop.example/Bread"),
        ("http://shop.example:8080/?a=1&b=%20x#part", "http://shop.example:8080/?a=1&b=%20x#part"),
        ("https://shop.example/خبز?نوع=قمح#أعلى", None),
        ("https://مخبز.example/", "https://xn--ngbln7e.example/"),
        ("https://shop.example./x", "https://shop.example/x"),
        ("https://93.184.215.14/x", "https://93.184.215.14/x"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x", None),
        ("https://shop.example/a?b=//x.example/c?d", "https://shop.example/a?b=//x.example/c?d"),
    ],
)
def test_addresses_of_the_public_web_are_kept_as_they_are(typed: str, kept: str | None) -> None:
    found = targets.checked_target(typed)
    assert found.isascii()
    assert kept is None or found == kept
    assert targets.checked_target(found) == found


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "javascript:alert(1)", "data:text/html,x", "ftp://shop.example/", "mailto:a@shop.example",
        "//shop.example",
        "https://", "https:///x", "https://user@shop.example/", "https://bank.example@evil.example/",
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://10.0.0.8/", "http://192.168.1.1/admin", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://localhost/", "http://x.localhost/", "http://router.local/",
        "http://intranet/", "http://db.internal/", "https://shop.example\\@evil.example/", "https://shop example/",
        "https://shop.example/\r\nSet-Cookie: a=b", "https://shop.example/" + "a" * 2000, "https://shop.example:0/",
        "https://shop.example:99999/", "https://shop.example/?mj=1", "https://shop.example/?a=1&%6Dj=2", "http://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_what_leads_elsewhere_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        targets.checked_target(typed)
    assert str(refused.value.sentence).endswith(".")
    assert refused.value.field == "target"


def test_a_link_to_a_tracked_link_is_none(settings: Any) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, base_url="https://social.example")
    assert targets.checked_target("https://social.example/@bayt_zaytoun")
    for typed in (
        "https://social.example/l/abcdefghij",
        "HTTP://SOCIAL.example:80/l/x",
        "social.example./l/x",
        "https://social.example/%6C/x",
        "https://social.example/l%2Fx",
    ):
        with pytest.raises(BadInput):
            targets.checked_target(typed)


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
_names = st.text("abcdefghijklmnop_", min_size=1, max_size=6).filter(lambda name: name != "mj")


@given(
    st.lists(st.tuples(_names, _words), max_size=4),
    st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "utm_campaign", "utm_content"]), _words),
    st.sampled_from(["", "#part", "#/route?x=1&mj=2", "#?"]),
    st.sampled_from(["", "/", "/a/b", "/a=b&c;d"]),
)
def test_parameters_join_the_query_and_change_nothing_that_was_there(
    query: list[tuple[str, str]], utm: dict[str, str], fragment: str, path: str
) -> None:
    text = f"https://shop.example{path}" + (f"?{urlencode(query)}" if query else "") + fragment
    kept = targets.checked_target(text)
    before, after = targets.parted(kept, utm)
    token = codes.new_token()
    whole = urlsplit(before + token + after)
    there = parse_qsl(urlsplit(kept).query, keep_blank_values=True)
    added = [(name, value) for name, value in utm.items() if value and name not in dict(there)]
    assert parse_qsl(whole.query, keep_blank_values=True) == [*there, *added, ("mj", token)]
    assert (whole.path, whole.fragment) == (urlsplit(kept).path, urlsplit(kept).fragment)
    assert (before + after).isascii()
    uncounted = urlsplit(targets.plain(kept, utm))
    assert parse_qsl(uncounted.query, keep_blank_values=True) == [*there, *added]
    assert uncounted.fragment == whole.fragment


@pytest.mark.parametrize(
    ("target", "before"),
    [
        ("https://shop.example/?", "https://shop.example/?mj="),
        ("https://shop.example/?a", "https://shop.example/?a&mj="),
        ("https://shop.example/?a=1&", "https://shop.example/?a=1&mj="),
        ("https://shop.example/?utm_source=own", "https://shop.example/?utm_source=own&mj="),
    ],
)
def test_odd_queries_stay_as_they_are(target: str, before: str) -> None:
    assert targets.parted(target, {"utm_source": ""})[0] == before
    assert (
        targets.parted("https://shop.example/?utm_source=own", {"utm_source": "ours"})[0].count("utm_source")
        == 1
    )


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://www.shop.example/x", "shop.example"),
        ("https://xn--ngbln7e.example/", "مخبز.example (xn--ngbln7e.example)"),
        ("https://xn--mnchen-3ya.example/", "münchen.example (xn--mnchen-3ya.example)"),
        ("https://xn--pple-43d.example/", "xn--pple-43d.example"),  # apple with a Cyrillic a
        ("https://xn--80ak6aa92e.example/", "xn--80ak6aa92e.example"),  # apple, all Cyrillic
        ("https://xn--zz--99.example/", "xn--zz--99.example"),
    ],
)
def test_names_in_other_letters_are_shown_as_what_they_are(target: str, shown: str) -> None:
    assert targets.shown_host(target) == shown


def test_codes_are_long_and_never_read_wrong() -> None:
    made = {codes.new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert codes.LENGTH * log2(len(codes.ALPHABET)) > 58
    assert all(codes.is_code(code) and not set(code) & set("0OIl") for code in made)
    assert codes.is_token(codes.new_token())
