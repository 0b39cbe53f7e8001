"""Splitting arrays while they stream."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.networks.archives.items import Item, Trouble, items
from majlis.networks.archives.limits import DEFAULT, Limits

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def split(
    data: bytes, *, keys: tuple[str, ...] = (), size: int = 7, limits: Limits = DEFAULT
) -> list[object]:
    found = items(chunks(data, size), keys=keys, limits=limits)
    return [each.code if isinstance(each, Trouble) else json.loads(each.raw) for each in found]


@given(st.lists(json_values), st.integers(1, 64), st.booleans(), st.sampled_from([None, 1]))
def test_the_items_are_those_of_the_array(
    values: list[object], size: int, ascii_: bool, indent: int | None
) -> None:
    data = json.dumps(values, ensure_ascii=ascii_, indent=indent).encode("utf-8", "surrogatepass")
    assert split(data, size=size) == values


@given(
    st.lists(json_values, max_size=5), st.dictionaries(st.text(min_size=1), json_values), st.integers(1, 64)
)
def test_an_array_is_found_among_other_things(
    values: list[object], others: dict[str, object], size: int
) -> None:
    document = {**{f"x{key}": value for key, value in others.items()}, "wanted": values, "xx": others}
    assert split(json.dumps(document).encode(), keys=("wanted",), size=size) == values


def test_two_arrays_are_told_apart_by_their_keys() -> None:
    data = b'{"photos": [1, 2], "other": [[3]], "videos": ["4"]}'
    found = list(items(chunks(data, 3), keys=("photos", "videos"), limits=DEFAULT))
    assert [(each.key, each.raw) for each in found if isinstance(each, Item)] == [
        ("photos", b"1"),
        ("photos", b"2"),
        ("videos", b'"4"'),
    ]


@pytest.mark.parametrize(
    "start", ["", "\ufeff", "window.YTD.tweets.part0 = ", "Grailbird.data.tweets_2012_01 =\n ", "\n"]
)
def test_an_assignment_before_the_array_is_passed_over(start: str) -> None:
    assert split(f'{start}[{{"a": "]"}}];'.encode()) == [{"a": "]"}]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", ["part_not_json"]),
        (b"hello", ["part_not_json"]),
        (b"<html>[1]", ["part_not_json"]),
        ('[{"a": 1}]'.encode("utf-16"), ["item_encoding"]),
        ('[{"a": 1}]'.encode("utf-32-le"), ["item_encoding"]),
        (b'{"other": [1]}', ["part_not_json"]),
        (b"[1, 2", [1, "member_broken"]),
        (b'[1, "2', [1, "member_broken"]),
        (b"[", ["member_broken"]),
        (b"[]", []),
    ],
)
def test_what_is_no_array_is_one_line(data: bytes, found: list[object]) -> None:
    assert split(data) == found


def test_one_item_that_is_too_large_costs_one_item() -> None:
    limits = Limits(item_bytes=1000)
    large = [["x" * 20] * 100]
    data = json.dumps([1, large, 2, "y" * 990, 3]).encode()
    assert split(data, limits=limits, size=50) == [1, "item_too_large", 2, "y" * 990, 3]


def test_a_text_without_end_ends_the_part_and_not_the_memory() -> None:
    endless = (b"[1, " if number == 0 else b'"' if number == 1 else b"x" * 1000 for number in range(10**9))
    found = list(items(endless, keys=(), limits=Limits(item_bytes=10_000)))
    assert [each.code for each in found if isinstance(each, Trouble)] == ["item_too_large"]
