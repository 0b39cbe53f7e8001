"""From the bytes of an archive's parts to objects, each item through the strict reader on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from majlis.core import json
from majlis.core.errors import Refused
from majlis.networks.archives.container import BrokenMemberError, Container
from majlis.networks.archives.items import Item, items
from majlis.networks.archives.records import Fields, Skipped

# A backslash and what it escapes; half a pair is what a text cut in the middle of an emoji leaves behind.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_ASSIGNMENT: Final = re.compile(rb"\s*[A-Za-z_$][\w.$]*\s*=\s*")
_BOM: Final = b"\xef\xbb\xbf"


def objects(
    container: Container, name: str, *, keys: tuple[str, ...] = ()
) -> Iterator[tuple[str, Fields] | Skipped]:
    """The objects of a part's array (or of the arrays under ``keys``), and a line for each that is broken."""
    for key, value in values(container, name, keys=keys):
        if isinstance(value, dict):
            yield key, value
        elif isinstance(value, Skipped):
            yield value
        else:
            yield Skipped(what=name, code="item_shape")


def values(container: Container, name: str, *, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """As ``objects``, for arrays that also hold strings; a broken item is a Skipped in its place."""
    count = 0
    try:
        with container.open(name) as stream:
            for part in items(iter(stream), keys=keys, limits=container.limits):
                count += 1
                what = f"{name}: {count}"
                if isinstance(part, Item):
                    yield part.key, _value(part.raw, what=what, most=container.limits.item_bytes)
                else:
                    yield "", _skipped(what, part.code, limit=container.limits.item_bytes)
    except BrokenMemberError as broken:
        yield "", Skipped(what=name, code=broken.code, params=broken.params)


def whole(container: Container, name: str) -> object:
    """A small part decoded at once, or the Skipped that says why it cannot be."""
    most = container.limits.part_bytes
    try:
        raw = container.read(name, up_to=most)
    except BrokenMemberError as broken:
        return Skipped(what=name, code=broken.code, params=broken.params)
    raw = raw.removeprefix(_BOM)
    match = _ASSIGNMENT.match(raw[:1024])
    return _value(raw[match.end() :] if match else raw, what=name, most=most)


def _value(raw: bytes, *, what: str, most: int) -> object:
    try:
        raw.decode("utf-8")
        return json.decode(_whole_characters(raw), largest=most)
    except UnicodeDecodeError:
        return Skipped(what=what, code="item_encoding")
    except Refused:
        return Skipped(what=what, code="item_not_json")


def _whole_characters(raw: bytes) -> bytes:
    """The text with each escaped half of a pair replaced by U+FFFD, which the strict reader takes."""
    if not _HALF.search(raw):
        return raw
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["half"] else match[0], raw)


def _skipped(what: str, code: str, *, limit: int) -> Skipped:
    return Skipped(what=what, code=code, params={"limit": str(limit)})
