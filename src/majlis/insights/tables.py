"""The queries of this module, and the space of its locks."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

SQL: Final = sql.load("majlis.insights")
SPACE: Final = 1_463_701
"""The first number of advisory locks about facts as a whole (the second: 0 erasing, 1 archiving); the next one is
of single pages (the second: a hash of the page)."""
