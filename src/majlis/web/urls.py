"""Every page: its address and its view. Included after the API and the pages of accounts."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import URLPattern, path, re_path

from majlis.web.studio import urls as studio
from majlis.web.views import (
    acting,
    archives,
    asked,
    businesses,
    circles,
    compose,
    decisions,
    explaining,
    gallery,
    letters,
    measuring,
    notices,
    pages,
    preferences,
    profiles,
    reading,
    relations,
    reporting,
    robots,
    searching,
    thread,
)
from majlis.web.views.settings import account, filters, index
from majlis.web.views.settings import measured as own_measured
from majlis.web.views.settings import profile as own_profile
from majlis.web.views.settings import reading as own_reading

_HOUSE: Final = [
    path("", pages.landing, name="landing"),
    path("about", pages.about, name="about"),
    path("about/feed", explaining.rule),
    path("rules", pages.rules, name="rules"),
    path("privacy", pages.privacy, name="privacy"),
    path("offline", pages.offline, name="offline"),
    path("care/<str:token>", asked.asked),
    path("offline-worker.js", pages.offline_worker),
    path("preferences/language", preferences.language, name="set_language"),
    path("preferences/theme", preferences.theme, name="set_theme"),
    path("robots.txt", robots.robots_txt),
    path("sitemap.xml", robots.sitemap_index),
    re_path(r"^sitemap-(?P<kind>house|people|posts)-(?P<number>[1-9][0-9]{0,5})\.xml$", robots.sitemap),
]

_READING: Final = [
    path("home", reading.home),
    path("home/since", reading.since),
    path("home/read", reading.read),
    path("home/order", explaining.order),
    path("home/why/<id:post_id>", explaining.item),
    path("home/promoted/<id:promotion_id>", explaining.promoted),
    path("explore", reading.explore),
    path("local", reading.local),
    path("tags/<str:name>", reading.tag),
    path("tags/<str:name>/follow", reading.follow_tag),
    path("tags/<str:name>/unfollow", reading.unfollow_tag),
    path("tags/<str:name>/feed.atom", robots.tag_feed),
    path("search", searching.search),
    path("notifications", notices.index),
    path("notifications/read", notices.read),
    path("notifications/clear", notices.clear),
    path("bookmarks", reading.bookmarks),
    path("favourites", reading.favourites),
]

_WRITING: Final = [
    path("compose", compose.compose),
    path("compose/photos", compose.add_photos),
    path("articles/new", compose.new_article),
    path("drafts", compose.drafts),
    path("drafts/<id:draft_id>/discard", compose.discard),
    path("drafts/<id:draft_id>/reschedule", compose.reschedule),
]

_POSTS: Final = [
    path("posts/<id:post_id>", thread.by_id),
    *(
        path(f"posts/<id:post_id>/{part}", thread.by_id, {"part": f"/{part}"})
        for part in ("history", "boosts", "reactions", "quotes")
    ),
    path("posts/<id:post_id>/edit", compose.edit),
    path("posts/<id:post_id>/report", reporting.post),
    *(
        path(f"posts/<id:post_id>/{name}", getattr(acting, name))
        for name in (
            "react", "unreact", "boost", "unboost", "bookmark", "unbookmark", "pin", "unpin", "mute", "unmute",
            "vote", "delete", "deleted", "restore",
        )
    ),
]  # fmt: skip

_PEOPLE: Final = [
    path("users/<id:profile_id>", profiles.by_id),
    *(
        path(f"people/<id:profile_id>/{name}", view)
        for name, view in {
            "follow": relations.follow,
            "follow-settings": relations.follow_settings,
            "unfollow": relations.unfollow,
            "remove-follower": relations.remove_follower,
            "block": relations.block,
            "unblock": relations.unblock,
            "mute": relations.mute,
            "unmute": relations.unmute,
            "note": relations.note,
            "dismiss": relations.dismiss,
            "lists": relations.memberships,
            "report": reporting.profile,
        }.items()
    ),
    path("reviews/<id:review_id>/report", businesses.report),
    path("follow_requests", relations.requests),
    path("requests/<id:profile_id>/accept", relations.accept),
    path("requests/<id:profile_id>/refuse", relations.refuse),
    path("lists", circles.index),
    path("lists/new", circles.create_list),
    path("lists/<id:list_id>", circles.one_list),
    path("lists/<id:list_id>/change", circles.change_list),
    path("lists/<id:list_id>/delete", circles.delete_list),
    path("lists/<id:list_id>/add", circles.add_to_list),
    path("lists/<id:list_id>/remove", circles.remove_from_list),
    path("circles", circles.index),
    path("circles/new", circles.create_circle),
    path("circles/<id:circle_id>", circles.circle),
    path("circles/<id:circle_id>/change", circles.rename_circle),
    path("circles/<id:circle_id>/delete", circles.delete_circle),
    path("circles/<id:circle_id>/add", circles.add_to_circle),
    path("circles/<id:circle_id>/remove", circles.remove_from_circle),
]

_SETTINGS: Final = [
    path("settings", index.index),
    path("settings/profile", own_profile.profile),
    path("settings/profiles", own_profile.profiles),
    path("settings/profiles/switch", own_profile.switch),
    path("settings/preferences", own_reading.preferences),
    path("settings/privacy", own_reading.privacy),
    path("settings/privacy/block-domain", own_reading.block_domain),
    path("settings/privacy/unblock-domain", own_reading.unblock_domain),
    path("settings/measured", own_measured.measured),
    path("settings/measured/switch", own_measured.switch),
    path("settings/measured/customer", own_measured.customer_of),
    path("settings/promotions", explaining.promotions),
    path("settings/experiments", explaining.experiments),
    path("settings/notifications", notices.policy),
    path("settings/filters", filters.index),
    path("settings/filters/new", filters.new),
    path("settings/filters/<id:filter_id>", filters.change),
    path("settings/filters/<id:filter_id>/delete", filters.delete),
    path("settings/sessions", account.signed_in),
    path("settings/sessions/<id:session_id>/end", account.end_session),
    path("settings/sessions/end-others", account.end_others),
    path("settings/import", archives.bring),
    path("settings/import/state", archives.bring_state),
    path("settings/export", archives.take),
    path("settings/export/state", archives.take_state),
    path("settings/export/<id:export_id>/file", archives.take_file),
    path("settings/account", account.account),
    path("settings/account/delete", account.delete),
]

# what the operators decided; the second opens with the link of a letter, signed in or not
_DECISIONS: Final = [
    path("decisions", decisions.index),
    path("decisions/<str:key>", decisions.decision),
]

# last, since a handle may be any word
_PROFILES: Final = [
    path("@<str:acct>", profiles.profile),
    *(
        path(f"@<str:acct>/{part}", profiles.profile, {"part": part})
        for part in ("with_replies", "media", "articles")
    ),
    *(
        path(f"@<str:acct>/{which}", profiles.network, {"which": which})
        for which in ("followers", "following")
    ),
    path("@<str:acct>/offers", businesses.offers),
    path("@<str:acct>/reviews", businesses.review),
    path("@<str:acct>/reviews/remove", businesses.remove),
    path("@<str:acct>/feed.atom", robots.profile_feed),
    path("@<str:acct>/<id:post_id>", thread.thread),
    path("@<str:acct>/<id:post_id>/history", thread.history),
    path("@<str:acct>/<id:post_id>/boosts", thread.boosts),
    path("@<str:acct>/<id:post_id>/reactions", thread.reactions),
    path("@<str:acct>/<id:post_id>/quotes", thread.quotes),
]

#: For sites and shops of businesses (docs/measuring.md); no pages.
_MEASURING: Final = [
    path("measure.js", measuring.script),
    path("measure.gif", measuring.pixel),
    path("facts/conversions", measuring.conversions),
    path("hooks/<slug:kind>/<str:key>", measuring.webhook),
]

#: Every component with made-up people, to be looked at; part of a running server in debug only.
gallery_urls: list[URLPattern] = [
    path("_gallery", gallery.index, name="gallery"),
    path("_gallery/<slug:page>", gallery.page, name="gallery_page"),
]

urlpatterns: list[URLPattern] = [
    path("notifications/digest/stop/<str:token>", letters.stop),
    *_HOUSE, *_READING, *_WRITING, *_POSTS, *_PEOPLE, *_SETTINGS, *_DECISIONS, *_MEASURING, *studio.urlpatterns,
    *_PROFILES,
    *(gallery_urls if settings.DEBUG else []),
]  # fmt: skip
