"""Fetching linked pages, counting trends, making profiles found; and what enqueues it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from majlis.core.http import Client
from majlis.core.jobs import Lane, Run, job
from majlis.discovery import actions, cards
from majlis.people.events import ProfileChanged, ProfileMade


@job(cards.FETCH_JOB, attempts=4, lease=120, backoff=60.0)
def fetch_card(card_id: str, run: Run) -> None:
    """Ask a linked page what it says of itself."""
    client = Client(user_agent=f"Majlis (+{settings.MAJLIS.base_url})")
    try:
        cards.fetch(card_id=int(card_id), client=client, at=run.at, last=run.last)
    finally:
        client.close()


@job("discovery.count_trends", every=timedelta(minutes=5))
def count_trends(run: Run) -> None:
    """Hashtags, posts and links that people talk about."""
    actions.count_trends(at=run.at)


@job("discovery.index_profiles", every=timedelta(hours=1), lane=Lane.BULK)
def index_profiles() -> None:
    """Profiles that came in without an event."""
    while actions.index_profiles():
        pass


def profile_told(event: ProfileMade | ProfileChanged) -> None:
    """At once: who renames herself is looked for under the new name in the next second."""
    actions.index_profile(profile_id=event.profile_id)
