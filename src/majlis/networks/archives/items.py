"""Splitting a long JSON array into its items while it streams, so that one broken item costs one item.

The whole of a part is never decoded at once: brackets are counted outside of strings, and the bytes of
each item are handed out for the strict reader to judge. Memory is one item and one chunk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from majlis.networks.archives.limits import Limits

# Each token is everything up to and including the next sign of structure outside a string; possessive,
# so that a part without any costs one pass over what is buffered and never more.
_TEXT: Final = rb'"(?:[^"\\]++|\\.)*+"'
_SHALLOW: Final = re.compile(rb'(?:[^"\[\]{},:]++|' + _TEXT + rb")*+[\[\]{},:]", re.DOTALL)
_DEEP: Final = re.compile(rb'(?:[^"\[\]{}]++|' + _TEXT + rb")*+[\[\]{}]", re.DOTALL)


def _value(levels: int) -> bytes:
    """The pattern of one bracketed value of at most so many levels."""
    inner = b"|" + _value(levels - 1) if levels > 1 else b""
    return rb'[\[{](?:[^"\[\]{}]++|' + _TEXT + inner + rb")*+[\]}]"


# One whole item and the comma after it, when it nests no deeper than what the networks write; this is
# what makes a hundred thousand posts a matter of seconds. Everything else goes sign by sign.
_WHOLE: Final = re.compile(rb"\s*+(" + _value(10) + rb")\s*+,", re.DOTALL)
_COMPLETE: Final = re.compile(rb'(?:[^"\[\]{}]++|' + _TEXT + rb")*+", re.DOTALL)
_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[A-Za-z_$][\w.$]*\s*=\s*)?(?=[\[{])")
_START_BYTES: Final = 1024
_OPEN: Final = b"[{"
_CLOSE: Final = b"]}"


class Item(msgspec.Struct, frozen=True):
    """The bytes of one item and the name of the array it stands in (empty for an array on its own)."""

    key: str
    raw: bytes


class Trouble(msgspec.Struct, frozen=True):
    """One item, or the rest of the part, that cannot be handed out; a code of ``reasons.NOT_TAKEN``."""

    code: str


def items(chunks: Iterator[bytes], *, keys: tuple[str, ...], limits: Limits) -> Iterator[Item | Trouble]:
    """The items of the array that the part is, or of the arrays under ``keys`` when it is an object.

    A JavaScript assignment before it (``window.YTD.tweets.part0 =``) is passed over.
    """
    return _Splitter(chunks, keys=keys, limits=limits).run()


class _Splitter:
    """Positions are indexes into ``_buffer``; ``_kept`` is where the item at hand began."""

    def __init__(self, chunks: Iterator[bytes], *, keys: tuple[str, ...], limits: Limits) -> None:
        self._chunks = chunks
        self._keys = keys
        self._most = limits.item_bytes
        self._buffer = b""
        self._at = 0
        self._kept = 0
        self._depth = 0
        self._array_depth = 0  # depth inside the array whose items are wanted; 0 when in none
        self._key = ""
        self._too_large = False
        self._found = False
        self._ended = False

    def run(self) -> Iterator[Item | Trouble]:
        start = self._find_start()
        if start is None:
            yield Trouble("item_encoding" if self._wide() else "part_not_json")
            return
        self._at = self._kept = start
        while (token := self._next()) is not None:
            yield from self._step(token)
            if self._depth == 0:
                break
            yield from self._whole_items()
        else:
            yield Trouble("member_broken" if self._ended else "item_too_large")
        if not self._found:
            yield Trouble("part_not_json")

    def _whole_items(self) -> Iterator[Item]:
        """The items that are complete in the buffer, when the position is at the start of one."""
        if self._depth != self._array_depth or self._kept != self._at:
            return
        while match := _WHOLE.match(self._buffer, self._at):
            if len(match[1]) > self._most:
                return
            yield Item(self._key, match[1])
            self._at = self._kept = match.end()

    def _find_start(self) -> int | None:
        while len(self._buffer) < _START_BYTES and self._more():
            pass
        match = _START.match(self._buffer[:_START_BYTES])
        return match.end() if match and not self._wide() else None

    def _wide(self) -> bool:
        """Whether the part is in UTF-16 or UTF-32, by its first bytes."""
        return self._buffer[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in self._buffer[:4]

    def _next(self) -> bytes | None:
        """The next sign of structure, with ``_at`` behind it; None at the end or in a text without end."""
        while True:
            shallow = self._depth == self._array_depth or self._depth <= 1
            match = (_SHALLOW if shallow else _DEEP).match(self._buffer, self._at)
            if match:
                self._at = match.end()
                return self._buffer[self._at - 1 : self._at]
            if len(self._buffer) - self._at > self._most and (shallow or not self._pass_over()):
                return None
            if not self._more():
                return None

    def _pass_over(self) -> bool:
        """Moves over what is complete inside an item that is too large anyway; false in an endless text."""
        match = _COMPLETE.match(self._buffer, self._at)
        before, self._at = self._at, match.end() if match else self._at
        return self._at > before

    def _more(self) -> bool:
        chunk = next(self._chunks, b"")
        if not chunk:
            self._ended = True
            return False
        if self._at - self._kept > self._most:
            self._too_large = bool(self._array_depth)
            self._kept = self._at
        self._buffer = self._buffer[self._kept :] + chunk
        self._at -= self._kept
        self._kept = 0
        return True

    def _step(self, token: bytes) -> Iterator[Item | Trouble]:
        if token in _OPEN:
            self._open(token)
        elif token in _CLOSE:
            if self._depth == self._array_depth:
                yield from self._item()
                self._array_depth = 0
            self._depth -= 1
            self._forget()
        elif token == b"," and self._depth == self._array_depth:
            yield from self._item()
        elif token == b":" and self._depth == 1 and not self._array_depth:
            self._key = self._kept_text().rstrip(b":").strip().strip(b'"').decode("utf-8", "replace")
            self._kept = self._at
        else:
            self._forget()

    def _open(self, token: bytes) -> None:
        wanted = self._depth == 0 or (self._depth == 1 and self._key in self._keys)
        self._depth += 1
        if token == b"[" and wanted and not self._array_depth:
            self._array_depth = self._depth
            self._found = True
            self._kept = self._at
        self._forget()

    def _forget(self) -> None:
        """Lets go of what was read when it belongs to no wanted item."""
        if not self._array_depth:
            self._kept = self._at

    def _kept_text(self) -> bytes:
        return self._buffer[self._kept : self._at]

    def _item(self) -> Iterator[Item | Trouble]:
        raw = self._kept_text()[:-1].strip()
        too_large, self._too_large = self._too_large or len(raw) > self._most, False
        self._kept = self._at
        if too_large:
            yield Trouble("item_too_large")
        elif raw:
            yield Item(self._key, raw)
