"""The queries of this package."""

from __future__ import annotations

from typing import Final

from majlis.core import sql
from majlis.posts.visibility import SEES

SQL: Final = sql.load("majlis.studio.voice", visible=SEES)
