"""``/studio/<handle>/page/offers``: products, services and offers, with price and link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import zones
from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.money import read_price
from majlis.brands.roles import Permission
from majlis.brands.views import OfferingView
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.web import photos, shops
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import entry_form
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path


class OfferForm(forms.Form):
    """One thing that is offered. Lengths, amounts and links are the domain's to judge."""

    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=[
            ("product", gettext_lazy("a product")),
            ("service", gettext_lazy("a service")),
            ("offer", gettext_lazy("an offer for a time")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Name"), widget=forms.TextInput({"dir": "auto"}))
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    price = forms.CharField(
        label=gettext_lazy("Price"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "dir": "auto"}),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        max_length=8,
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "characters"}),
        help_text=gettext_lazy("Three letters, such as EUR or SYP."),
    )
    photo_file = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic"}),
    )
    photo = forms.CharField(required=False, widget=forms.HiddenInput)
    alt = forms.CharField(
        label=gettext_lazy("What is in the picture?"),
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("for those who cannot see it; may stay empty"),
    )
    focus = forms.ChoiceField(
        label=gettext_lazy("Keep visible"),
        required=False,
        choices=[
            ("", gettext_lazy("as it is")),
            ("centre", gettext_lazy("the middle")),
            ("top", gettext_lazy("the top")),
            ("bottom", gettext_lazy("the bottom")),
            ("left", gettext_lazy("the left")),
            ("right", gettext_lazy("the right")),
        ],
    )
    no_photo = forms.BooleanField(label=gettext_lazy("Take the photo away"), required=False)
    url = forms.CharField(label=gettext_lazy("Link"), required=False, widget=forms.URLInput())
    ends_at = forms.CharField(
        label=gettext_lazy("Until"), required=False, widget=forms.TextInput({"type": "datetime-local"})
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)


