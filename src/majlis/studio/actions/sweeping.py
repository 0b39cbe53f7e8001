"""What nobody needs any more goes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from majlis.core import sql
from majlis.studio.actions.entries import BACK_WITHIN
from majlis.studio.statements import SQL

IMPORT_LASTS: Final = timedelta(days=1)
_AT_ONCE: Final = 500


def sweep(*, at: datetime) -> int:
    """Remove entries thrown away thirty days ago, review links that opened nothing for as long, and plans that
    were looked at and not taken; how many rows."""
    before = at - BACK_WITHIN
    return (
        sql.execute(SQL["purge_discarded"], before=before, limit=_AT_ONCE)
        + sql.execute(SQL["purge_links"], before=before, limit=_AT_ONCE)
        + sql.execute(SQL["purge_imports"], before=at - IMPORT_LASTS)
    )
