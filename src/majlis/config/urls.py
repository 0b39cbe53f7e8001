"""Every address Django answers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from majlis.web.views import entrance

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/signup/", entrance.join, name="account_signup"),
    path("accounts/deletion/", entrance.take_back, name="account_take_back"),
    re_path(r"^accounts/confirm/(?P<key>[-:\w]+)/$", entrance.confirm, name="account_confirm_by_link"),
    path("accounts/apps/", include("majlis.web.views.apps")),
    path("accounts/", include("allauth.urls")),
    path("", include("majlis.mastodon_api.urls_oauth")),
]
