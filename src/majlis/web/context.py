"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """The house itself and who is looking."""
    return {"house": settings.MAJLIS, "me": getattr(request, "profile", None)}
