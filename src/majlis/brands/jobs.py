"""Work of brands that waits: looking for a domain's proof, now and every week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings

from majlis.brands.access import SQL
from majlis.brands.actions.verifying import CHECK_JOB, record_check
from majlis.brands.models import Verification
from majlis.core import dns, sql
from majlis.core.addresses import profile_url
from majlis.core.clock import now
from majlis.core.http import Client, FetchFailed, Limits
from majlis.core.jobs import actions as jobs
from majlis.core.jobs.registry import Lane, Run, job
from majlis.people import queries as people
from majlis.people.backlinks import links_back, same_place

LIMITS: Final = Limits(largest=1024 * 1024, total=20.0)
LOOK_AGAIN_AFTER: Final = timedelta(days=7)
RECORD: Final = "majlis-verification"


@job(CHECK_JOB, attempts=4, lease=120, backoff=60.0)
def check_domain(verification_id: int, run: Run) -> None:
    """Look for the proof at a domain."""
    client = Client(user_agent=f"Majlis (+{settings.MAJLIS.base_url})", limits=LIMITS)
    try:
        look(verification_id=verification_id, client=client, run=run)
    finally:
        client.close()


def _front_page(domain: str) -> str:
    return f"https://{domain}/"


def look(
    *, verification_id: int, client: Client, run: Run, address: Callable[[str], str] = _front_page
) -> None:
    """The work itself; ``client`` is the way out, ``address`` where the first page of a domain is.

    Raises:
        FetchFailed, LookupFailed: nobody answered now but perhaps later; there are tries left.
    """
    found = Verification.objects.filter(pk=verification_id).first()
    profile = people.profile(found.page_id) if found else None
    if found is None or profile is None or profile.withdrawn:
        return
    try:
        proved: bool | None = (
            _has_record(found.domain, found.token)
            if found.method == Verification.Method.DNS
            else _links_back(address(found.domain), profile_url(profile.acct), client)
        )
    except (FetchFailed, dns.LookupFailed):
        if not run.last:
            raise
        proved = None
    record_check(verification_id=verification_id, proved=proved, at=run.at)


def _has_record(domain: str, token: str) -> bool:
    """Whether the domain carries our TXT record."""
    wanted = f"{RECORD}={token}"
    return any(text.strip() == wanted for text in dns.texts(domain, server=settings.MAJLIS.dns_server))


def _links_back(url: str, profile_url: str, client: Client) -> bool:
    """Whether the first page of a domain links to the profile as its own. An answer that will not change
    by itself (404) is a no; one that may (503, nobody there) is raised."""
    try:
        answer = client.get(url, headers={"Accept": "text/html"}, cut=True).require_ok()
    except FetchFailed as failure:
        if failure.permanent:
            return False
        raise
    is_page = answer.media_type in {"text/html", "application/xhtml+xml"}
    return is_page and _same_domain(url, answer.url) and links_back(answer.text, profile_url)


def _same_domain(asked: str, answered: str) -> bool:
    """Sent on from ``example.org`` to ``www.example.org`` or back is the same domain; elsewhere is not."""
    plain = answered.replace("://www.", "://", 1)
    return same_place(asked, answered) or same_place(asked.replace("://www.", "://", 1), plain)


@job("brands.look_again", every=timedelta(days=1), offset=timedelta(hours=4), lane=Lane.BULK)
def look_again() -> None:
    """Proofs that were not looked at for a week are looked at again."""
    waiting = sql.column(SQL["verifications_to_check"], before=now() - LOOK_AGAIN_AFTER)
    for verification_id in waiting:
        jobs.enqueue(CHECK_JOB, {"verification_id": verification_id}, key=str(verification_id))
