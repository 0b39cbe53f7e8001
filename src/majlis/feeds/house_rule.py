"""The rule of this house for the order of home feeds: which recipe where nobody chose, and whether members may.

Set in the back office, public at ``/about/feed``, kept with who and when. Every process remembers it and hears of
a change by the change log. Apps get the newest first whatever it says: they expect it and cannot say otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import changes, sql
from majlis.core.changes import Line
from majlis.core.errors import BadInput
from majlis.core.ids import new_id
from majlis.feeds.memory import MEMORY
from majlis.feeds.recipes import CHRONOLOGICAL, RECIPES
from majlis.feeds.statements import NEWEST

CHANGED: Final = "house_rule.changed"
Choice = Literal["house", "members"]
_CHOICES: Final = ("house", "members")


class HouseRule(msgspec.Struct, frozen=True):
    """``recipe`` orders feeds; with ``choice`` "members" each may take another. ``since`` is None while nobody
    has set anything."""

    recipe: str = CHRONOLOGICAL
    choice: Choice = "members"
    since: datetime | None = None
    by: str | None = None

    def recipe_for(self, chosen: str) -> str:
        """The recipe for a member who chose this (nothing: empty)."""
        return chosen if self.choice == "members" and chosen in RECIPES else self.recipe


_remembered: HouseRule | None = None
_clock = 0


def in_force() -> HouseRule:
    """The rule in force; from memory where the process follows the change log."""
    global _remembered
    if MEMORY.live and _remembered is not None:
        return _remembered
    clock = _clock
    found = next(iter(history(limit=1)), HouseRule())
    if MEMORY.live and clock == _clock:
        _remembered = found
    return found


def history(*, limit: int = 20) -> list[HouseRule]:
    """The rules there were, newest first. One query."""
    return [HouseRule(*row) for row in sql.rows(NEWEST["house_rules"], limit=limit)]


@transaction.atomic
def set_rule(*, recipe: str, choice: str, by: int, at: datetime) -> None:
    """Another rule from now on. ``by`` is the operator's login; the caller writes the operators' book.

    Raises:
        BadInput: there is no such recipe or choice.
    """
    if recipe not in RECIPES or choice not in _CHOICES:
        raise BadInput(_("There is no such choice."), field="recipe", cause=f"{recipe} {choice}"[:80])
    sql.execute(NEWEST["set_house_rule"], id=new_id(), recipe=recipe, choice=choice, by=by, at=at)
    changes.append(CHANGED, 0, at=at)


def forget(_line: Line | None = None) -> None:
    """It changed, or the log does not reach back to where this process was."""
    global _remembered, _clock
    _clock += 1
    _remembered = None
