"""Asking for an import or an export, and doing it. The work itself stands in ``importing`` and ``exporting``."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from majlis.core import json, sql
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, Refused, TooLarge
from majlis.core.jobs import enqueue
from majlis.networks import disk, exporting, importing
from majlis.networks.importing import AUDIENCES, Outcome, Progress, Request
from majlis.networks.models import Export, Import, State

IMPORT_JOB: Final = "networks.import_archive"
EXPORT_JOB: Final = "networks.export_profile"
MOST_BYTES: Final = 4 * 2**30
"""The largest archive that is taken through a page."""
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended(%(key)s, 0))"
_UNLOCK: Final = "SELECT pg_advisory_unlock(hashtextextended(%(key)s, 0))"
EXPORT_KEPT_FOR: Final = timedelta(days=7)


def imports_dir() -> Path:
    """Where uploaded archives wait."""
    folder: Path = settings.MAJLIS.data_dir / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def exports_dir() -> Path:
    """Where finished exports wait for their owners."""
    folder: Path = settings.MAJLIS.data_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


# bringing


def ask_import(
    *, by: int, chunks: Iterable[bytes], name: str, audience: str = "", boosts: bool = False, at: datetime
) -> int:
    """Keep an uploaded archive and have a job take it in; the import's id.

    ``audience`` is the widest that any post may have; empty: as in the archive.

    Raises:
        BadInput: there is no such audience, or the file is empty. TooLarge: it is larger than 4 GB.
        Conflict: another import of hers is going on. NotNow: the disk is full, or may not be written.
    """
    if audience and audience not in AUDIENCES:
        raise BadInput(_("This audience is not known."), field="audience", code="unknown_audience")
    file = secrets.token_hex(16)
    try:
        path = imports_dir() / file
    except OSError as error:
        raise disk.not_kept(error) from error
    try:
        _save(path, chunks)
        with transaction.atomic():
            row = _begin(by, name=name, file=file, audience=audience, state=State.WAITING, at=at)
            enqueue(IMPORT_JOB, {"import_id": str(row.id), "boosts": boosts})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return int(row.id)


def _save(path: Path, chunks: Iterable[bytes]) -> None:
    size = 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge(_("The archive is larger than 4 GB."), code="import_too_large")
                file.write(chunk)
    except OSError as error:
        raise disk.not_kept(error) from error
    if not size:
        raise BadInput(_("The file is empty."), field="archive", code="archive_empty")


def _begin(by: int, *, name: str, file: str, audience: str, state: State, at: datetime) -> Import:
    try:
        with transaction.atomic():
            return Import.objects.create(
                profile_id=by, name=name[:200], file=file, audience=audience, state=state, made_at=at
            )
    except IntegrityError as error:
        raise _running(str(error)) from error


def _running(cause: str) -> Conflict:
    return Conflict(_("An archive of yours is being taken in already."), code="import_running", cause=cause)


def run_import(*, import_id: int, boosts: bool = False, at: datetime) -> None:
    """Do what was asked, to a report; what it was refused for stands in the row. Harmless when repeated."""
    row = Import.objects.filter(id=import_id, state__in=[State.WAITING, State.WORKING]).first()
    if row is None:
        return
    Import.objects.filter(id=import_id).update(state=State.WORKING)
    path = imports_dir() / row.file
    request = Request(
        profile_id=row.profile_id,
        path=path,
        name=row.name,
        audience=row.audience,
        boosts=boosts,
        at=at,
    )
    try:
        _take(import_id, request)
    except Refused:
        pass  # its row says so
    finally:
        path.unlink(missing_ok=True)


def take_in_place(
    *, profile_id: int, path: Path, at: datetime, audience: str = "", progress: Progress | None = None
) -> Outcome:
    """Take in an archive that lies on this machine, at once.

    Raises:
        Conflict: another import of the profile is going on.
        Refused: as ``importing.take``; nothing was taken.
    """
    key = f"networks.import {profile_id}"
    if sql.one(_LOCK, key=key) != (True,):
        raise _running(f"profile {profile_id}")
    try:
        # nobody holds the lock: what says that it works here was killed
        Import.objects.filter(profile_id=profile_id, file="", state=State.WORKING).update(
            state=State.FAILED, failure="import_failed", finished_at=at
        )
        row = _begin(profile_id, name=path.name, file="", audience=audience, state=State.WORKING, at=at)
        request = Request(profile_id=profile_id, path=path, audience=audience, at=at)
        return _take(int(row.id), request, progress=progress)
    finally:
        sql.one(_UNLOCK, key=key)


def _take(import_id: int, request: Request, *, progress: Progress | None = None) -> Outcome:
    def tell(done: int, total: int) -> None:
        Import.objects.filter(id=import_id).update(done=done, total=total)
        if progress:
            progress(done, total)

    ended: dict[str, object] = {"state": State.FAILED, "failure": "import_failed"}
    try:
        outcome = importing.take(request, progress=tell)
        ended = {"state": State.DONE, "network": outcome.network, "report": _as_report(outcome)}
    except Refused as refusal:
        ended = {
            "state": State.FAILED,
            "failure": refusal.code,
            "report": {"why": _in_all_languages(refusal)},
        }
        raise
    finally:
        Import.objects.filter(id=import_id).update(**ended, finished_at=now())
    return outcome


def _in_all_languages(refusal: Refused) -> dict[str, str]:
    """Why, for whoever reads it later in whatever language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(refusal.sentence)
    return said


def _as_report(outcome: Outcome) -> object:
    return json.decode_own(msgspec.json.encode(outcome))


# taking away


def ask_export(*, by: int, at: datetime) -> int:
    """Have a job write everything of a profile into a file; the export's id.

    Raises:
        Conflict: one is being written already.
    """
    try:
        with transaction.atomic():
            row = Export.objects.create(profile_id=by, made_at=at)
            enqueue(EXPORT_JOB, {"export_id": str(row.id)})
    except IntegrityError as error:
        raise Conflict(_("Your export is being written already."), code="export_running") from error
    return int(row.id)


def run_export(*, export_id: int, at: datetime) -> None:
    """Write the file that was asked for. Harmless when repeated."""
    row = Export.objects.filter(id=export_id, state__in=[State.WAITING, State.WORKING]).first()
    if row is None:
        return
    Export.objects.filter(id=export_id).update(state=State.WORKING)
    file = f"{secrets.token_hex(16)}.zip"

    def tell(done: int, total: int) -> None:
        Export.objects.filter(id=export_id).update(done=done, total=total)

    ended: dict[str, object] = {"state": State.FAILED, "failure": "export_failed"}
    try:
        path = exports_dir() / file
        size = exporting.give(profile_id=row.profile_id, path=path, at=at, progress=tell)
        ended = {"state": State.DONE, "file": file, "bytes": size}
    except OSError as error:
        ended = {"state": State.FAILED, "failure": disk.not_kept(error).code}
    finally:
        Export.objects.filter(id=export_id).update(**ended, finished_at=now())


def sweep(*, at: datetime) -> None:
    """Remove exports after a week, and files that belong to no row."""
    old = Export.objects.filter(finished_at__lt=at - EXPORT_KEPT_FOR)
    for row in old:
        if row.file:
            (exports_dir() / row.file).unlink(missing_ok=True)
    old.delete()
    waiting = set(
        Import.objects.filter(state__in=[State.WAITING, State.WORKING]).values_list("file", flat=True)
    )
    before = (at - timedelta(days=1)).timestamp()
    for path in imports_dir().iterdir():
        if path.name not in waiting and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
