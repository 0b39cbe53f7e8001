"""The studio for apps: ``/api/v1/studio``. Scopes ``studio:read`` and ``studio:write``; each address has a door."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.mastodon_api.studio import (
    campaigns,
    conversions,
    customers,
    entries,
    experiments,
    facts,
    library,
    links,
    money,
    orders,
    owner,
    page,
    planning,
    plans,
    promotions,
    review_links,
    reviews,
    scheduling,
    team,
    voice,
)

PARTS: Final = (
    team, page, reviews, entries, scheduling, review_links, library, plans, campaigns, links, conversions, orders,
    promotions, facts, money, experiments, planning, voice, owner, customers,
)  # fmt: skip

urls: list[URLPattern] = [pattern for part in PARTS for pattern in part.urls]
