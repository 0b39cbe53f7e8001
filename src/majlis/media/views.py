"""``/media/…`` as Django serves it, where no lane or proxy does: as inert as a file can be."""

from __future__ import annotations

from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from majlis.media.hiding import store

_HEADERS: Final = {
    # a stored name never gets other bytes
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@require_safe
def serve(request: HttpRequest, address: str) -> HttpResponseBase:
    """A stored picture. Every spelling of an address but the one that was given out is not there."""
    found = store().locate(address=address)
    response = FileResponse(found.path.open("rb"), content_type=found.mime)
    for name, value in _HEADERS.items():
        response[name] = value
    return response
