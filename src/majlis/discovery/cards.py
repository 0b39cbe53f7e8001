"""Link cards: a linked page is fetched once for everybody, by a job, through the guarded client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from majlis.core import events, jobs, sql
from majlis.core.errors import Refused
from majlis.core.http import Client, FetchFailed, Limits
from majlis.core.ids import new_id
from majlis.core.text.links import absolute_link
from majlis.discovery.pages import PAGES, PageFacts, read_page
from majlis.discovery.queries.statements import SQL
from majlis.media.hiding import store
from majlis.media.store import new_key
from majlis.media.transform import Preset, process_image
from majlis.posts.events import PostCounted, PostEdited, PostPublished

FETCH_JOB: Final = "discovery.fetch_card"
FRESH_FOR: Final = timedelta(days=7)
FAILED_FOR: Final = timedelta(days=1)
LEASE: Final = timedelta(minutes=2)
LONGEST_URL: Final = 2000
PAGE: Final = Limits(largest=1_000_000, total=20.0)
PICTURE: Final = Limits(largest=8_000_000, total=30.0)
MOST_TOLD: Final = 1_000
"""So many of the newest posts with a card are told that it is there; others show it when next loaded."""
CARD: Final = Preset(side=1200, animation_side=600, sizes=(("large", 1200), ("small", 600)), crop=(1200, 630))

_own: dict[str, Callable[[str], str | None]] = {}


def follow_own(prefix: str, leads_to: Callable[[str], str | None]) -> None:
    """Pages of ours below ``prefix`` lead elsewhere: their card is that of the address which ``leads_to`` gives."""
    _own[prefix] = leads_to


def _leads_to(url: str) -> str | None:
    """What is asked for a card: the address itself, or where it leads if it is one of ours."""
    parts = urlsplit(url)
    if parts.netloc.lower() != settings.MAJLIS.host.lower():
        return url
    return next((ask(url) for prefix, ask in _own.items() if parts.path.startswith(prefix)), None)


class BeingFetched(Exception):
    """Another worker fetches this page; ask again when it must have ended."""

    retry_after = 15.0


# with a post -------------------------------------------------------------------------------------


def post_published(event: PostPublished) -> None:
    """Hang a card under a post with a link. Imported posts get none: an archive would fetch thousands."""
    if event.links and not event.imported:
        _hang(event.post_id, event.links, at=event.at)


def post_edited(event: PostEdited) -> None:
    """Another link, another card."""
    card_id = _hang(event.post_id, event.links, at=event.at) if event.links else None
    sql.execute(SQL["unhang_card"], post=event.post_id, card=card_id)


def _hang(post_id: int, links: Sequence[str], *, at: datetime) -> int | None:
    url = next(filter(None, map(card_address, links)), None)
    if url is None:
        return None
    row = sql.one(SQL["hang_card_of"], url=url, post=post_id)
    if row is None:
        sql.execute(SQL["make_card"], id=new_id(), url=url)
        row = sql.one(SQL["hang_card_of"], url=url, post=post_id)  # ours, or one committed just before
    assert row is not None  # noqa: S101  # cards are not deleted
    card_id, fetched_at, failed_at = row
    if is_due(fetched_at=fetched_at, failed_at=failed_at, at=at):
        jobs.enqueue(FETCH_JOB, {"card_id": str(card_id)}, key=str(card_id))
    return int(card_id)


def card_address(link: str) -> str | None:
    """What has a card for a link; None for what is no web page, too long, or one of our own pages."""
    url = absolute_link(link.partition("#")[0])
    if url is None or len(url) > LONGEST_URL:
        return None
    parts = urlsplit(url)
    ours = parts.netloc.lower() == settings.MAJLIS.host.lower()
    return None if ours and not parts.path.startswith(tuple(_own)) else url


def is_due(*, fetched_at: datetime | None, failed_at: datetime | None, at: datetime) -> bool:
    """Whether to ask the page (again): never asked, a week ago, or a day after it failed."""
    if failed_at is not None and failed_at > at - FAILED_FOR:
        return False
    return fetched_at is None or fetched_at <= at - FRESH_FOR


# in a job ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Picture:
    key: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""


def fetch(*, card_id: int, client: Client, at: datetime, last: bool) -> None:
    """Ask the page, keep what it says, tell the posts. A page that cannot be had is remembered as such.

    Raises:
        FetchFailed: it may be had later; not on the ``last`` try.
        BeingFetched: another worker is at it; not on the ``last`` try.
    """
    row = sql.one(SQL["card"], card=card_id)
    if row is None or not is_due(fetched_at=row[1], failed_at=row[2], at=at):
        return
    if not sql.execute(SQL["begin_fetch"], card=card_id, at=at, before=at - LEASE):
        if last:
            return
        raise BeingFetched(row[0][:200])
    try:
        _fetch(card_id, url=row[0], former_picture=row[3], client=client, at=at, last=last)
    finally:
        sql.execute(SQL["end_fetch"], card=card_id)


def _fetch(card_id: int, *, url: str, former_picture: str, client: Client, at: datetime, last: bool) -> None:
    asked = _leads_to(url)
    if asked is None:
        sql.execute(SQL["card_failed"], card=card_id, at=at)
        return
    try:
        accept = {"Accept": ", ".join(sorted(PAGES, reverse=True))}
        facts = read_page(client.get(asked, headers=accept, limits=PAGE, cut=True).require_ok())
    except FetchFailed as failure:
        if not failure.permanent and not last:
            raise
        facts = PageFacts()
    if not facts.title:
        sql.execute(SQL["card_failed"], card=card_id, at=at)
        return
    picture = _picture(facts.image, client)
    sql.execute(
        SQL["keep_card"],
        card=card_id,
        at=at,
        title=facts.title,
        description=facts.description,
        site=facts.site,
        author_name=facts.author_name,
        language=facts.language,
        image_key=picture.key,
        image_width=picture.width,
        image_height=picture.height,
        blurhash=picture.blurhash,
    )
    if former_picture:
        store().delete(key=former_picture)
    _tell(card_id)


def _picture(url: str, client: Client) -> _Picture:
    """The page's picture, drawn anew by us; none when anything is wrong with it."""
    if not url:
        return _Picture()
    try:
        answer = client.get(url, headers={"Accept": "image/*"}, limits=PICTURE).require_ok()
        image = process_image(source=answer.body, preset=CARD, max_bytes=PICTURE.largest)
        key = new_key()
        store().save(key=key, files={each.file_name: each.data for each in image.variants})
    except Refused:
        return _Picture()
    large = image.variant("large")
    return _Picture(key, large.width, large.height, image.blurhash)


def _tell(card_id: int) -> None:
    """After the card is committed: whoever commits a post later reads the card itself."""
    with transaction.atomic():
        for post_id in sql.column(SQL["posts_of_card"], card=card_id, most=MOST_TOLD):
            events.emit(PostCounted(post_id=post_id))
