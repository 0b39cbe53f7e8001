"""Every address Django answers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from majlis.mastodon_api import openapi
from majlis.mastodon_api import urls as api
from majlis.media import views as media
from majlis.web.views import developers, entrance

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("majlis.mastodon_api.urls")),  # asked most often
    path("accounts/signup/", entrance.join, name="account_signup"),
    path("accounts/deletion/", entrance.take_back, name="account_take_back"),
    re_path(r"^accounts/confirm/(?P<key>[-:\w]+)/$", entrance.confirm, name="account_confirm_by_link"),
    path("accounts/apps/", include("majlis.web.views.apps")),
    path("accounts/", include("allauth.urls")),
    path("media/<path:address>", media.serve, name="media"),
    path("", include("majlis.mastodon_api.urls_oauth")),
    path("", include("majlis.backoffice.urls")),
    path("developers", developers.page(openapi.here), name="developers"),
    path("", include("majlis.web.urls")),
    *api.after_all,
]

handler400 = "majlis.web.views.errors.bad_request"
handler403 = "majlis.web.views.errors.forbidden"
handler404 = "majlis.web.views.errors.not_found"
handler429 = "majlis.web.views.errors.too_many"  # asked for by allauth's limits
handler500 = "majlis.config.away.server_error"
