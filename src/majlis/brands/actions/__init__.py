"""Changing what is a page's. What is the team's takes an :class:`~majlis.brands.access.OnTeam`."""

from majlis.brands.actions.describing import (
    OfferingPhoto,
    change_offering,
    describe,
    move_offering,
    pin_offering,
    remove_offering,
    set_hours,
)
from majlis.brands.actions.reviewing import answer_review, remove_review, report_review, write_review
from majlis.brands.actions.team import (
    accept_invitation,
    change_role,
    end_role,
    hand_over,
    hashed,
    invite,
    invite_by_link,
    leave,
    refuse_invitation,
    withdraw_invitation,
)
from majlis.brands.actions.verifying import ask_for_check, claim_domain, forget_domain, record_check

__all__ = [
    "OfferingPhoto",
    "accept_invitation",
    "answer_review",
    "ask_for_check",
    "change_offering",
    "change_role",
    "claim_domain",
    "describe",
    "end_role",
    "forget_domain",
    "hand_over",
    "hashed",
    "invite",
    "invite_by_link",
    "leave",
    "move_offering",
    "pin_offering",
    "record_check",
    "refuse_invitation",
    "remove_offering",
    "remove_review",
    "report_review",
    "set_hours",
    "withdraw_invitation",
    "write_review",
]
