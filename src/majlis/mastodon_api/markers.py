"""How far the viewer has read, kept so that her devices agree."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.feeds import markers
from majlis.feeds.markers import MarkerView
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.params import NO_ID
from majlis.mastodon_api.request import Call, endpoint, route

TIMELINES: Final = ("home", "notifications")


@endpoint("read:statuses")
def index(call: Call) -> Any:
    """The markers asked for that are set."""
    asked = [name for name in call.params.texts("timeline") if name in TIMELINES]
    return {name: _marker(view) for name, view in markers.markers(viewer=call.me, timelines=asked).items()}


def _marker(view: MarkerView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Marker/"""
    return {
        "last_read_id": str(view.last_read_id),
        "version": view.version,
        "updated_at": moment(view.updated_at),
    }


@endpoint("write:statuses")
def save(call: Call) -> Any:
    """She has read to here: ``home[last_read_id]``, ``notifications[last_read_id]``, or both."""
    sent = {name: place for name in TIMELINES if (place := call.params.nested(name))}
    places = {name: place.id("last_read_id") or NO_ID for name, place in sent.items()}
    if any(place <= 0 for place in places.values()):
        raise BadInput(_("last_read_id is an id."), field="last_read_id")
    with transaction.atomic():
        return {
            name: _marker(markers.set_marker(by=call.me, timeline=name, last_read_id=place, at=call.at))
            for name, place in places.items()
        }


urls = [route("api/v1/markers", GET=index, POST=save)]
