"""``/studio/<handle>/page``: what the page says of itself, for whom of the team may describe it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from majlis.accounts import limits
from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.categories import CATEGORIES
from majlis.brands.roles import Permission
from majlis.brands.views import Button, PageView
from majlis.core.clock import now
from majlis.core.errors import NotThere, Refused
from majlis.media import actions as media
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.people.access import SeenProfile
from majlis.web import faces, photos, shops
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.views.settings.index import Entry

_PICTURES: Final = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic"


def page_of(team: OnTeam) -> PageView:
    """What the page says of itself.

    Raises:
        NotThere: it is no business any more.
    """
    found = queries.page(page_id=team.page_id)
    if found is None:
        raise NotThere(_("There is no such page."))
    return found


@team(Permission.DESCRIBE, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """What there is to describe, and how it stands."""
    shop = shops.shop(page_of(team), at=now())
    offered = queries.offerings(page_id=team.page_id)
    home = studio_path(team.handle, "page")
    entries = [
        Entry(
            f"{home}/about",
            "shop",
            _("About the business"),
            _("Name, category, address, pictures, how to reach you"),
        ),
        Entry(f"{home}/hours", "clock", _("Opening hours"), shop.opening or _("Not said yet")),
        Entry(
            f"{home}/offers",
            "list",
            _("Products, services, offers"),
            _("With price and link"),
            str(len(offered)) if offered else "",
        ),
    ]
    if team.may(Permission.CONNECT):
        state = _("Verified") if shop.domain else ""
        entries.append(
            Entry(f"{home}/domains", "verified", _("Domain"), _("Prove that your website is yours"), state)
        )
    context = frame(team, "page", pgettext("studio", "Page"), entries=entries)
    return render(request, "web/studio/page.html", context)


class AboutForm(forms.Form):
    """Name to buttons. Lengths and letters are the domain's to judge."""

    display_name = forms.CharField(label=gettext_lazy("Name"), required=False)
    bio = forms.CharField(
        label=gettext_lazy("About the business"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        strip=False,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        choices=lambda: [("", _("Not said")), *((name, each.label) for name, each in CATEGORIES.items())],
    )
    avatar = forms.FileField(label=gettext_lazy("Picture"), required=False)
    header = forms.FileField(label=gettext_lazy("Cover"), required=False)
    header_alt = forms.CharField(label=gettext_lazy("What is on the cover?"), required=False)
    remove_header = forms.BooleanField(label=gettext_lazy("Remove the cover"), required=False)
    address = forms.CharField(
        label=gettext_lazy("Address"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    map_url = forms.CharField(
        label=gettext_lazy("Link to a map"),
        required=False,
        widget=forms.URLInput(),
        help_text=gettext_lazy("Left empty, the address is looked up on OpenStreetMap."),
    )
    call = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, widget=forms.TextInput({"type": "tel"})
    )
    mail = forms.CharField(label=gettext_lazy("Mail address"), required=False, widget=forms.EmailInput())
    website = forms.CharField(label=gettext_lazy("Website"), required=False, widget=forms.URLInput())
    book = forms.CharField(label=gettext_lazy("Where one books"), required=False, widget=forms.URLInput())
    order = forms.CharField(label=gettext_lazy("Where one orders"), required=False, widget=forms.URLInput())
    message = forms.BooleanField(label=gettext_lazy("A button to write to us here"), required=False)
    directions = forms.BooleanField(label=gettext_lazy("A button for the way to us"), required=False)
    approval_needed = forms.BooleanField(
        label=gettext_lazy("What an editor plans waits for somebody else's yes"), required=False
    )

    def __init__(self, *args: Any, team: OnTeam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not team.may(Permission.TEAM):
            del self.fields["approval_needed"]
        for name in ("display_name", "header_alt"):
            self.fields[name].widget.attrs["dir"] = "auto"
        for name in ("avatar", "header"):
            self.fields[name].widget.attrs["accept"] = _PICTURES


#: Names that the domain has for what the form calls otherwise.
_NAMES: Final = {"note": "bio", "header_description": "header_alt"}


@team(Permission.DESCRIBE, "GET", "POST")
def about(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Name, category, address, pictures, ways to reach the business."""
    own = people_access.see_profile(profile_id=team.page_id, viewer_id=team.by)
    if request.method != "POST":
        return _about(request, team, own, AboutForm(initial=_present(own, page_of(team)), team=team))
    form = AboutForm(request.POST, request.FILES, team=team)
    if not form.is_valid():
        return _about(request, team, own, form, status=422)
    try:
        _change(team, own, form.cleaned_data)
    except Refused as error:
        if error.status >= 500:
            raise
        name = _NAMES.get(error.field or "", error.field or "")
        form.add_error(name if name in form.fields else None, sentence_of(error))
        return _about(request, team, own, form, status=error.status)
    messages.success(request, _("Saved. This is how others see the page."))
    return goto(request, faces.profile_path(own.acct))


def _about(
    request: HttpRequest, team: OnTeam, own: SeenProfile, form: AboutForm, *, status: int = 200
) -> HttpResponse:
    back = studio_path(team.handle, "page")
    person = faces.profile_head(own, viewer=team.by)
    context = frame(team, "page", _("About the business"), form=form, back_url=back, person=person)
    return render(request, "web/studio/about.html", context, status=status)


def _present(own: SeenProfile, page: PageView) -> dict[str, Any]:
    typed = {button.kind: button.value or True for button in page.buttons}
    names = ("display_name", "bio", "header_alt")
    own_words = {name: getattr(own, name) for name in names}
    of_page = {
        "category": page.category,
        "address": page.address,
        "map_url": page.map_url,
        "approval_needed": page.approval_needed,
    }
    return {**own_words, **of_page, **typed}


@transaction.atomic
def _change(team: OnTeam, own: SeenProfile, data: dict[str, Any]) -> None:
    """All of the form or, when a part of it is refused, nothing."""
    at = now()
    typed = [Button(kind, data[kind]) for kind in ("call", "mail") if data[kind]]
    untyped = [Button(kind, "") for kind in ("message", "directions") if data[kind]]
    links = [Button(kind, data[kind]) for kind in ("website", "book", "order") if data[kind]]
    actions.describe(
        team,
        category=data["category"],
        address=data["address"],
        map_url=data["map_url"],
        buttons=[*typed, *untyped, *links],
        approval_needed=data.get("approval_needed"),
        at=at,
    )
    people.change_profile(by=own.id, display_name=data["display_name"], bio=data["bio"], at=at)
    if data["avatar"]:
        picture = _uploaded(team, data["avatar"], "avatar")
        people.set_avatar(by=own.id, key=picture.key, animated=picture.animated, alt="", at=at)
        media.discard_picture(key=own.avatar_key)
    key = "" if data["remove_header"] else own.header_key
    if data["header"] and not data["remove_header"]:
        key = _uploaded(team, data["header"], "header").key
    people.set_header(by=own.id, key=key, alt=data["header_alt"] if key else "", at=at)
    if key != own.header_key:
        media.discard_picture(key=own.header_key)


def _uploaded(team: OnTeam, file: UploadedFile[bytes], preset: str) -> media.Picture:
    limits.take("upload", f"profile {team.page_id}")
    return media.upload_picture(owner=team.page_id, data=photos.read(file), preset=preset)


urls: list[URLPattern] = [
    path("studio/<str:handle>/page", index),
    path("studio/<str:handle>/page/about", about),
]
