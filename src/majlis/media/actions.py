"""Taking photos in, describing them, hanging them on posts, throwing them away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, jobs, sql
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.core.text.length import require_length
from majlis.media import access, hiding, queries
from majlis.media.events import PhotosDiscarded
from majlis.media.hiding import store
from majlis.media.inspect import Inspected, inspect_image
from majlis.media.queries import SQL
from majlis.media.store import new_key
from majlis.media.transform import ATTACHMENT, AVATAR, HEADER, Preset, ProcessedImage, process_image

LONGEST_ALT: Final = 1_500
HEAVY: Final = 20_000_000
"""Frames × width × height of an animation beyond which a job makes it ready: about half a second of work."""
PREPARE_JOB: Final = "media.prepare"
PICTURES: Final[Mapping[str, Preset]] = {"avatar": AVATAR, "header": HEADER}

_ATTACH: Final = """
    UPDATE media_photo m SET post_id = %(post)s, position = w.place
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, place)
    WHERE m.id = w.id AND m.owner_id = %(owner)s AND (m.post_id IS NULL OR m.post_id IN (0, %(post)s))
      AND m.state = 'ready'
    RETURNING m.id
"""
_DETACH: Final = "UPDATE media_photo SET post_id = NULL WHERE post_id = %(post)s AND id <> ALL(%(ids)s)"
# post 0: kept for a draft, not to be swept
_HOLD: Final = """
    UPDATE media_photo SET post_id = 0 WHERE id = ANY(%(ids)s) AND owner_id = %(owner)s AND post_id IS NULL
"""
_OF_POST: Final = "DELETE FROM media_photo WHERE post_id = %(post)s RETURNING key"


def most_bytes() -> int:
    """The largest upload that is taken."""
    return int(settings.MAJLIS.media_megabytes) * 1_000_000


# taking in


def upload(
    *, owner: int, data: bytes, alt: str = "", focus: tuple[float, float] = (0.0, 0.0), at: datetime
) -> int:
    """Take a photo in; its id. Photos are ready when this returns; long animations wait for a job.

    ``focus`` is the point that stays visible when the photo is cropped: x, y from -1 (left, bottom) to 1.

    Raises:
        BadInput, TooLarge: it is no picture that is taken, or the description or the point is none.
        NotNow: the machine cannot do it now.
    """
    alt, (x, y) = _checked_alt(alt), _checked_focus(focus)
    inspected = inspect_image(data=data, max_bytes=most_bytes())
    photo_id = new_id()
    described = {"alt": alt, "x": x, "y": y, "owner": owner, "at": at, "id": photo_id, "key": new_key()}
    if _heavy(inspected):
        _keep_for_later(described, data)
    else:
        _make_ready(described, process_image(source=data, preset=ATTACHMENT, max_bytes=most_bytes()))
    return photo_id


def _heavy(inspected: Inspected) -> bool:
    return inspected.frames > 1 and inspected.frames * inspected.width * inspected.height > HEAVY


def _keep_for_later(described: dict[str, Any], data: bytes) -> None:
    facts = {"state": "waiting", "blurhash": "", "colour": "", "animated": True, "variants": "{}"}
    with transaction.atomic():
        sql.execute(SQL["insert"], **described, **facts)
        sql.execute(SQL["keep_bytes"], id=described["id"], data=data)
        jobs.enqueue(PREPARE_JOB, {"photo_id": str(described["id"])})


def _make_ready(described: dict[str, Any], image: ProcessedImage) -> None:
    """The files first: a row whose files are missing would be shown, files without a row are only waste."""
    _save(described["key"], image)
    try:
        sql.execute(SQL["insert"], **described, state="ready", **_facts(image))
    except Exception:
        store().delete(key=described["key"])
        raise


def _save(key: str, image: ProcessedImage) -> None:
    store().save(key=key, files={variant.file_name: variant.data for variant in image.variants})


def _facts(image: ProcessedImage) -> dict[str, Any]:
    variants = {
        variant.name: queries.Variant(
            variant.file_name, variant.width, variant.height, variant.mime, variant.size
        )
        for variant in image.variants
    }
    return {
        "blurhash": image.blurhash,
        "colour": image.colour,
        "animated": image.animated,
        "variants": msgspec.json.encode(variants).decode(),
    }


def prepare(*, photo_id: int) -> bool:
    """Make a waiting photo ready, or note why it cannot be; whether there was something to do.

    Raises:
        NotNow: the machine cannot do it now; the photo goes on waiting.
    """
    with transaction.atomic():
        row = sql.one(SQL["waiting"], id=photo_id)
        if row is None:
            return False
        key, data = row
        try:
            image = process_image(source=bytes(data), preset=ATTACHMENT, max_bytes=most_bytes())
        except Refused as error:
            if error.status >= 500:
                raise
            sql.execute(SQL["failed"], id=photo_id, code=error.code)
        else:
            _save(key, image)
            sql.execute(SQL["ready"], id=photo_id, **_facts(image))
        sql.execute(SQL["forget_bytes"], id=photo_id)
    return True


def give_up(*, photo_id: int, code: str) -> None:
    """Note that a waiting photo could not be made ready, however often it was tried."""
    with transaction.atomic():
        if sql.one(SQL["waiting"], id=photo_id):
            sql.execute(SQL["failed"], id=photo_id, code=code)
            sql.execute(SQL["forget_bytes"], id=photo_id)


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored avatar or header: its key, and whether it moves."""

    key: str
    animated: bool


