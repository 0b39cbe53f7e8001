"""What others see of the profile, and which profile one acts as."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import limits
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.media import actions as media
from majlis.people import access as people_access
from majlis.people import actions
from majlis.people import queries as people
from majlis.people.access import OwnProfile
from majlis.people.queries import Viewer
from majlis.web import faces, photos
from majlis.web.composer import number
from majlis.web.doors import goto, member, sentence_of

_FIELDS: Final = 4
KINDS: Final = [
    ("person", gettext_lazy("A person")),
    ("business", gettext_lazy("A business")),
    ("automated", gettext_lazy("A machine that posts by itself")),
]


class ProfileForm(forms.Form):
    """Name, bio, links, switches. Lengths and letters are the domain's to judge."""

    display_name = forms.CharField(label=gettext_lazy("Name"), required=False)
    bio = forms.CharField(
        label=gettext_lazy("About you"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        strip=False,
    )
    avatar = forms.FileField(label=gettext_lazy("Picture"), required=False)
    avatar_alt = forms.CharField(label=gettext_lazy("What is in the picture?"), required=False)
    remove_avatar = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)
    header = forms.FileField(label=gettext_lazy("Banner"), required=False)
    header_alt = forms.CharField(label=gettext_lazy("What is on the banner?"), required=False)
    remove_header = forms.BooleanField(label=gettext_lazy("Remove the banner"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("This profile is"), choices=KINDS)
    locked = forms.BooleanField(
        label=gettext_lazy("I approve who follows me"),
        required=False,
        help_text=gettext_lazy("When you switch this off, all who wait are let in."),
    )
    discoverable = forms.BooleanField(
        label=gettext_lazy("Suggest my profile to others"),
        required=False,
        help_text=gettext_lazy("In “people you may know”, on the explore page and in the directory."),
    )
    indexable = forms.BooleanField(
        label=gettext_lazy("Let search engines find my public posts"), required=False
    )
    hide_network = forms.BooleanField(
        label=gettext_lazy("Hide whom I follow and who follows me"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("display_name", "avatar_alt", "header_alt"):
            self.fields[name].widget.attrs["dir"] = "auto"
        for name in ("avatar", "header"):
            self.fields[name].widget.attrs["accept"] = (
                "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic"
            )


#: Names that the domain has for what the form calls otherwise.
_NAMES: Final = {"note": "bio", "avatar_description": "avatar_alt", "header_description": "header_alt"}


@member("GET", "POST")
def profile(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The profile as others see it."""
    own = people_access.own_profile(user_id=viewer.user_id, profile_id=viewer.id)
    if request.method == "GET":
        return _page(request, own, ProfileForm(initial=_present(own)), _pairs_of(own))
    form, pairs = ProfileForm(request.POST, request.FILES), _typed_pairs(request)
    if not form.is_valid():
        return _page(request, own, form, pairs, status=422)
    try:
        _change(own, form.cleaned_data, pairs, at=now())
    except Refused as error:
        if error.status >= 500:
            raise
        name = _NAMES.get(error.field or "", error.field or "")
        form.add_error(name if name in form.fields else None, sentence_of(error))
        return _page(request, own, form, pairs, status=error.status)
    messages.success(request, _("Saved. This is how others see you."))
    return goto(request, faces.profile_path(own.acct))


def _page(
    request: HttpRequest,
    own: OwnProfile,
    form: ProfileForm,
    pairs: list[tuple[str, str]],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "pairs": [*pairs, *[("", "")] * (_FIELDS - len(pairs))][:_FIELDS],
        "person": faces.profile_head(own, viewer=own.id),
        "here": "settings",
        "page_title": _("Profile"),
        "back_url": "/settings",
        "robots": "noindex",
    }
    return render(request, "web/settings/profile.html", context, status=status)


def _present(own: OwnProfile) -> dict[str, Any]:
    names = ("display_name", "bio", "kind", "locked", "discoverable", "indexable", "hide_network")
    return {name: getattr(own, name) for name in (*names, "avatar_alt", "header_alt")}


def _pairs_of(own: OwnProfile) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in own.fields]


def _typed_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    names, values = request.POST.getlist("field_name"), request.POST.getlist("field_value")
    return list(zip(names, values, strict=False))[:_FIELDS]


def _change(own: OwnProfile, data: dict[str, Any], pairs: list[tuple[str, str]], *, at: datetime) -> None:
    actions.change_profile(
        by=own.id,
        at=at,
        display_name=data["display_name"],
        bio=data["bio"],
        fields=pairs,
        kind=data["kind"],
        locked=data["locked"],
        discoverable=data["discoverable"],
        indexable=data["indexable"],
        hide_network=data["hide_network"],
    )
    _change_avatar(own, data, at=at)
    _change_header(own, data, at=at)


def _change_avatar(own: OwnProfile, data: dict[str, Any], *, at: datetime) -> None:
    key, animated = own.avatar_key, own.avatar_animated
    if data["remove_avatar"]:
        key, animated = "", False
    elif data["avatar"]:
        picture = _uploaded(own, data["avatar"], "avatar")
        key, animated = picture.key, picture.animated
    actions.set_avatar(by=own.id, key=key, animated=animated, alt=data["avatar_alt"] if key else "", at=at)
    if key != own.avatar_key:
        media.discard_picture(key=own.avatar_key)


def _change_header(own: OwnProfile, data: dict[str, Any], *, at: datetime) -> None:
    key = own.header_key
    if data["remove_header"]:
        key = ""
    elif data["header"]:
        key = _uploaded(own, data["header"], "header").key
    actions.set_header(by=own.id, key=key, alt=data["header_alt"] if key else "", at=at)
    if key != own.header_key:
        media.discard_picture(key=own.header_key)


def _uploaded(own: OwnProfile, file: UploadedFile[bytes], preset: str) -> media.Picture:
    limits.take("upload", f"profile {own.id}")
    return media.upload_picture(owner=own.id, data=photos.read(file), preset=preset)


# several profiles ---------------------------------------------------------------------------------


class NewProfileForm(forms.Form):
    """Another profile of the same login."""

    display_name = forms.CharField(label=gettext_lazy("Name"), required=False)
    handle = forms.CharField(
        label=gettext_lazy("Handle"),
        max_length=64,
        help_text=gettext_lazy("How others find and mention you: letters, digits and underscores."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("This profile is"), choices=KINDS, initial="business")


def profiles(request: HttpRequest) -> HttpResponse:
    """The profiles of the login, and a new one. Also the way in for a login that has none yet."""
    if not request.user.is_authenticated:
        return member("GET")(lambda request, viewer: HttpResponse())(request)
    form = NewProfileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_profile(
                user_id=request.user.pk,
                handle=form.cleaned_data["handle"],
                display_name=form.cleaned_data["display_name"],
                kind=form.cleaned_data["kind"],
                at=now(),
            )
        except Refused as error:
            field = {"username": "handle"}.get(error.field or "", error.field)
            form.add_error(field if field in form.fields else None, sentence_of(error))
        else:
            request.session["profile_id"] = made
            return goto(request, "/settings/profile")
    context = {
        "form": form,
        "profiles": [faces.face(own) for own in people.profiles_of_login(user_id=request.user.pk or 0)],
        "here": "settings",
        "page_title": _("My profiles"),
        "back_url": "/settings",
        "robots": "noindex",
    }
    response = render(request, "web/settings/profiles.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-cache"
    return response


@member("POST")
def switch(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Act as another of her profiles."""
    chosen = people_access.own_profile(
        user_id=viewer.user_id, profile_id=number(request.POST.get("profile")) or 0
    )
    request.session["profile_id"] = chosen.id
    messages.success(request, _("You now write as %(name)s.") % {"name": chosen.name})
    return goto(request, "/home")
