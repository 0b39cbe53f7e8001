"""``/studio/<handle>/inbox``: what is said to the page, answered: the list of a shift, and one conversation at a time."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio.inbox import answers, deeds, live, pages, together

_PARTS: Final = (pages, live, answers, deeds, together)

urls: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