def upload_picture(*, owner: int, data: bytes, preset: str) -> Picture:
    """Store an avatar or a header (``preset`` says which) with all its sizes; ready when this returns.

    Who takes the picture keeps its key; one that is replaced goes with :func:`discard_picture`.

    Raises:
        BadInput, TooLarge: it is no picture that is taken, or an animation of more than two seconds of work.
        NotNow: the machine cannot do it now.
    """
    inspected = inspect_image(data=data, max_bytes=most_bytes())
    if inspected.frames * inspected.width * inspected.height > 2 * HEAVY and inspected.frames > 1:
        raise BadInput(
            _("This animation is too long or too large for a picture of a profile."),
            code="media_frames",
            field=preset,
            cause=f"profile {owner}",
        )
    image = process_image(source=data, preset=PICTURES[preset], max_bytes=most_bytes())
    key = new_key()
    _save(key, image)
    return Picture(key, image.animated)


def discard_picture(*, key: str) -> None:
    """Throw away an avatar or header that is no longer used; its files go by a job."""
    if key:
        with transaction.atomic():
            events.emit(PhotosDiscarded(keys=(key,)))


# describing


@dataclass(frozen=True, slots=True)
class Description:
    """Another description or focal point of a photo; None leaves it as it is."""

    photo_id: int
    alt: str | None = None
    focus: tuple[float, float] | None = None


def describe(*, by: int, description: Description) -> int:
    """Describe a photo before it is posted; its id.

    Raises:
        NotThere: not hers. Conflict: it hangs on a post.
        BadInput: the description is too long, or the point is outside the photo.
    """
    access.own_unposted(photo_id=description.photo_id, by=by)
    redescribe(owner=by, descriptions=[description])
    return description.photo_id


def changed_by(*, owner: int, descriptions: Sequence[Description]) -> bool:
    """Whether one of the descriptions says something else than is there."""
    found = queries.photos(photo_ids=[each.photo_id for each in descriptions], owner=owner)
    return any(
        (each.alt is not None and _checked_alt(each.alt) != photo.alt)
        or (each.focus is not None and each.focus != (photo.focus_x, photo.focus_y))
        for each in descriptions
        if (photo := found.get(each.photo_id))
    )


def redescribe(*, owner: int, descriptions: Iterable[Description]) -> None:
    """Write descriptions of one's photos, posted or not; the caller tells that a post changed.

    Raises:
        BadInput: a description is too long, or a point is outside its photo.
    """
    for each in descriptions:
        x, y = _checked_focus(each.focus) if each.focus is not None else (None, None)
        alt = _checked_alt(each.alt) if each.alt is not None else None
        sql.execute(SQL["describe"], id=each.photo_id, owner=owner, alt=alt, x=x, y=y)


def _checked_alt(alt: str) -> str:
    cleaned = clean_text(alt).strip()
    require_length(cleaned, most=LONGEST_ALT, field="description")
    return cleaned


