"""``/studio/<handle>/links/shops``: shops that tell of orders by signed webhooks. A secret is shown once."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.studio.conversions import shops
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.measured import measured_frame

NAMES: Final = {"woocommerce": "WooCommerce", "shopify": "Shopify"}


@team(Permission.CONNECT, "GET", "POST")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The shops; a form for a new one."""
    if request.method == "POST":
        try:
            shop_id, secret = shops.make_shop(
                team, kind=request.POST.get("kind", ""), secret=request.POST.get("secret", ""), at=now()
            )
        except (BadInput, Conflict) as error:
            return _index(request, team, status=error.status, wrong=sentence_of(error), field=error.field)
        return _index(request, team, shown_id=shop_id, secret=secret)
    return _index(request, team)


def _index(request: HttpRequest, team: OnTeam, *, status: int = 200, **shown: Any) -> HttpResponse:
    found = shops.shops(team)
    rows = [
        # kept in English, said in the reader's language
        {"shop": shop, "name": NAMES[shop.kind], "refusal": _(shop.last_refusal) if shop.last_refusal else ""}
        for shop in found
    ]
    kept = {shop.kind for shop in found}
    context = {
        "rows": rows,
        "kinds": [(kind, name) for kind, name in NAMES.items() if kind not in kept],
        "typed": request.POST,
        **shown,
    }
    page = measured_frame(team, "links/shops", _("Shops"), **context)
    response = render(request, "web/studio/links/shops.html", page, status=status)
    if shown.get("secret"):
        response["Cache-Control"] = "private, no-store"
    return response


@team(Permission.CONNECT, "POST")
def secret(request: HttpRequest, team: OnTeam, shop_id: int) -> HttpResponse:
    """Another secret, shown once."""
    try:
        fresh = shops.rotate_secret(team, shop_id=shop_id, secret=request.POST.get("secret", ""), at=now())
    except BadInput as error:
        return _index(request, team, status=error.status, wrong_id=shop_id, wrong=sentence_of(error))
    return _index(request, team, shown_id=shop_id, secret=fresh, changed=True)


@team(Permission.CONNECT, "POST")
def end(request: HttpRequest, team: OnTeam, shop_id: int) -> HttpResponse:
    """Take a shop away."""
    shops.end_shop(team, shop_id=shop_id, at=now())
    messages.success(request, _("Nothing more is taken from this shop. Its orders stay."))
    return goto(request, studio_path(team.handle, "links/shops"))


urls: list[URLPattern] = [
    path("studio/<str:handle>/links/shops", index),
    path("studio/<str:handle>/links/shops/<id:shop_id>/secret", secret),
    path("studio/<str:handle>/links/shops/<id:shop_id>/end", end),
]
