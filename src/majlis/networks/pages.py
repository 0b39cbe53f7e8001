"""What a business page says of itself, and the reviews somebody wrote, for the archive one takes along."""

from __future__ import annotations

from typing import Any

from majlis.brands import hours, queries


def page_of(profile_id: int) -> dict[str, Any] | None:
    """The page of a business; None for a profile that is none. The team is not in it: it is other people."""
    page = queries.page(page_id=profile_id)
    if page is None:
        return None
    week, dates = hours.stored(page.hours)
    return {
        "category": page.category,
        "address": page.address,
        "map_url": page.map_url,
        "time_zone": page.hours.time_zone,
        "hours": week,
        "holidays": dates,
        "buttons": [{"kind": each.kind, "value": each.value} for each in page.buttons],
        "offerings": [
            {
                "kind": each.kind,
                "name": each.name,
                "description": each.description,
                "price": None if each.price is None else str(each.price),
                "currency": each.currency,
                "url": each.url,
                "ends_at": each.ends_at.isoformat() if each.ends_at else None,
                "pinned": each.pinned,
            }
            for each in queries.offerings(page_id=profile_id)
        ],
    }


def reviews_by(profile_id: int) -> list[dict[str, Any]]:
    """What somebody wrote about pages; the answers are the pages' words and not hers."""
    return [
        {
            "page": handle,
            "stars": each.stars,
            "recommends": each.recommends,
            "text": each.text,
            "made_at": each.made_at.isoformat(),
        }
        for handle, each in queries.reviews_by(author=profile_id)
    ]
