"""The strict JSON reader: what it refuses, and that what it takes it takes as others do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
import pytest
from django.utils.functional import lazystr
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.errors import BadInput
from majlis.core.json import DEEPEST, LARGEST, array_reader, decode, decode_as, decode_own, encode

MALFORMED = "json_malformed"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":2}', "json_duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "json_duplicate_key"),
        (b'{"x":{"a":1,"b":{},"a":2}}', "json_duplicate_key"),
        (b'[{"\\"":1,"\\"":2}]', "json_duplicate_key"),
        (b'{"a":{"b":1},"a":{"b":1,"c":2}}', "json_duplicate_key"),
        (b'{"":1,"":2}', "json_duplicate_key"),
        (b'{":":1,":":2}', "json_duplicate_key"),
        (b"NaN", MALFORMED),
        (b"[Infinity]", MALFORMED),
        (b"-Infinity", MALFORMED),
        (b"1e999", MALFORMED),
        (b"-1e999", MALFORMED),
        (b"18446744073709551616", MALFORMED),
        (b"[-9223372036854775809]", MALFORMED),
        (b"1" * 5000, MALFORMED),
        (b'"\\ud800"', MALFORMED),
        (b'["\\ud800","and more after it"]', MALFORMED),
        (b'["\\udc00 and more after it"]', MALFORMED),
        (b'["\\ud83d\\u0041 and more"]', MALFORMED),
        (b'{"\\ud800 key":1}', MALFORMED),
        (b'"\xed\xa0\x80"', "json_not_utf8"),
        (b'"\xff"', "json_not_utf8"),
        (b'"\xc0\x80"', "json_not_utf8"),
        ('"é"'.encode("latin-1"), "json_not_utf8"),
        ('{"a":1}'.encode("utf-16"), MALFORMED),
        (b'\xef\xbb\xbf{"a":1}', MALFORMED),
        (b"{} {}", MALFORMED),
        (b"1 x", MALFORMED),
        (b"1\x00", MALFORMED),
        (b"", MALFORMED),
        (b"  ", MALFORMED),
        (b"[1,]", MALFORMED),
        (b'{"a":1,}', MALFORMED),
        (b"{'a':1}", MALFORMED),
        (b"{1:2}", MALFORMED),
        (b"// x\n1", MALFORMED),
        (b'"\n"', MALFORMED),
        (b"01", MALFORMED),
        (b"[1}", MALFORMED),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "json_too_deep"),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), "json_too_deep"),
        (b"[" * 100_000, "json_too_deep"),
        (b'["]"' + b',["]"' * DEEPEST + b"]" * (DEEPEST + 1), "json_too_deep"),
        (b" " * (LARGEST + 1), "json_too_large"),
    ],
)
def test_what_readers_disagree_on_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        decode(data)
    assert refusal.value.code == code
    assert refusal.value.cause


@pytest.mark.parametrize(
    "data",
    [
        b"null",
        b"-0",
        b"1e5",
        b"18446744073709551615",
        b"-9223372036854775808",
        b'" \\ud83d\\ude00 \\u0000 \\/"',
        '{"اسم":"سارة","a":[1,2.5,true,null,{}]}'.encode(),
        b"[" * DEEPEST + b"]" * DEEPEST,
        b'["[[[[' + b"[" * 200 + b'"]',
        b'{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
        b'{"\\\\":1,"\\"":2,":":3,"\\\\\\"":4}',
        b'{"a": "x:y\\":z", "b": "\\\\"}',
    ],
)
def test_what_is_sound_is_read_as_others_read_it(data: bytes) -> None:
    assert decode(data) == json.loads(data)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='ab:"\\{[ا'), inner),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert decode(encode(value)) == value
    assert decode(json.dumps(value).encode()) == value
    assert decode_own(encode(value)) == value


@given(st.lists(st.tuples(st.text(alphabet='ab:"\\', max_size=2), JSON_VALUES), max_size=5))
def test_an_object_is_refused_exactly_when_a_key_comes_twice(pairs: list[tuple[str, Any]]) -> None:
    data = b"{" + b",".join(encode(key) + b":" + encode(value) for key, value in pairs) + b"}"
    if len(dict(pairs)) == len(pairs):
        assert decode(data) == dict(pairs)
    else:
        with pytest.raises(BadInput):
            decode(data)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ 1eaN-', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except BadInput:
        return
    assert value == json.loads(data)


def test_the_limits_are_arguments() -> None:
    with pytest.raises(BadInput):
        decode(b"[[1]]", deepest=1)
    with pytest.raises(BadInput):
        decode(b"[1,2,3]", largest=3)
    assert decode(b" " * LARGEST + b"1", largest=LARGEST + 1) == 1


def test_too_large_answers_413() -> None:
    with pytest.raises(BadInput) as refusal:
        decode(b" " * 20, largest=10)
    assert refusal.value.status == 413


class _Follow(msgspec.Struct):
    actor: str
    object: str


def test_a_value_is_read_into_a_type_or_refused() -> None:
    assert decode_as(b'{"actor":"a","object":"b","more":1}', _Follow) == _Follow("a", "b")
    for data in (b'{"actor":"a"}', b'{"actor":"a","object":["b"]}', b"[]"):
        with pytest.raises(BadInput) as refusal:
            decode_as(data, _Follow)
        assert refusal.value.code == "json_unfit"


def test_the_writer_keeps_arabic_and_knows_lazy_text() -> None:
    assert encode({"name": "سارة"}) == '{"name":"سارة"}'.encode()
    assert encode([lazystr("later")]) == b'["later"]'
    with pytest.raises(TypeError):
        encode(object())


class _Line(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    name: str
    number: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
    share: float


_read_lines = array_reader(list[_Line], largest=2_000)
_values = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5), st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)  # fmt: skip
_lines = st.lists(st.tuples(st.text(max_size=5), st.integers(-(2**64), 2**64), st.floats(-1e300, 1e300)))


def _read(read: Callable[[], list[_Line]]) -> list[_Line] | str:
    try:
        return read()
    except BadInput as error:
        return error.code


@given(st.one_of(_lines, st.lists(st.lists(_values, max_size=4), max_size=3), _values))
def test_arrays_are_read_as_the_strict_reader_does(value: Any) -> None:
    for data in (
        json.dumps(value).encode(),
        json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass"),
    ):
        # a fraction may be written as an integer of any length: there it is taken
        strict = _read(lambda data=data: decode_as(data, list[_Line], largest=2_000))
        assert (found := _read(lambda data=data: _read_lines(data))) == strict or isinstance(found, list)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'[["a",1,2]] 3', MALFORMED),
        (b'[["a",1,NaN]]', MALFORMED),
        (b'[["a",1,1e999]]', MALFORMED),
        (b'[["\\ud800",1,2]]', MALFORMED),
        (b'[["\xff",1,2]]', "json_not_utf8"),
        (b'[["a",9223372036854775808,2]]', "json_unfit"),
        (b'[["a",18446744073709551616,2]]', MALFORMED),
        (b'[["a",1]]', "json_unfit"),
        (b'[["a",1,2,3]]', "json_unfit"),
        (b'[{"a":1,"a":2}]', "json_duplicate_key"),
        (b"[" * 100 + b"]" * 100, "json_too_deep"),
        (b"[" + b" " * 2_000 + b"]", "json_too_large"),
    ],
)
def test_what_the_reader_of_arrays_refuses(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        _read_lines(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 10**6,
        b'{"a":' * 200_000,
        b'"' * 10**6,
        b"\\" * 10**6,
        b"[[]," * 250_000,
        b'["a\\' * 200_000,
        b"1" * 10**6,
    ],
)
def test_hostile_bytes_are_refused_quickly(data: bytes) -> None:
    start = time.process_time()
    with pytest.raises(BadInput):
        decode(data)
    assert time.process_time() - start < 10


def test_strictness_costs_little() -> None:
    notes = [
        {"id": f"https://a.test/{n}", "content": "<p>مرحبا</p>" * 8, "tag": [{"type": "Mention"}]}
        for n in range(800)
    ]
    data = encode(notes)

    def best(read: Any) -> float:
        times = []
        for _ in range(15):
            start = time.process_time()
            read(data)
            times.append(time.process_time() - start)
        return min(times)

    # measured: twice the time of the standard library, which refuses none of this
    assert best(decode) < 12 * best(json.loads)
