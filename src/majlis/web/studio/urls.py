"""Every address of the studio: each part lists its own in ``urls``. Included by ``web/urls.py``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio import (
    domains,
    hours,
    invitations,
    offers,
    page,
    promotion,
    reviews,
    team,
    today,
    what_if,
)

_PARTS: Final = (today, invitations, team, page, hours, offers, domains, reviews, what_if, promotion)

urlpatterns: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
