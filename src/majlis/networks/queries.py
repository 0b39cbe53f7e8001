"""How imports and exports stand, for their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import NotThere
from majlis.networks.actions import EXPORT_KEPT_FOR, exports_dir
from majlis.networks.disk import WHY_NOT_KEPT
from majlis.networks.importing import Outcome
from majlis.networks.models import Export, Import

_outcome = json.own_reader(Outcome)


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import of one's own. ``outcome`` once it is done; when it failed a code, and why as a sentence."""

    id: int
    state: str
    network: str
    name: str
    done: int
    total: int
    outcome: Outcome | None
    failure: str
    why: str
    made_at: datetime
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state in ("waiting", "working")


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export of one's own; ``bytes`` and ``kept_until`` once it is ready, ``why`` when it failed."""

    id: int
    state: str
    done: int
    total: int
    bytes: int
    failure: str
    why: str
    made_at: datetime
    kept_until: datetime | None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state in ("waiting", "working")


def imports(*, by: int, limit: int = 10) -> list[ImportView]:
    """One's own imports, the newest first."""
    return [_import(row) for row in Import.objects.filter(profile_id=by).order_by("-id")[:limit]]


def _import(row: Import) -> ImportView:
    outcome = _outcome(json.encode(row.report)) if row.state == "done" else None
    return ImportView(
        row.id,
        row.state,
        row.network,
        row.name,
        row.done,
        row.total,
        outcome,
        row.failure,
        _why(row) if row.state == "failed" else "",
        row.made_at,
        row.finished_at,
    )


def _why(row: Import) -> str:
    """The reason in the reader's language."""
    kept = row.report.get("why", {})
    return str(
        kept.get(get_language() or "en") or kept.get("en") or _("Something went wrong. Nothing was taken.")
    )


def last_export(*, by: int) -> ExportView | None:
    """One's own newest export."""
    row = Export.objects.filter(profile_id=by).order_by("-id").first()
    if row is None:
        return None
    until = row.finished_at + EXPORT_KEPT_FOR if row.finished_at and row.file else None
    why = str(WHY_NOT_KEPT.get(row.failure, _("The file could not be written. Please try again later.")))
    return ExportView(
        row.id,
        row.state,
        row.done,
        row.total,
        row.bytes,
        row.failure,
        why if row.state == "failed" else "",
        row.made_at,
        until,
    )


def export_file(*, by: int, export_id: int) -> Path:
    """The finished file of one's own export.

    Raises:
        NotThere: it is not hers, not finished, or gone.
    """
    row = Export.objects.filter(profile_id=by, id=export_id, state="done").first()
    path = exports_dir() / row.file if row and row.file else None
    if path is None or not path.is_file():
        raise NotThere(
            _("This file is not there any more."),
            code="export_not_there",
            cause=f"export {export_id} for {by}",
        )
    return path
