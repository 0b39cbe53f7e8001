"""Fields of objects that somebody else wrote: asked for by type, and absent when they are of another."""

from __future__ import annotations

from collections.abc import Iterator

from majlis.networks.archives.records import Fields


def text(item: Fields, *keys: str) -> str | None:
    """The first of the fields that is a string."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str):
            return value
    return None


def number(item: Fields, key: str) -> int | None:
    """A whole number, written as a number or as digits; None outside of 64 bits."""
    value = item.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 2**63 else None


def truth(item: Fields, key: str) -> bool:
    """Whether the field is true, and nothing that merely resembles it."""
    return item.get(key) is True


def mapping(item: Fields, *path: str) -> Fields:
    """The object at the path; an empty one when any step is missing."""
    value: object = item
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def mappings(item: Fields, key: str) -> Iterator[Fields]:
    """The objects in the list at the field; a single object counts as a list of one."""
    value = item.get(key)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each


def texts(item: Fields, key: str) -> list[str]:
    """The strings in the list at the field; a single string counts as a list of one."""
    value = item.get(key)
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
