"""What each role of a team may do. One table, for every door, page and endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The part somebody has in a team. There is one of them per member and page."""

    OWNER = "owner"
    EDITOR = "editor"
    SUPPORT = "support"
    ANALYST = "analyst"
    ADVERTISER = "advertiser"


class Permission(StrEnum):
    """What somebody may do for a page."""

    READ = "read"  # calendar, drafts, library, who is on the team
    WRITE = "write"  # drafts, slots, campaigns, library
    APPROVE = "approve"  # say yes or no to what waits for it
    PUBLISH = "publish"  # schedule and publish; what needs approval is approved first
    ANSWER = "answer"  # whoever speaks to the page, in the page's name
    CARE = "care"  # what is promised to them: hours and times, rules, causes, saved replies, fixes
    MEASURE = "measure"  # reach, links, conversions, exports
    TRACK = "track"  # make tracked links, goals, promo codes
    PROMOTE = "promote"  # spend the balance
    MONEY = "money"  # see hours of the team, costs, margins, what a month came to
    BUDGET = "budget"  # write costs, rates and margins, close a month
    CUSTOMERS = "customers"  # lists of customers, their tables, segments, merging and erasing
    CUSTOMER = "customer"  # find one customer and read her record
    COUNT_CUSTOMERS = "count_customers"  # how many, and what groups are worth; nobody's name
    DESCRIBE = "describe"  # what the page says of itself: hours, offerings, cover
    CONNECT = "connect"  # secrets of shops, verification
    TEAM = "team"  # invite, change and end roles; say whether what is planned needs somebody else's yes


_P = Permission
MAY: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: frozenset(
        {
            _P.READ,
            _P.WRITE,
            _P.APPROVE,
            _P.PUBLISH,
            _P.ANSWER,
            _P.CARE,
            _P.MEASURE,
            _P.TRACK,
            _P.DESCRIBE,
            _P.CUSTOMERS,
            _P.CUSTOMER,
            _P.COUNT_CUSTOMERS,
        }
    ),
    Role.SUPPORT: frozenset({_P.READ, _P.ANSWER, _P.CUSTOMER}),
    Role.ANALYST: frozenset({_P.READ, _P.MEASURE, _P.MONEY, _P.COUNT_CUSTOMERS}),
    Role.ADVERTISER: frozenset({_P.READ, _P.MEASURE, _P.TRACK, _P.PROMOTE}),
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that may do this, for SQL."""
    return [role.value for role in Role if permission in MAY[role]]


def allows(role: Role, permission: Permission) -> bool:
    """Whether somebody in this role may do this."""
    return permission in MAY[role]