def _checked_focus(focus: tuple[float, float]) -> tuple[float, float]:
    if not all(-1.0 <= part <= 1.0 for part in focus):
        raise BadInput(_("The focal point lies between -1 and 1 in both directions."), field="focus")
    return focus


# hanging on posts


def attach(*, photo_ids: Sequence[int], owner: int, post_id: int) -> None:
    """Hang exactly these photos on a post, in this order; others that hung there come off.

    Raises:
        NotThere: one of them is not hers, not there, or hangs elsewhere.
        BadInput: the same photo twice.
    """
    wanted = list(photo_ids)
    if len(set(wanted)) < len(wanted):
        raise BadInput(_("The same photo is there twice."), field="photos")
    sql.execute(_DETACH, post=post_id, ids=wanted)
    if wanted and len(sql.column(_ATTACH, post=post_id, ids=wanted, owner=owner)) < len(wanted):
        raise _gone()


def hold(*, photo_ids: Sequence[int], owner: int) -> None:
    """Keep uploads for a draft, so that they are not swept as forgotten."""
    if photo_ids:
        sql.execute(_HOLD, ids=list(photo_ids), owner=owner)


def release(*, photo_ids: Sequence[int], owner: int, post_ids: Sequence[int] = (0,)) -> None:
    """Let photos go that hang on these posts, or are held for a draft (post 0): they can be posted anew."""
    if photo_ids and post_ids:
        keys = sql.column(SQL["release"], ids=list(photo_ids), owner=owner, posts=list(post_ids))
        if any(post_ids):  # of a deleted post the files may be out of reach
            hiding.settle_later(keys)


def copy(*, photo_ids: Sequence[int], owner: int, held: bool = False, at: datetime) -> list[int]:
    """The same pictures once more, in this order: photos of their own that share the stored files.

    So a picture can hang on many posts, and goes with each by itself. With ``held`` they are kept for a
    draft. The files come before the rows: a transaction that is undone leaves files without a row, which
    are only waste.

    Raises:
        NotThere: one of them is not hers, not ready, or out of reach.
        NotNow: the disk is full or away.
    """
    keys: dict[int, str] = dict(sql.rows(SQL["to_copy"], ids=list(photo_ids), owner=owner))
    made = []
    for id_ in photo_ids:
        key = new_key()
        if id_ not in keys or not store().copy(key=keys[id_], to=key):
            raise _gone()
        made.append(new_id())
        sql.execute(SQL["insert_copy"], id=made[-1], of=id_, key=key, post=0 if held else None, at=at)
    return made


def _gone() -> NotThere:
    return NotThere(_("One of the photos is not there any more, or not ready yet."), field="photos")


# throwing away


def discard(*, by: int, photo_id: int) -> None:
    """Throw away an upload that was not posted; its files go by a job.

    Raises:
        NotThere: not hers. Conflict: it hangs on a post or is held for a draft.
    """
    with transaction.atomic():
        access.own_unposted(photo_id=photo_id, by=by)
        keys = sql.column(SQL["discard"], id=photo_id, owner=by)
        if not keys:
            raise access.held()
        events.emit(PhotosDiscarded(keys=tuple(keys)))


def discard_held(*, by: int, photo_id: int) -> None:
    """Throw away a photo that is held for no post; its files go by a job.

    Raises:
        NotThere: not hers, or it hangs on a post.
    """
    with transaction.atomic():
        keys = sql.column(SQL["discard_held"], id=photo_id, owner=by)
        if not keys:
            raise access.not_there()
        events.emit(PhotosDiscarded(keys=tuple(keys)))


def discard_of_post(*, post_id: int) -> None:
    """Throw away the photos of a post that was purged; their files go by a job."""
    keys = sql.column(_OF_POST, post=post_id)
    if keys:
        events.emit(PhotosDiscarded(keys=tuple(keys)))


def sweep(*, before: datetime, limit: int = 500) -> int:
    """Throw away uploads older than ``before`` that nobody posted; how many."""
    with transaction.atomic():
        keys = sql.column(SQL["sweep"], before=before, limit=limit)
        if keys:
            events.emit(PhotosDiscarded(keys=tuple(keys)))
    return len(keys)
