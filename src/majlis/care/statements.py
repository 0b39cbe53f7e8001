"""The SQL of care."""

from __future__ import annotations

from typing import Final

from majlis.core import sql
from majlis.posts.visibility import SEES

SQL: Final = sql.load(
    "majlis.care", visible=SEES, visible_to_page=SEES.replace("%(viewer)s", "§_page.profile_id")
)
