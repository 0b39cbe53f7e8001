"""Work on pictures that nobody should wait for: long animations, forgotten uploads, files to delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from majlis.core import sql
from majlis.core.errors import Refused
from majlis.core.jobs import Lane, Run, enqueue, job
from majlis.media import actions, hiding
from majlis.media.events import PhotosDiscarded
from majlis.media.queries import SQL

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
    hiding.store().sweep(older_than=(run.at - LEFT_BY_A_CRASH).timestamp())


@job(_DELETE)
def delete_files(keys: Sequence[str]) -> None:
    """Remove the files of pictures whose rows are gone."""
    store = hiding.store()
    for key in keys:
        store.delete(key=key)


@job(hiding.SETTLE_JOB)
def settle(keys: Sequence[str]) -> None:
    """Put files of what is gone out of reach, and files of what is back within it."""
    hiding.settle(keys=keys)


def delete_later(event: PhotosDiscarded) -> None:
    """The files go when, and only when, the rows are gone for good."""
    enqueue(_DELETE, {"keys": list(event.keys)})


class Gone(Protocol):
    """What the events of posts say that are gone or back."""

    @property
    def post_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class OfOwner(Protocol):
    """What the events of profiles say."""

    @property
    def profile_id(self) -> int: ...


def post_gone(event: Gone) -> None:
    """Its photos follow a deleted post within a minute."""
    hiding.hide_of_post(post_id=event.post_id, at=event.at)


def post_back(event: Gone) -> None:
    """Its photos follow a restored post."""
    hiding.show_of_post(post_id=event.post_id)


def owner_moved(event: OfOwner) -> None:
    """A profile was withdrawn, or is back: so are its pictures."""
    hiding.settle_of_owner(owner=event.profile_id)


def owner_gone(event: OfOwner) -> None:
    """A profile ends; told while its rows are still there. Its files go for good."""
    keys = sql.column(SQL["keys_of_owner"], owner=event.profile_id)
    if keys:
        enqueue(_DELETE, {"keys": keys})
