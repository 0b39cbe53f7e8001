"""What businesses' own sites and shops ask and tell: the script, the pixel, orders from browsers, webhooks.

No cookie is read or set here. Reports are taken from a goal's own sites, webhooks when their signature is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from majlis.accounts import limits
from majlis.core import json
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed, NotThere, Refused, TooMany
from majlis.studio.conversions import browsers, goals, shops, site
from majlis.studio.links.visitors import is_program

LARGEST: Final = 8 * 1024
"""Bytes of a browser's report."""
_JSON: Final = "application/json; charset=utf-8"
_FIELDS: Final = ("goal", "event", "id", "value", "currency", "mj", "promo_code")
_SIGNED: Final[Mapping[str, str]] = {
    "woocommerce": "X-WC-Webhook-Signature",
    "shopify": "X-Shopify-Hmac-Sha256",
}


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """``/measure.js``, for a business's own site."""
    body = site.script()
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",  # so that a site may pin it by its hash (integrity, crossorigin)
        "ETag": tag,
    }
    if request.headers.get("If-None-Match", "") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def pixel(request: HttpRequest) -> HttpResponse:
    """``/measure.gif``, for visitors without scripts. The picture says nothing of whether it was counted."""
    try:
        if request.method == "GET" and _is_a_picture(request):
            limits.take("conversions", limits.network(limits.client_address(request)))
            told = {name: request.GET[name] for name in _FIELDS if request.GET.get(name)}
            browsers.report(told, origin=_origin_of(request.headers.get("Referer", "")), at=now())
    except Refused:
        pass
    headers = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(site.PIXEL, content_type="image/gif", headers=headers)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def conversions(request: HttpRequest) -> HttpResponse:
    """``/facts/conversions``: an order or event, told by the script on one of the goal's sites."""
    origin = request.headers.get("Origin", "")
    try:
        if request.method == "OPTIONS":
            if not goals.by_key(request.GET.get("goal", "")).takes_from(origin):
                raise NotAllowed(_("This goal is not told from this site."), code="origin")
            return _to(
                origin, HttpResponse(status=204, headers={"Access-Control-Allow-Headers": "Content-Type"})
            )
        limits.take("conversions", limits.network(limits.client_address(request)))
        told = json.decode(request.body, largest=LARGEST)
        if not isinstance(told, Mapping):
            raise BadInput(_("The data sent is not what is expected here."))
        browsers.report({name: told[name] for name in _FIELDS if name in told}, origin=origin, at=now())
    except Refused as error:
        return _refused(error)
    return _to(origin, HttpResponse(status=204))


@csrf_exempt
@require_http_methods(["POST"])
def webhook(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """``/hooks/<kind>/<key>``: what a shop sends. Of no use (202) is not refused: the shop would stop sending."""
    try:
        said = shops.take_delivery(
            kind=kind,
            key=key,
            body=request.body,
            signature=request.headers.get(_SIGNED.get(kind, ""), ""),
            at=now(),
        )
    except Refused as error:
        return _refused(_counted(request, error))
    body = json.encode({"taken": not said, **({"reason": said} if said else {})})
    return HttpResponse(body, content_type=_JSON, status=202 if said else 200)


def _counted(request: HttpRequest, error: Refused) -> Refused:
    """Who forges, or tries addresses, does not do it for long."""
    if isinstance(error, shops.Forged | NotThere):
        try:
            limits.take("forged", limits.network(limits.client_address(request)))
        except TooMany as many:
            return many
    return error


def _is_a_picture(request: HttpRequest) -> bool:
    asked_for = request.headers.get("Sec-Fetch-Dest", "image")
    return asked_for == "image" and not is_program(request.headers.get("User-Agent", ""))


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _to(origin: str, response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = origin
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    return response


def _refused(error: Refused) -> HttpResponse:
    body = json.encode({"error": error.sentence, "code": error.code})
    response = HttpResponse(body, content_type=_JSON, status=error.status)
    response["Vary"] = "Origin"
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response
