"""Circles and lists. Everything here is for the owner alone: who is in one does not learn of it."""

from __future__ import annotations

from collections.abc import Iterable

from majlis.core.paging import Page, Slice
from majlis.core.sql import column, rows
from majlis.people.queries.sql import SQL, page_of
from majlis.people.views import CircleView, ListPart, ListView


def circles(*, owner_id: int) -> list[CircleView]:
    """The owner's circles by name, each with the number of its members."""
    return [CircleView(*row) for row in rows(SQL["circles"], owner=owner_id, circle=None)]


def circle(*, owner_id: int, circle_id: int) -> CircleView | None:
    """One circle of the owner; None for an unknown one and for somebody else's alike."""
    found = rows(SQL["circles"], owner=owner_id, circle=circle_id)
    return CircleView(*found[0]) if found else None


def circle_members(*, owner_id: int, circle_id: int, page: Page) -> Slice[int]:
    """Who is in a circle of the owner, last added first. Empty for somebody else's circle."""
    found = page_of("circle_members", page, owner=owner_id, circle=circle_id)
    return page.slice_of((row[0], row[1]) for row in found)


def circle_member_ids(*, owner_id: int, circle_id: int) -> list[int]:
    """Everybody in a circle of the owner, in no order."""
    return column(SQL["circle_member_ids"], owner=owner_id, circle=circle_id)


def circles_containing(*, owner_id: int, member_id: int) -> list[int]:
    """In which of the owner's circles somebody is."""
    return column(SQL["circles_containing"], owner=owner_id, member=member_id)


def lists(*, owner_id: int) -> list[ListView]:
    """The owner's lists, the oldest first."""
    return [ListView(*row) for row in rows(SQL["lists"], owner=owner_id, list=None)]


def one_list(*, owner_id: int, list_id: int) -> ListView | None:
    """One list of the owner; None for an unknown one and for somebody else's alike."""
    found = rows(SQL["lists"], owner=owner_id, list=list_id)
    return ListView(*found[0]) if found else None


def list_members(*, owner_id: int, list_id: int, page: Page) -> Slice[int]:
    """Who is on a list of the owner, last added first. Empty for somebody else's list."""
    found = page_of("list_members", page, owner=owner_id, list=list_id)
    return page.slice_of((row[0], row[1]) for row in found)


def list_member_ids(*, owner_id: int, list_id: int) -> list[int]:
    """Everybody on a list of the owner, in no order."""
    return column(SQL["list_member_ids"], owner=owner_id, list=list_id)


def lists_with(*, list_ids: Iterable[int], profile_ids: Iterable[int]) -> dict[int, ListPart]:
    """Many lists at once, each with those of the profiles that are on it; for live streams. One query.

    Whose each list is stands with it: who asks must be that one.
    """
    found = rows(SQL["lists_with"], lists=list(list_ids), ids=list(profile_ids))
    return {row[0]: ListPart(row[1], row[2], frozenset(row[3])) for row in found}


def lists_containing(*, owner_id: int, member_id: int) -> list[int]:
    """On which of the owner's lists somebody is."""
    return column(SQL["lists_containing"], owner=owner_id, member=member_id)
