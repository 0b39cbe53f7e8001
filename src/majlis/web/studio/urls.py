"""Every address of the studio: each part lists its own in ``urls``. Included by ``web/urls.py``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio import goals, links, promo_codes, shops, today

_PARTS: Final = (today, links, goals, promo_codes, shops)

urlpatterns: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
