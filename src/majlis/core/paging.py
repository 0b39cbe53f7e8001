"""Paging by id, the way Mastodon's clients page: newest first, in both directions, with Link headers.

``max_id`` reads older items than that id. ``since_id`` reads the newest items of all, down to that id
at most. ``min_id`` reads upward: the items that follow directly after that id, still given newest
first. The three may be combined; ``min_id`` wins over ``since_id``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

Item = TypeVar("Item")
Other = TypeVar("Other")

HIGHEST: Final = 2**63 - 1
_CURSORS: Final = ("max_id", "since_id", "min_id")


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for: ids that bound it, none of them included, and the most items wanted."""

    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None
    limit: int = 20

    @classmethod
    def parse(cls, given: Mapping[str, Any], *, default: int = 20, most: int = 40) -> Page:
        """A page from the parameters of a request; ``limit`` is brought between 1 and ``most``.

        Empty parameters count as absent (apps send them).

        Raises:
            BadInput: a parameter is no number.
        """
        limit = _number(given, "limit")
        return cls(
            **{name: _number(given, name) for name in _CURSORS},
            limit=default if limit is None else min(max(limit, 1), most),
        )

    @property
    def upward(self) -> bool:
        """Whether the items next to the lower bound are wanted, rather than the newest."""
        return self.min_id is not None

    @property
    def first(self) -> bool:
        """Whether it begins at the newest, with no bound at all."""
        return self.max_id is None and self.min_id is None and self.since_id is None

    @property
    def order(self) -> str:
        """``ASC`` or ``DESC``: how the database must sort for ``LIMIT`` to keep the right items."""
        return "ASC" if self.upward else "DESC"

    @property
    def below(self) -> int:
        """Ids on the page are lower than this."""
        return HIGHEST if self.max_id is None else self.max_id

    @property
    def above(self) -> int:
        """Ids on the page are higher than this."""
        return self.min_id if self.min_id is not None else self.since_id or 0

    def bounds(self) -> dict[str, int]:
        """Parameters for SQL: ``id < %(below)s AND id > %(above)s ORDER BY id … LIMIT %(limit)s``."""
        return {"below": self.below, "above": self.above, "limit": self.limit}

    def slice_of(self, found: Iterable[tuple[int, Item]]) -> Slice[Item]:
        """The slice of the (cursor, item) pairs that a query with this page's bounds and order gave."""
        pairs = list(found)
        if self.upward:
            pairs.reverse()
        cursors = [cursor for cursor, _item in pairs]
        return Slice(
            items=tuple(item for _cursor, item in pairs),
            newest=cursors[0] if cursors else None,
            oldest=cursors[-1] if cursors else None,
            full=len(pairs) >= self.limit,
        )


@dataclass(frozen=True)  # slots and Generic do not go together when frozen
class Slice(Generic[Item]):
    """One page of items, newest first, and the cursors at its two ends (not always the items' own ids)."""

    items: tuple[Item, ...]
    newest: int | None
    oldest: int | None
    full: bool  # as many as were asked for, so that there may be older ones

    def replace(self, change: Callable[[Sequence[Item]], Sequence[Other]]) -> Slice[Other]:
        """The same page with other items in place of these: hydrated, or with some left out by a rule."""
        return Slice(tuple(change(self.items)), self.newest, self.oldest, self.full)

    def link_header(self, url: str, parameters: Mapping[str, Any] | None = None) -> str:
        """The Link header (RFC 8288): ``next`` leads to older items, ``prev`` to newer ones.

        ``url`` is absolute and without query; ``parameters`` (limit and the like) are kept. Empty when
        the page is empty; ``next`` is left out after the last page.
        """
        kept = {name: value for name, value in (parameters or {}).items() if name not in _CURSORS}
        links = []
        if self.full and self.oldest is not None:
            links.append(_link(url, {**kept, "max_id": self.oldest}, "next"))
        if self.newest is not None:
            links.append(_link(url, {**kept, "min_id": self.newest}, "prev"))
        return ", ".join(links)


def _link(url: str, parameters: Mapping[str, Any], relation: str) -> str:
    return f'<{url}?{urlencode(parameters, doseq=True)}>; rel="{relation}"'


def _number(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    text = str(value)
    # isdecimal alone would take Arabic-Indic digits too, and int() a megabyte of them
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise BadInput(_("A page is asked for with numbers."), field=name, cause=f"{name}={text[:40]!r}")
    return min(int(text), HIGHEST)
