"""``/metrics`` in Prometheus' text format, for a collector on this machine and nobody else.

Whoever asks from elsewhere, through a proxy, or under a public name (a web page in a browser on this
machine that had its name point here) finds an unknown page.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from majlis.core.jobs.metrics import QueueCollector

_QUEUE: Final = CollectorRegistry()
_QUEUE.register(QueueCollector())
_OF_PROXIES: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers of this process, and of the queue of jobs."""
    if not _from_this_machine(request):
        raise Http404
    text = generate_latest(REGISTRY) + generate_latest(_QUEUE)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _from_this_machine(request: HttpRequest) -> bool:
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    direct = not any(name in request.headers for name in _OF_PROXIES)
    return direct and _is_loopback(request.META.get("REMOTE_ADDR", "")) and (
        host == "localhost" or _is_loopback(host)
    )  # fmt: skip


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
