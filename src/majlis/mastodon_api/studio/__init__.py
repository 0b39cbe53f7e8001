"""The studio for apps: ``/api/v1/studio``. Scopes ``studio:read`` and ``studio:write``; each address has a door."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.mastodon_api.studio import orders, reviews, team

_PARTS: Final = (team, reviews, orders)

urls: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
