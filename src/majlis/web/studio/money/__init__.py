"""Pages on what a page costs and earns: the month, break-even, hours, costs and rates, attribution."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio.money import attribution, break_even, costs, files, hours, month

_PARTS: Final = (month, break_even, attribution, costs, hours, files)

urls: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
