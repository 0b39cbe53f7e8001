"""What happens to customers that those must know who count their orders."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class CustomersChanged(Event, frozen=True, kw_only=True):
    """Records came, went together or apart: orders are others' now. In the transaction that holds the lock."""

    page_id: int
    customers: tuple[int, ...]
    at: datetime


class CustomerErased(Event, frozen=True, kw_only=True):
    """A record is no more. ``keys`` are to be forgotten wherever they stand."""

    page_id: int
    customers: tuple[int, ...]
    keys: tuple[str, ...]
    at: datetime


class MemberAnswered(Event, frozen=True, kw_only=True):
    """A member allowed a business to know that she is its customer, refused, or took her word back (``allowed`` None)."""

    page_id: int
    member_id: int
    allowed: bool | None
    at: datetime
