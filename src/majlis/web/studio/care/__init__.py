"""How a page looks after those who speak to it: causes and fixes, promises, rules, saved replies."""

from __future__ import annotations

from django.urls import URLPattern

from majlis.web.studio.care import causes, promises, replies, rules

urls: list[URLPattern] = [*causes.urls, *promises.urls, *rules.urls, *replies.urls]
