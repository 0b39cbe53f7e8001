"""What a business offers and what is thought of it: two more tabs of its profile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from majlis.brands import actions, queries
from majlis.brands.views import PageView
from majlis.core.clock import now
from majlis.core.errors import NotThere, Refused
from majlis.people import access as people_access
from majlis.people.access import SeenProfile
from majlis.people.queries import Viewer
from majlis.web import faces, paging, reviews, seo, shops
from majlis.web.composer import number
from majlis.web.doors import anyone, goto, member, sentence_of, to_sign_in
from majlis.web.views import profiles, reporting


def _business(acct: str, viewer: int | None) -> tuple[SeenProfile, PageView]:
    """A business of this server.

    Raises:
        NotThere: there is nobody, or it is no business.
    """
    seen = people_access.see_acct(acct=acct, viewer_id=viewer)
    page = queries.page(page_id=seen.id) if seen.local else None
    if page is None:
        raise NotThere(_("There is nobody at this address."))
    return seen, page


@anyone("GET")
def offers(request: HttpRequest, viewer: int | None, acct: str) -> HttpResponse:
    """What it offers."""
    at = now()
    seen, _page = _business(acct, viewer)
    if seen.acct != acct:
        return redirect(f"{faces.profile_path(seen.acct)}/offers")
    offered = queries.offerings(page_id=seen.id, at=at)
    return render(request, "web/profile/offers.html", {
        "offers": [shops.offer(each, at=at) for each in offered],
        **profiles.head(seen, viewer, at=at),
        **profiles.tabs(seen, "offers"),
        **seo.of_profile(seen, part="offers"),
    })  # fmt: skip


@anyone("GET", "POST")
def review(request: HttpRequest, viewer: int | None, acct: str) -> HttpResponse:
    """What members think of it; and, for one of them, what she thinks."""
    if request.method == "POST":
        me: Viewer | None = getattr(request, "profile", None)
        return _write(request, me, acct) if me else to_sign_in(request)
    seen, _page = _business(acct, viewer)
    if seen.acct != acct:
        return redirect(f"{faces.profile_path(seen.acct)}/reviews")
    return _reviews(request, seen, viewer, at=now())


def _reviews(
    request: HttpRequest, seen: SeenProfile, viewer: int | None, *, at: datetime, error: Refused | None = None
) -> HttpResponse:
    page = paging.asked(request)
    stars = number(request.GET.get("stars"))
    found = queries.reviews(
        page_id=seen.id, viewer=viewer, page=page, stars=stars if stars in range(1, 6) else None
    )
    mine = queries.review_of(page_id=seen.id, author=viewer) if viewer else None
    context = {
        "reviews": reviews.reviews(found.items, viewer=viewer),
        "summary": reviews.summary(queries.rating(page_id=seen.id)),
        "mine": mine,
        "typed": request.POST if error else None,
        "star_choices": [(n, reviews.stars_label(n)) for n in range(5, 0, -1)],
        "may_review": viewer is not None and not queries.why_no_review(page_id=seen.id, by=viewer),
        "error": sentence_of(error) if error else "",
        **paging.slice_context(request, found, page),
        **profiles.head(seen, viewer, at=at),
        **profiles.tabs(seen, "reviews"),
        **seo.of_profile(seen, part="reviews"),
    }
    status = error.status if error else 200
    return render(request, "web/profile/reviews.html", context, status=status)


def _write(request: HttpRequest, me: Viewer, acct: str) -> HttpResponse:
    at = now()
    seen, _page = _business(acct, me.id)
    try:
        actions.write_review(
            page=seen,
            by=me.id,
            stars=number(request.POST.get("stars")) or 0,
            recommends={"yes": True, "no": False}.get(request.POST.get("recommends", "")),
            text=request.POST.get("text", ""),
            at=at,
        )
    except Refused as error:
        return _reviews(request, seen, me.id, at=at, error=error)
    messages.success(request, _("Thank you. Your review stands here; you can change it at any time."))
    return goto(request, f"{faces.profile_path(seen.acct)}/reviews")


@member("POST")
def remove(request: HttpRequest, viewer: Viewer, acct: str) -> HttpResponse:
    """She takes her review back."""
    seen, _page = _business(acct, viewer.id)
    actions.remove_review(page_id=seen.id, by=viewer.id, at=now())
    messages.success(request, _("Your review is gone."))
    return goto(request, f"{faces.profile_path(seen.acct)}/reviews")


@member("GET", "POST")
def report(request: HttpRequest, viewer: Viewer, review_id: int) -> HttpResponse:
    """Report a review."""

    def send(category: str, rule_ids: list[int], comment: str) -> Any:
        return actions.report_review(
            review_id=review_id,
            by=viewer.id,
            category=category,
            rule_ids=rule_ids,
            comment=comment,
            at=now(),
        )

    return reporting.of_review(request, viewer, review_id, send)
