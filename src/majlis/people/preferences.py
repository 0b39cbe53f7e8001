"""What a member prefers when composing and reading. Stored as JSON; absent means the default."""

from __future__ import annotations

from typing import Literal

import msgspec

Permit = Literal["everyone", "followers", "friends", "mentioned", "nobody"]


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """Defaults of the composer, then of reading. Keys unknown to this release are left alone."""

    audience: Literal["public", "unlisted", "followers", "friends", "mentioned"] = "public"
    language: str = ""  # of new posts; empty: the composer finds out
    sensitive: bool = False
    may_reply: Permit = "everyone"
    may_quote: Permit = "everyone"
    media: Literal["default", "show_all", "hide_all"] = "default"  # default: only sensitive is hidden
    open_warnings: bool = False
    theme: Literal["auto", "light", "dark"] = "auto"
    recipe: str = ""  # the order of the home feed on our pages; empty: as the house does
    promotions: bool = True  # may promoted posts stand in her home feed
    experiments: bool = True  # may a post of a page reach her later, so that the page learns what posts do
    second_chance: bool = True  # may a post that she did not see be placed in her home once more