@team(Permission.DESCRIBE, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """What the page offers."""
    offered = queries.offerings(page_id=team.page_id)
    context = frame(
        team,
        "page",
        _("Products, services, offers"),
        offers=[shops.offer(each, at=now()) for each in offered],
        back_url=studio_path(team.handle, "page"),
    )
    return render(request, "web/studio/offers.html", context)


@team(Permission.DESCRIBE, "GET", "POST")
def new(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Offer something more."""
    return _edit(request, team, None)


@team(Permission.DESCRIBE, "GET", "POST")
def edit(request: HttpRequest, team: OnTeam, offering_id: int) -> HttpResponse:
    """Change what is offered."""
    found = next((o for o in queries.offerings(page_id=team.page_id) if o.id == offering_id), None)
    if found is None:
        raise NotThere(_("There is no such offer."))
    return _edit(request, team, found)


def _edit(request: HttpRequest, team: OnTeam, offered: OfferingView | None) -> HttpResponse:
    if request.method != "POST":
        return _form(request, team, OfferForm(initial=_present(team, offered)), offered)
    form = OfferForm(_with_photo(request, team))
    if not form.is_valid():
        return _form(request, team, form, offered, status=422)
    try:
        _save(team, form.cleaned_data, offered)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, sentence_of(error))
        return _form(request, team, form, offered, status=error.status)
    messages.success(request, _("Saved."))
    return goto(request, studio_path(team.handle, "page/offers"))


def _with_photo(request: HttpRequest, team: OnTeam) -> QueryDict:
    """What was sent, with the id of the photo that came along: it lies in the library then, whatever else of the
    form is wrong, and need not be chosen again."""
    sent = request.POST.copy()
    if taken := entry_form.taken(request, team, "photo_file", room=1):
        sent["photo"] = str(taken[0])
    elif chosen := number(request.POST.get("library")):
        sent["photo"] = str(chosen)
    return sent


def _photo(data: dict[str, Any]) -> actions.OfferingPhoto:
    """What was said of the photo."""
    if data["no_photo"]:
        return actions.OfferingPhoto(of=0)
    of = number(data["photo"]) or None
    # of another photo the description that it has stays, unless one was typed
    alt = data["alt"] if data["alt"] or of is None else None
    return actions.OfferingPhoto(of=of, alt=alt, focus=photos.FOCUS.get(data["focus"]))


def _present(team: OnTeam, offered: OfferingView | None) -> dict[str, Any]:
    if offered is None:
        last = queries.offerings(page_id=team.page_id)
        known = next((each.currency for each in reversed(last) if each.currency), "")
        return {"kind": "product", "currency": known, "time_zone": zones.name()}
    return {
        "kind": offered.kind,
        "name": offered.name,
        "description": offered.description,
        "price": "" if offered.price is None else f"{offered.price.normalize():f}",
        "currency": offered.currency,
        "url": offered.url,
        "alt": offered.photo.alt if offered.photo else "",
        "ends_at": zones.for_input(offered.ends_at),
        "time_zone": zones.name(),
    }


def _save(team: OnTeam, data: dict[str, Any], offered: OfferingView | None) -> None:
    try:
        ends_at = zones.from_input(data["ends_at"], zone=data["time_zone"]) if data["ends_at"] else None
    except ValueError:
        raise BadInput(_("Please give a day and a time."), field="ends_at") from None
    actions.change_offering(
        team,
        offering_id=offered.id if offered else None,
        kind=data["kind"],
        name=data["name"],
        description=data["description"],
        price=read_price(data["price"]),
        currency=data["currency"],
        url=data["url"],
        ends_at=ends_at,
        photo=_photo(data),
        at=now(),
    )


def _form(
    request: HttpRequest, team: OnTeam, form: OfferForm, offered: OfferingView | None, *, status: int = 200
) -> HttpResponse:
    taken = number(form.data.get("photo", "")) if form.is_bound else None
    fresh = next(iter(photos.own(entry_form.as_page(request, team), [taken])), None) if taken else None
    context = frame(
        team,
        "page",
        offered.name if offered else _("Something new"),
        form=form,
        shown=fresh or (photos.shown(offered.photo) if offered and offered.photo else None),
        recent=entry_form.recent(team),
        back_url=studio_path(team.handle, "page/offers"),
    )
    return render(request, "web/studio/offer_form.html", context, status=status)


@team(Permission.DESCRIBE, "POST")
def remove(request: HttpRequest, team: OnTeam, offering_id: int) -> HttpResponse:
    """Offer it no longer."""
    actions.remove_offering(team, offering_id=offering_id, at=now())
    messages.success(request, _("Removed."))
    return goto(request, studio_path(team.handle, "page/offers"))


@team(Permission.DESCRIBE, "POST")
def pin(request: HttpRequest, team: OnTeam, offering_id: int) -> HttpResponse:
    """Show it first."""
    actions.pin_offering(team, offering_id=offering_id, at=now())
    return goto(request, studio_path(team.handle, "page/offers"))


@team(Permission.DESCRIBE, "POST")
def unpin(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Show none in particular first."""
    actions.pin_offering(team, offering_id=None, at=now())
    return goto(request, studio_path(team.handle, "page/offers"))


@team(Permission.DESCRIBE, "POST")
def move(request: HttpRequest, team: OnTeam, offering_id: int) -> HttpResponse:
    """One place up or down."""
    actions.move_offering(team, offering_id=offering_id, up=request.POST.get("to") != "down", at=now())
    return goto(request, studio_path(team.handle, "page/offers"))


urls: list[URLPattern] = [
    path("studio/<str:handle>/page/offers", index),
    path("studio/<str:handle>/page/offers/new", new),
    path("studio/<str:handle>/page/offers/unpin", unpin),
    path("studio/<str:handle>/page/offers/<id:offering_id>", edit),
    path("studio/<str:handle>/page/offers/<id:offering_id>/remove", remove),
    path("studio/<str:handle>/page/offers/<id:offering_id>/pin", pin),
    path("studio/<str:handle>/page/offers/<id:offering_id>/move", move),
]
