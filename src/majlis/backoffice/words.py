"""Names of what operators choose among."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: Final[dict[str, Promise]] = {
    "none": _("Do nothing"),
    "mark_statuses_as_sensitive": _("Mark posts as sensitive"),
    "delete_statuses": _("Take posts down"),
    "take_down": _("Take reviews down"),
    "silence": _("Limit"),
    "suspend": _("Suspend"),
    "disable": _("Close the login"),
}
EFFECTS: Final[dict[str, Promise]] = {
    "none": _("The reporter is told that nothing was found."),
    "mark_statuses_as_sensitive": _("Photos of the chosen posts are covered until somebody opens them."),
    "delete_statuses": _("Nobody sees the chosen posts any more."),
    "take_down": _("Nobody sees the chosen reviews any more; the stars do not count."),
    "silence": _("Only those who follow the profile see it."),
    "suspend": _("Nobody sees the profile or its posts. The last profile of a login closes the login too."),
    "disable": _("Nobody can sign in with it; all its profiles are hidden."),
}
OF_POSTS: Final = ("mark_statuses_as_sensitive", "delete_statuses")
OF_THINGS: Final = ("take_down",)
DANGEROUS: Final = ("delete_statuses", "take_down", "suspend", "disable")
CATEGORIES: Final[dict[str, Promise]] = {
    "spam": _("Spam"),
    "legal": _("Against the law"),
    "violation": _("Against the rules"),
    "other": pgettext_lazy("report", "Something else"),
}


def choices(*, with_posts: bool, with_things: bool = False, chosen: str = "none") -> list[dict[str, object]]:
    """What can be decided, for a form; about a profile alone there are no posts to choose."""
    return [
        {"value": kind, "label": label, "text": EFFECTS[kind], "chosen": kind == chosen}
        for kind, label in KINDS.items()
        if (with_posts or kind not in OF_POSTS) and (with_things or kind not in OF_THINGS)
    ]
