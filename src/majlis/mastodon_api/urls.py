"""Every address of the client API: one list ``urls`` per family of endpoints."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, re_path

from majlis.mastodon_api.request import unknown

FAMILIES: Final[tuple[list[URLPattern], ...]] = ()

urlpatterns: list[URLPattern] = [pattern for family in FAMILIES for pattern in family]
"""Included before what other files answer below /api; ``unknown`` comes after everything."""

after_all: list[URLPattern] = [re_path(r"^api/", unknown)]
