"""What links do when something happens below. The table is ``wiring.py``."""

from __future__ import annotations

from majlis.core import changes, sql
from majlis.insights.events import NoLongerMeasured
from majlis.people import events
from majlis.studio.links.memory import LINE, SQL


def page_ended(event: events.ProfileWithdrawn | events.ProfileDeleted) -> None:
    """Links of a page that is gone lead nowhere, in every process, from now on."""
    rows = sql.rows(SQL["codes_of_page"], page=event.profile_id)
    changes.append_many(LINE, [(link_id, {"code": code}) for link_id, code in rows], at=event.at)


def no_longer_measured(event: NoLongerMeasured) -> None:
    """Her clicks are somebody's whom nobody knows."""
    sql.execute(SQL["forget_viewer"], viewer=event.viewer)
