"""The pages of the web client. Features add their own list of addresses here."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from majlis.web.views import gallery, pages, preferences

urlpatterns: list[URLPattern] = [
    path("", pages.landing, name="landing"),
    path("about", pages.about, name="about"),
    path("rules", pages.rules, name="rules"),
    path("privacy", pages.privacy, name="privacy"),
    path("offline", pages.offline, name="offline"),
    path("preferences/language", preferences.language, name="set_language"),
    path("preferences/theme", preferences.theme, name="set_theme"),
]

#: Every component with made-up people, to be looked at; part of a running server in debug only.
gallery_urls: list[URLPattern] = [
    path("_gallery", gallery.index, name="gallery"),
    path("_gallery/<slug:page>", gallery.page, name="gallery_page"),
]
if settings.DEBUG:
    urlpatterns += gallery_urls
