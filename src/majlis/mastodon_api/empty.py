"""What is not built: a list is answered with an empty one, because a 404 there breaks apps (trap 12)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.mastodon_api import profiles
from majlis.mastodon_api.request import Call, endpoint, route


@endpoint("read:collections", public=True)
def collections_of(call: Call, account_id: int) -> Any:
    """Collections that somebody curates."""
    profiles.seen(call, account_id)
    return {"collections": []}


@endpoint("read:collections")
def collections_with(call: Call, account_id: int) -> Any:
    """Collections that the viewer is in."""
    profiles.seen(call, account_id)
    return {"collections": []}


@endpoint("read:collections", public=True)
def collection(call: Call, collection_id: int) -> Any:
    """One collection."""
    raise NotThere(_("There is no such collection."))


@endpoint("read:accounts")
def annual_reports(call: Call) -> Any:
    """Looking back on years, with what the reports mention."""
    return {"annual_reports": [], "accounts": [], "statuses": []}


@endpoint("read:accounts")
def annual_report(call: Call, year: str) -> Any:
    """Looking back on one year."""
    raise NotThere(_("There is no such report."))


@endpoint("read:accounts")
def annual_report_state(call: Call, year: str) -> Any:
    """Whether a report could be made."""
    return {"state": "ineligible"}


@endpoint("read")
def async_refresh(call: Call, refresh_id: int) -> Any:
    """Work going on elsewhere, which is none."""
    raise NotThere(_("There is no such refresh."))


@endpoint("", public=True)
def proofs(call: Call) -> Any:
    """Identity proofs, gone from Mastodon."""
    raise NotThere(_("There is no such proof."))


urls = [
    route("api/v1/accounts/<account_id>/collections", GET=collections_of),
    route("api/v1/accounts/<account_id>/in_collections", GET=collections_with),
    route("api/v1/collections/<collection_id>", GET=collection),
    route("api/v1/annual_reports", GET=annual_reports),
    route("api/v1/annual_reports/<year>", GET=annual_report),
    route("api/v1/annual_reports/<year>/state", GET=annual_report_state),
    route("api/v1_alpha/async_refreshes/<refresh_id>", GET=async_refresh),
    route("api/proofs", GET=proofs),
]
