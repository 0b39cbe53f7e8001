"""What a business's team sees and does, for its own programs: ``/api/v1/studio/<page_id>/…``, scope ``studio``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.mastodon_api.studio import orders

_PARTS: Final = (orders,)

urls: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
