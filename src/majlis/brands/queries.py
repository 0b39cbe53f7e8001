"""Reading pages, offerings, reviews, teams and their books. Each function is one query, unless it says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal

from majlis.brands import hours
from majlis.brands.access import SQL, OnTeam
from majlis.brands.roles import Permission, Role, roles_with
from majlis.brands.views import (
    Button,
    DeedView,
    InvitationView,
    Member,
    OfferingView,
    PageView,
    Rating,
    ReviewView,
    VerificationView,
    VerifiedDomain,
)
from majlis.core import sql
from majlis.core.json import own_reader
from majlis.core.paging import Page, Slice
from majlis.media import queries as media

_week = own_reader(dict[str, Any])
_dates = own_reader(list[dict[str, Any]])
_buttons = own_reader(tuple[Button, ...])
_details = own_reader(dict[str, object])
NO_RATING: Final = Rating(0, None, 0, 0, (0, 0, 0, 0, 0))
Which = Literal["all", "unanswered"]


def page(*, page_id: int) -> PageView | None:
    """What a business says of itself; None for a profile that is no business."""
    row = sql.one(SQL["page"], page=page_id)
    if row is None:
        return None
    opening = hours.restored(_week(row[4]), _dates(row[5]), row[6])
    domain = VerifiedDomain(*row[9:12]) if row[9] else None
    return PageView(
        id=row[0],
        handle=row[12],
        category=row[1],
        address=row[2],
        map_url=row[3],
        hours=opening,
        buttons=_buttons(row[7]),
        approval_needed=row[8],
        domain=domain,
    )


def offerings(*, page_id: int, at: datetime | None = None) -> list[OfferingView]:
    """What a page offers, in its order; with ``at`` without offers that have ended."""
    rows = sql.rows(SQL["offerings"], page=page_id, at=at)
    photos = media.photos(photo_ids=[row[-1] for row in rows if row[-1]], owner=page_id)
    found = []
    for row in rows:
        photo = photos.get(row[-1])
        values = [*row[:-1], photo if photo and photo.state == "ready" else None]
        found.append(OfferingView(*values))
    return found


def verified_domains(*, page_ids: Collection[int]) -> dict[int, VerifiedDomain]:
    """For each of some pages the domain it has proved, the first of several."""
    found = sql.rows(SQL["verified_domains"], pages=list(page_ids)) if page_ids else []
    return {row[0]: VerifiedDomain(*row[1:]) for row in found}


# reviews ----------------------------------------------------------------------------------------------------


def rating(*, page_id: int) -> Rating:
    """What the reviews of a page come to; those of withdrawn profiles and those taken down do not count."""
    counts, yes, said = [0] * 5, 0, 0
    for stars, count, recommend, recommend_of in sql.rows(SQL["rating"], page=page_id):
        counts[stars - 1], yes, said = count, yes + recommend, said + recommend_of
    total = sum(counts)
    if not total:
        return NO_RATING
    average = sum(stars * count for stars, count in enumerate(counts, start=1)) / total
    return Rating(total, average, yes, said, (counts[0], counts[1], counts[2], counts[3], counts[4]))


def reviews(
    *, page_id: int, viewer: int | None, page: Page, which: Which = "all", stars: int | None = None
) -> Slice[ReviewView]:
    """Reviews of a page as a reader sees them: without those of whom she blocks or who blocks her."""
    found = sql.rows(
        SQL["reviews"].replace("ORDER BY r.id DESC", f"ORDER BY r.id {page.order}"),
        page=page_id,
        viewer=viewer,
        unanswered=which == "unanswered",
        stars=stars,
        **page.bounds(),
    )
    return page.slice_of((row[0], ReviewView(*row)) for row in found)


def review_of(*, page_id: int, author: int) -> ReviewView | None:
    """The review somebody wrote of a page, also when it was taken down."""
    row = sql.one(SQL["review_of"], page=page_id, author=author)
    return ReviewView(*row) if row else None


def review(*, review_id: int) -> ReviewView | None:
    """One review, also one that was taken down."""
    row = sql.one(SQL["review"], review=review_id)
    return ReviewView(*row) if row else None


def reviews_by(*, author: int) -> list[tuple[str, ReviewView]]:
    """What somebody wrote, with the handle of each page, for her archive."""
    return [(row[0], ReviewView(*row[1:])) for row in sql.rows(SQL["reviews_by"], author=author)]


def why_no_review(*, page_id: int, by: int) -> str:
    """Why somebody may not review a page: ``own`` (hers, or she works for it), ``parted`` (one of the two
    blocks the other); empty when she may. Two queries."""
    if _is("belongs_to_page", profile=by, page=page_id):
        return "own"
    return "parted" if _is("are_parted", one=by, other=page_id) else ""


def _is(name: str, **parameters: int) -> bool:
    row = sql.one(SQL[name], **parameters)
    return bool(row and row[0])


def unanswered(*, page_id: int) -> int:
    """How many reviews with words wait for an answer."""
    row = sql.one(SQL["unanswered"], page=page_id)
    return int(row[0]) if row else 0


# teams ------------------------------------------------------------------------------------------------------


def team(team: OnTeam) -> list[Member]:
    """Who is on the team, owners first. The page itself stands in it only when it is its only owner."""
    return [
        Member(row[0], Role(row[1]), row[2], row[3], row[0] == team.page_id)
        for row in sql.rows(SQL["team"], page=team.page_id)
    ]


def members_who_may(*, page_id: int, permission: Permission) -> list[int]:
    """The profiles to be told of something that needs a permission: of the team, and the page itself."""
    return sql.column(SQL["members_who_may"], page=page_id, roles=roles_with(permission))


def invitations(team: OnTeam, *, at: datetime) -> list[InvitationView]:
    """What waits for somebody's yes, the newest first."""
    return [_invitation(row) for row in sql.rows(SQL["invitations"], page=team.page_id, at=at)]


def invitations_for(*, member: int, at: datetime) -> list[InvitationView]:
    """The teams that somebody is asked into."""
    return [_invitation(row) for row in sql.rows(SQL["invitations_for"], member=member, at=at)]


def _invitation(row: sql.Row) -> InvitationView:
    return InvitationView(*(*row[:4], Role(row[4]), *row[5:]))


def deeds(team: OnTeam, *, page: Page, by: int | None = None) -> Slice[DeedView]:
    """The team's book, the newest first; with ``by`` what one of them did."""
    found = sql.rows(
        SQL["deeds"].replace("ORDER BY d.id DESC", f"ORDER BY d.id {page.order}"),
        page=team.page_id,
        by=by,
        **page.bounds(),
    )
    return page.slice_of((row[0], DeedView(*(*row[:5], _details(row[5]), row[6]))) for row in found)


def posted_by(*, post_ids: Collection[int], viewer: int) -> dict[int, int]:
    """Who published which of these posts in a page's name: for posts of pages on whose team the viewer is,
    and of no others."""
    found = sql.rows(SQL["posted_by"], posts=list(post_ids), viewer=viewer) if post_ids else []
    return {row[0]: row[1] for row in found}


def verifications(team: OnTeam) -> list[VerificationView]:
    """The domains that the page says are its own."""
    return [VerificationView(*row) for row in sql.rows(SQL["verifications"], page=team.page_id)]
