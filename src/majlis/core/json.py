"""The one reader of JSON that others wrote, and the one writer.

Invariant: what :func:`decode` returns means the same to every reader of the same bytes. The usual
readers keep the last of two equal keys in silence, take NaN, and run out of stack at a thousand
brackets; whoever verifies one reading and uses another has verified nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any, Final, TypeVar

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

LARGEST: Final = 1024 * 1024
DEEPEST: Final = 64

T = TypeVar("T")
# Any reader of this can only narrow it down: an object, array, string, number, boolean or null.
Json = Any


class JsonTooLarge(BadInput):
    """More bytes than are read."""

    status = 413
    default_code = "json_too_large"


_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_LONG_INTEGER: Final = re.compile(rb"(?<![0-9.])-?[0-9]{19,}(?![0-9.eE])")
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def decode(data: bytes, *, largest: int = LARGEST, deepest: int = DEEPEST) -> Json:
    """The value in the bytes, or BadInput with a sentence that says what is wrong.

    Refused: more than ``largest`` bytes, more than ``deepest`` levels, what is not UTF-8, two equal
    keys in an object, NaN and Infinity (1e999 too), integers beyond 64 bits, half of a surrogate pair,
    anything before or after the one value (RFC 8259; RFC 7493, I-JSON).
    """
    if len(data) > largest:
        raise JsonTooLarge(_("The data sent is too large."), cause=f"{len(data)} bytes of JSON")
    outside = _outside_strings(data)
    if not all(-(2**63) <= int(digits) < 2**64 for digits in _long_integers(outside)):
        raise _refusal(_("The data sent is not valid JSON."), "json_malformed", "an integer beyond 64 bits")
    if _depth(outside, deepest) > deepest:
        raise _refusal(_("The data sent is nested too deep."), "json_too_deep", f"more than {deepest} levels")
    try:
        value = msgspec.json.decode(data)
        again = msgspec.json.encode(value)
    except UnicodeDecodeError as error:
        raise _refusal(_("The data sent is not UTF-8."), "json_not_utf8", str(error)) from None
    except (msgspec.DecodeError, OverflowError, RecursionError) as error:
        raise _refusal(_("The data sent is not valid JSON."), "json_malformed", str(error)) from None
    # Of equal keys the reader keeps one: then fewer come out than went in. Counting them is
    # cheaper than a look at every object from Python.
    if outside.count(b":") != _outside_strings(again).count(b":"):
        raise _refusal(
            _("The data sent says the same thing twice."), "json_duplicate_key", "a key occurs twice"
        )
    return value


def decode_as(data: bytes, kind: type[T], *, largest: int = LARGEST, deepest: int = DEEPEST) -> T:
    """The value as a msgspec struct or other type, read as strictly; BadInput when it does not fit."""
    value = decode(data, largest=largest, deepest=deepest)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadInput(
            _("The data sent is not what is expected here."), code="json_unfit", cause=str(error)
        ) from None


def array_reader(kind: type[T], *, largest: int) -> Callable[[bytes], T]:
    """A quick reader of others' JSON for types of nothing but arrays, texts and numbers.

    As strict as :func:`decode_as`, at a fifth of its cost: where no object fits no key can occur twice, and the type
    says how deep it goes. What does not fit is read by it once more, so the refusals are the same ones. Where a
    fraction fits, an integer may have any length.
    """
    decoder = msgspec.json.Decoder(kind)

    def read(data: bytes) -> T:
        if len(data) > largest:
            raise JsonTooLarge(_("The data sent is too large."), cause=f"{len(data)} bytes of JSON")
        try:
            return decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, OverflowError, RecursionError):
            return decode_as(data, kind, largest=largest)

    return read


def decode_own(data: bytes | str) -> Json:
    """A value from bytes this house wrote itself (its database, its spool), read quickly. Never for input."""
    return msgspec.json.decode(data)


def own_reader(kind: type[T]) -> Callable[[bytes | str], T]:
    """A quick reader of values of one type that this house wrote (a column of the database)."""
    return msgspec.json.Decoder(kind).decode


def encode(value: object) -> bytes:
    """The value as compact UTF-8 JSON. Lazy translations become text; unknown types raise TypeError."""
    return _writer.encode(value)


def _outside_strings(data: bytes) -> bytes:
    """The JSON without its strings: every other part between the quotes that are not escaped."""
    if b"\\" in data:
        data = data.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(data.split(b'"')[::2])


def _long_integers(outside: bytes) -> Iterator[bytes]:
    """Integers of nineteen digits and more, cut at thirty: enough to see that they are too large."""
    return (match[0][:30] for match in _LONG_INTEGER.finditer(outside))


def _depth(outside: bytes, deepest: int) -> int:
    """The deepest nesting of brackets; not counted when there are too few to matter."""
    if outside.count(b"[") + outside.count(b"{") <= deepest:
        return 0
    brackets = outside.translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _refusal(sentence: Promise, code: str, cause: str) -> BadInput:
    return BadInput(sentence, code=code, cause=cause)


def _plain(value: object) -> object:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_writer: Final = msgspec.json.Encoder(enc_hook=_plain)
