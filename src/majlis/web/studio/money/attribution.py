"""``/studio/<handle>/money/attribution``: which post, channel or campaign the orders are credited to, by eight models."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.windows import Window
from majlis.studio.money import comparing, journeys
from majlis.studio.money.comparing import MODEL_WORDS
from majlis.studio.money.journeys import NO_POST, PROMO_CODE, By, Comparison
from majlis.web import formats
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import Choice, days
from majlis.web.studio.money import shown

PART: Final = "money/attribution"
_FEW: Final = 30
"""With fewer orders the models differ by chance more than by what happened."""
_BY: Final[dict[By, str | Promise]] = {
    By.CHANNEL: gettext_lazy("Channels"),
    By.POST: gettext_lazy("Posts"),
    By.CAMPAIGN: gettext_lazy("Campaigns"),
}


@team(Permission.MONEY, "GET")
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The models side by side."""
    by = by_of(request)
    here = path(page.handle, PART)
    looked = days(request, page, PART, at=now(), by=by.value)
    found = journeys.compare(page, window=looked.window, by=by)
    names = names_of(page, found)
    context = frame(
        page, PART, _("Attribution"), looked=looked, found=found, answer=_answer(found, names, looked.words),
        by_tabs=[
            Choice(f"{here}?{urlencode({'days': looked.count, 'by': each.value})}", str(words), each is by)
            for each, words in _BY.items()
        ],
        plots=[comparing.plot(found, names, zone=page.time_zone)], worth=comparing.worth(found, names, zone=page.time_zone),
        models=MODEL_WORDS.values(), few=0 < found.orders < _FEW, left_out=_left_out(found),
        file=shown.file_of(page, "NAME", days=looked.count, by=by.value),
        worth_file=shown.file_of(page, "attribution-worth", days=looked.count, by=by.value),
    )  # fmt: skip
    return render(request, "web/studio/money/attribution.html", context)


def by_of(request: HttpRequest) -> By:
    """What was asked to be credited; channels when it is none of these."""
    return next((by for by in By if by == request.GET.get("by", "")), By.CHANNEL)


def compared(request: HttpRequest, page: OnTeam, window: Window) -> tuple[Comparison, dict[int, str]]:
    """The same for files: the models, and the names of what they credit."""
    found = journeys.compare(page, window=window, by=by_of(request))
    return found, names_of(page, found)


def names_of(page: OnTeam, found: Comparison) -> dict[int, str]:
    """Posts or campaigns in words."""
    if found.by is By.POST:
        return shown.post_names(page, (int(key) for key in found.names if key not in (NO_POST, PROMO_CODE)))
    return shown.campaign_names(page) if found.by is By.CAMPAIGN else {}


def _answer(found: Comparison, names: dict[int, str], words: str) -> str:
    if not found.orders:
        return _("Not enough yet: no order in the last %(days)s that could be credited to anything.") % {
            "days": words
        }
    told = ngettext("%(n)s order", "%(n)s orders", found.orders) % {"n": formats.number(found.orders)}
    tops = {
        max(shared.by_channel, key=lambda each, of=shared.by_channel: of[each])  # type: ignore[misc]
        for shared in found.models.values()
        if any(shared.by_channel.values())
    }
    if not tops:
        return _("%(orders)s in the last %(days)s, and of none is any click or code of yours known.") % {
            "orders": told, "days": words,
        }  # fmt: skip
    listed = ("، " if formats.locale().language == "ar" else ", ").join(
        comparing.name_of(found, key, names) for key in found.names if key in tops
    )
    said = (
        _("Of %(orders)s in the last %(days)s every model credits most to one: %(names)s.")
        if len(tops) == 1
        else _("What brought most of %(orders)s in the last %(days)s depends on how one counts: %(names)s.")
    )
    return said % {"orders": told, "days": words, "names": listed}


def _left_out(found: Comparison) -> list[str]:
    return [
        ngettext(
            "%(n)s order in %(currency)s is left out: no rate says what it is worth.",
            "%(n)s orders in %(currency)s are left out: no rate says what they are worth.",
            count,
        )
        % {"n": formats.number(count), "currency": code}
        for code, count in found.apart.items()
    ]


urls: list[URLPattern] = [at_path("studio/<str:handle>/money/attribution", index)]
