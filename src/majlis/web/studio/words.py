"""The words of the plan: what an entry's state is called, and how it is marked."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from majlis.studio.states import State

STATES: Final[dict[State, str | Promise]] = {
    State.DRAFT: pgettext_lazy("state of a planned post", "Draft"),
    State.WAITING: pgettext_lazy("state of a planned post", "Waits for a yes"),
    State.CHANGES: pgettext_lazy("state of a planned post", "Changes wanted"),
    State.APPROVED: pgettext_lazy("state of a planned post", "Approved"),
    State.SCHEDULED: pgettext_lazy("state of a planned post", "Scheduled"),
    State.HELD: pgettext_lazy("state of a planned post", "Scheduled, lacks a yes"),
    State.PUBLISHED: pgettext_lazy("state of a planned post", "Published"),
    State.FAILED: pgettext_lazy("state of a planned post", "Did not leave"),
    State.DISCARDED: pgettext_lazy("state of a planned post", "Thrown away"),
}
PROPOSED: Final = pgettext_lazy("state of a planned post", "Proposed by the plan")
#: The badge of each, as components.css has them.
BADGES: Final[dict[State, str]] = {
    State.DRAFT: "",
    State.WAITING: "warn",
    State.CHANGES: "warn",
    State.APPROVED: "good",
    State.SCHEDULED: "accent",
    State.HELD: "warn",
    State.PUBLISHED: "good",
    State.FAILED: "danger",
    State.DISCARDED: "",
}
KIND_ICONS: Final = {"article": "article", "thread": "list", "poll": "poll", "post": ""}
