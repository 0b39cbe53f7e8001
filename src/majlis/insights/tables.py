"""The queries of this module, and the space of its locks."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

SQL: Final = sql.load("majlis.insights")
SPACE: Final = 1_463_701
"""The first number of advisory locks about facts. The second: 0 for erasing, else a hash of the page."""
