"""Work of people that waits: asking linked pages whether they link back, sweeping ended mutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.conf import settings

from majlis.core.addresses import profile_url
from majlis.core.clock import now
from majlis.core.http import Client, FetchFailed, Limits
from majlis.core.jobs.registry import Lane, Run, job
from majlis.people import actions, queries
from majlis.people.actions.profiles import VERIFY_JOB
from majlis.people.backlinks import links_back, may_vouch, same_place

LIMITS: Final = Limits(largest=1024 * 1024, total=20.0)


@job(VERIFY_JOB, attempts=4, lease=180, backoff=60.0)
def verify_fields(profile_id: int, run: Run) -> None:
    """Ask the pages that a profile links to; those that link back get their check mark."""
    client = Client(user_agent=f"Majlis (+{settings.MAJLIS.base_url})", limits=LIMITS)
    try:
        ask_pages(profile_id=profile_id, client=client, run=run)
    finally:
        client.close()


def ask_pages(*, profile_id: int, client: Client, run: Run) -> None:
    """The work itself; ``client`` is the way out.

    Raises:
        FetchFailed: a page could not be reached now but perhaps later; the others were asked.
    """
    profile = queries.profile(profile_id)
    if profile is None or profile.withdrawn:
        return
    waiting = {field.url for field in profile.fields if not field.verified_at and may_vouch(field.url)}
    vouching, failure = _ask(waiting, profile_url(profile.acct), client)
    actions.verify_fields(profile_id=profile_id, urls=vouching, at=run.at)
    if failure and not run.last:
        raise failure


def _ask(urls: Iterable[str], wanted: str, client: Client) -> tuple[set[str], FetchFailed | None]:
    """Those of the pages that link back, and a failure that may pass."""
    vouching: set[str] = set()
    passing: FetchFailed | None = None
    for url in sorted(urls):
        try:
            answer = client.get(url, headers={"Accept": "text/html"}, cut=True).require_ok()
        except FetchFailed as failure:
            passing = passing if failure.permanent else failure
            continue
        is_page = answer.media_type in {"text/html", "application/xhtml+xml"}
        if is_page and same_place(url, answer.url) and links_back(answer.text, wanted):
            vouching.add(url)
    return vouching, passing


@job("people.delete_expired_mutes", every=timedelta(hours=6), lane=Lane.BULK)
def delete_expired_mutes() -> None:
    """Ended mutes are ignored at once; their rows go later."""
    actions.delete_expired_mutes(at=now())
