"""Every address of the studio: each part lists its own in ``urls``. Included by ``web/urls.py``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio import (
    domains,
    goals,
    hours,
    invitations,
    links,
    offers,
    page,
    promo_codes,
    promotion,
    reviews,
    shops,
    team,
    today,
    what_if,
)

_PARTS: Final = (
    today,
    what_if,
    promotion,
    links,
    goals,
    promo_codes,
    shops,
    invitations,
    team,
    page,
    hours,
    offers,
    domains,
    reviews,
)

urlpatterns: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
