"""The SQL of the studio's plan, with the one shape of an entry put into each query."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

SQL: Final = sql.load("majlis.studio", entry=sql.load("majlis.studio", "entries.sql")["entry"])
