"""The book of what operators do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from majlis.accounts import queries as accounts
from majlis.safety.models import AuditLine


def audit(
    *, by: int, action: str, target: str = "", detail: Mapping[str, Any] | None = None, at: datetime
) -> None:
    """Write a line, in the transaction of what was done: one is not there without the other.

    ``by`` is the operator's login, ``action`` a stable word such as "report.decide", ``target``
    "kind:id", ``detail`` ids and choices (no words of members, no secrets).
    """
    login = accounts.login(user_id=by)
    who = login.email if login else ""
    AuditLine.objects.create(
        made_at=at, by_id=by, who=who, action=action, target=target, detail=dict(detail or {})
    )
