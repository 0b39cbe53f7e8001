"""The SQL of the studio's plan, with the one shape of an entry put into each query, and who may have made a review link."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

# l is the link, g its page
_MADE_WELL: Final = """(l.made_by_id = l.page_id OR EXISTS (
    SELECT FROM brands_teammember t WHERE t.page_id = l.page_id AND t.member_id = l.made_by_id
    AND t.role = ANY(CASE WHEN g.approval_needed THEN %(owners)s::text[] ELSE %(approvers)s::text[] END)))"""
SQL: Final = sql.load(
    "majlis.studio", entry=sql.load("majlis.studio", "entries.sql")["entry"], made_well=_MADE_WELL
)
