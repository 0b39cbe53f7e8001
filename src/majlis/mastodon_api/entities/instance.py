"""Instance, V1::Instance and NodeInfo: what this server is, what it takes, how large it is."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from django.templatetags.static import static

from majlis.core import addresses
from majlis.core.text.length import LENGTH_OF_LINK
from majlis.core.text.names import LONGEST_DISPLAY_NAME
from majlis.media import actions as media
from majlis.media.addresses import header_url
from majlis.media.inspect import MAX_PIXELS
from majlis.notifications.vapid import public_key
from majlis.people.actions.profiles import LONGEST_BIO
from majlis.people.bios import LONGEST_FIELD, MOST_FIELDS
from majlis.people.queries import Census
from majlis.posts import composing
from majlis.posts.actions.marks import MOST_PINS
from majlis.posts.actions.tags import MOST_FEATURED
from majlis.safety.views import RuleView

#: The Mastodon whose methods are here, as apps compare it (trap 11): quotes came with 4.5, which is API 7.
LIKE: Final = "4.5.0"
API: Final = 7
VERSION: Final = version("majlis")
MIME_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
)


def told_version() -> str:
    """What apps read: the Mastodon it behaves like, and honestly what it is."""
    return f"{LIKE} (compatible; Majlis {VERSION})"


def languages() -> list[str]:
    """The languages of the house, its own first."""
    first = settings.MAJLIS.default_language
    return sorted(dict(settings.LANGUAGES), key=lambda code: (code != first, code))


def rule(view: RuleView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Rule/"""
    translations = {"en": {"text": view.text, "hint": view.hint}}
    if view.text_ar:
        translations["ar"] = {"text": view.text_ar, "hint": view.hint_ar}
    return {"id": str(view.id), "text": view.text, "hint": view.hint, "translations": translations}


def _streaming() -> str:
    return addresses.absolute("").replace("http", "ws", 1)


def configuration() -> dict[str, Any]:
    """Limits, from the same constants that enforce them."""
    return {
        "accounts": {
            "max_featured_tags": MOST_FEATURED,
            "max_pinned_statuses": MOST_PINS,
            "max_profile_fields": MOST_FIELDS,
            "max_display_name_length": LONGEST_DISPLAY_NAME,
            "max_note_length": LONGEST_BIO,
            "max_avatar_description_length": media.LONGEST_ALT,
            "max_header_description_length": media.LONGEST_ALT,
            "profile_field_name_limit": LONGEST_FIELD,
            "profile_field_value_limit": LONGEST_FIELD,
        },
        "statuses": {
            "max_characters": settings.MAJLIS.post_characters,
            "max_media_attachments": composing.MOST_PHOTOS,
            "characters_reserved_per_url": LENGTH_OF_LINK,
            "supported_mime_types": ["text/plain"],
            "max_mentions": composing.MOST_MENTIONS,  # no field of Mastodon's, which has no such limit
            "max_hashtags": composing.MOST_TAGS,  # likewise
        },
        "media_attachments": {
            "supported_mime_types": list(MIME_TYPES),
            "description_limit": media.LONGEST_ALT,
            "image_size_limit": media.most_bytes(),
            "image_matrix_limit": MAX_PIXELS,
            # apps expect numbers; neither video nor audio is among the types
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": composing.MOST_OPTIONS,
            "max_characters_per_option": composing.LONGEST_OPTION,
            "min_expiration": int(composing.SHORTEST_POLL.total_seconds()),
            "max_expiration": int(composing.LONGEST_POLL.total_seconds()),
        },
    }


def instance(rules: list[RuleView], numbers: Census) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Instance/"""
    house = settings.MAJLIS
    return {
        "domain": house.host,
        "title": house.server_name,
        "version": told_version(),
        # the page that says where the source of this very server is (AGPL section 13)
        "source_url": addresses.absolute("/about"),
        "description": house.description,
        "usage": {"users": {"active_month": numbers.active_month}},
        "thumbnail": {"url": header_url(""), "description": "", "blurhash": None, "versions": {}},
        "icon": [{"src": addresses.absolute(static("majlis/mark.svg")), "size": "any"}],
        "languages": languages(),
        "configuration": {
            "urls": {
                "streaming": _streaming(),
                "status": None,
                "about": addresses.absolute("/about"),
                "privacy_policy": addresses.absolute("/privacy"),
                "terms_of_service": None,
            },
            "vapid": {"public_key": _push_key()},
            **configuration(),
            "translation": {"enabled": False},
            "limited_federation": True,
            "timelines_access": {
                "live_feeds": {"local": "public", "remote": "public"},
                "hashtag_feeds": {"local": "public", "remote": "public"},
                "trending_link_feeds": {"local": "public", "remote": "public"},
            },
        },
        "registrations": registrations(),
        "api_versions": {"mastodon": API},
        "contact": {"email": house.contact_email, "account": None},
        "rules": [rule(each) for each in rules],
        "wrapstodon": None,
    }


def registrations() -> dict[str, Any]:
    """Whether and how one can join."""
    mode = settings.MAJLIS.registrations
    return {
        "enabled": mode in {"open", "approval"},
        "approval_required": mode == "approval",
        "reason_required": mode == "approval",
        "message": None,
        "min_age": None,
        "url": None if mode == "open" else addresses.absolute("/accounts/signup/"),
    }


def instance_v1(rules: list[RuleView], numbers: Census) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/V1_Instance/"""
    house, joining = settings.MAJLIS, registrations()
    return {
        "uri": house.host,
        "title": house.server_name,
        "short_description": house.description,
        "description": f"<p>{escape(house.description)}</p>",
        "email": house.contact_email,
        "version": told_version(),
        "urls": {"streaming_api": _streaming()},
        "stats": {"user_count": numbers.members, "status_count": numbers.posts, "domain_count": 0},
        "thumbnail": header_url(""),
        "languages": languages(),
        "registrations": joining["enabled"],
        "approval_required": joining["approval_required"],
        "invites_enabled": house.registrations == "invitation",
        "configuration": configuration(),
        "contact_account": None,
        "rules": [rule(each) for each in rules],
    }


def nodeinfo(numbers: Census) -> dict[str, Any]:
    """http://nodeinfo.diaspora.software/ns/schema/2.0. Honest about what this is."""
    return {
        "version": "2.0",
        "software": {"name": "majlis", "version": VERSION},
        # it federates with nobody yet and says so. The schema wants one of its names at least, and each would
        # be untrue: crawlers and other servers believe it. Apps read the name of the software only.
        "protocols": [],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": settings.MAJLIS.registrations == "open",
        "usage": {
            "users": {
                "total": numbers.members,
                "activeMonth": numbers.active_month,
                "activeHalfyear": numbers.active_half_year,
            },
            "localPosts": numbers.posts,
        },
        "metadata": {
            "nodeName": settings.MAJLIS.server_name,
            "nodeDescription": settings.MAJLIS.description,
            "languages": languages(),
        },
    }


def _push_key() -> str:
    """Empty while it cannot be made, since the disk was full when it was first asked for."""
    try:
        return public_key()
    except OSError:
        return ""
