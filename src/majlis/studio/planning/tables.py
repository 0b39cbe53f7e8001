"""The queries of this package."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

SQL: Final = sql.load("majlis.studio.planning")
