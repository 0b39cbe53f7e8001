"""``/api/v1/media`` and ``/api/v2/media``: photos before they are posted."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core.errors import BadInput
from majlis.mastodon_api.bodies import MEGABYTE
from majlis.mastodon_api.entities.status import media
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.mastodon_api.writing import focus
from majlis.media import access, actions
from majlis.media.actions import Description
from majlis.media.inspect import SENTENCES, check_size


def body_limit() -> int:
    """The largest body of an upload: the picture, and the fields around it."""
    return actions.most_bytes() + MEGABYTE


@endpoint("write:media", largest=body_limit)
def upload(call: Call) -> Answer:
    """Take a photo in: 200 when it is ready, 202 when a job will make it ready."""
    file = call.params.file("file")
    if file is None:
        raise BadInput(_("Send a picture in the field “file”."), field="file")
    limits.take("upload", f"profile {call.me}")
    photo_id = actions.upload(
        owner=call.me,
        data=_bytes(file),
        alt=call.params.text("description"),
        focus=focus(call.params) or (0.0, 0.0),
        at=call.at,
    )
    photo = access.own(photo_id=photo_id, by=call.me)
    return Answer(media(photo), status=200 if photo.state == "ready" else 202)


def _bytes(file: UploadedFile[Any]) -> bytes:
    check_size(file.size or 0, max_bytes=actions.most_bytes())
    return bytes(file.read())


@endpoint("write:media")
def show(call: Call, photo_id: int) -> Answer:
    """200 when it is ready, 206 while it is being made ready, 422 when it cannot be."""
    photo = access.own(photo_id=photo_id, by=call.me)
    if photo.state == "failed":
        sentence = SENTENCES.get(photo.failure, _("This picture could not be made ready."))
        raise BadInput(sentence, code=photo.failure)
    return Answer(media(photo), status=200 if photo.state == "ready" else 206)


@endpoint("write:media")
def describe(call: Call, photo_id: int) -> Answer:
    """Another description or focal point; a thumbnail of the app's own is not taken."""
    changed = Description(photo_id, alt=call.params.maybe_text("description"), focus=focus(call.params))
    actions.describe(by=call.me, description=changed)
    return Answer(media(access.own(photo_id=photo_id, by=call.me)))


@endpoint("write:media")
def discard(call: Call, photo_id: int) -> dict[str, Any]:
    actions.discard(by=call.me, photo_id=photo_id)
    return {}


@endpoint("", public=True)
def custom_emojis(call: Call) -> bytes:
    """There are none: six reactions are enough feeling, and pictures of strangers in names mislead."""
    return b"[]"


urls = [
    route("api/v1/media", POST=upload),
    route("api/v2/media", POST=upload),
    route("api/v1/media/<photo_id>", GET=show, PUT=describe, DELETE=discard),
    route("api/v1/custom_emojis", GET=custom_emojis),
]
