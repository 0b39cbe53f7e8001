"""What the member may choose about the reading of an archive."""

from __future__ import annotations

from typing import Literal

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """``boosts``: posts of others that were shared are left out, or kept as a text that says so."""

    boosts: Literal["skip", "text"] = "skip"


DEFAULT = Options()
