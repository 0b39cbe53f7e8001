"""Work on pictures that nobody should wait for: long animations, forgotten uploads, files to delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from majlis.core.errors import Refused
from majlis.core.jobs import Lane, Run, enqueue, job
from majlis.media import actions
from majlis.media.events import PhotosDiscarded

UNPOSTED_FOR: Final = timedelta(hours=24)
LEFT_BY_A_CRASH: Final = timedelta(hours=1)
_DELETE: Final = "media.delete_files"


@job(actions.PREPARE_JOB, lane=Lane.URGENT, attempts=6, lease=180)
def prepare(photo_id: str, run: Run) -> None:
    """Make an animation ready; after the last try its owner learns that it cannot be."""
    try:
        actions.prepare(photo_id=int(photo_id))
    except Refused as error:
        if run.last:
            actions.give_up(photo_id=int(photo_id), code=error.code)
        raise


@job("media.sweep", every=timedelta(hours=1), lane=Lane.BULK)
def sweep(run: Run) -> None:
    """Uploads that nobody posted within a day, and what a crash left half written."""
    while actions.sweep(before=run.at - UNPOSTED_FOR):
        pass
    actions.store().sweep(older_than=(run.at - LEFT_BY_A_CRASH).timestamp())


@job(_DELETE)
def delete_files(keys: Sequence[str]) -> None:
    """Remove the files of pictures whose rows are gone."""
    store = actions.store()
    for key in keys:
        store.delete(key=key)


def delete_later(event: PhotosDiscarded) -> None:
    """The files go when, and only when, the rows are gone for good."""
    enqueue(_DELETE, {"keys": list(event.keys)})
