"""``/care/<token>``: a customer says whether it is solved, and how content she is. Nobody need sign in: the link is signed.

Looking changes nothing, so whatever fetches a link before her says nothing in her name.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.accounts import limits
from majlis.care.fixing import fixes
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed
from majlis.web import faces
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or what she said to it."""
    limits.take("review_link", f"address {request.META.get('REMOTE_ADDR', '')}")
    if request.method == "POST":
        try:
            messages.success(request, _answer(request, token))
        except (BadInput, NotAllowed) as error:
            messages.error(request, sentence_of(error))
        return goto(request, request.path)
    found = fixes.question(token)
    arabic = translation.get_language() == "ar"
    response = render(request, "web/care/asked.html", {
        "asked": found, "page_title": found.page, "robots": "noindex",
        "fix": (found.text_ar or found.text) if arabic else (found.text or found.text_ar),
        "page_url": faces.profile_path(found.handle), "stars": range(1, 6),
    })  # fmt: skip
    response["Referrer-Policy"] = "same-origin"  # the form must say where it stands
    return response


def _answer(request: HttpRequest, token: str) -> str:
    do, at = request.POST.get("do", ""), now()
    viewer = profile.id if (profile := getattr(request, "profile", None)) else None
    if do == "confirm":
        fixes.confirm(token, viewer=viewer, at=at)
        return _("Thank you. Good that it is solved.")
    if do == "not_yet":
        fixes.not_yet(token, viewer=viewer, at=at)
        return _("Thank you for saying so. It is open again, and goes before others.")
    fixes.rate(
        token,
        stars=number(request.POST.get("stars")) or 0,
        comment=request.POST.get("comment", ""),
        viewer=viewer,
        at=at,
    )
    return _("Thank you. You can change it for a week.")
