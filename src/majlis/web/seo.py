"""What search engines and link previews are told: titles, canonical addresses, Open Graph, JSON-LD.

Invariant: only what a guest can see is ever described here, and a member who does not want to be indexed
is not: her pages say ``noindex`` and carry no structured data.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from majlis.core import addresses
from majlis.core.text.bidi import isolate
from majlis.core.text.html import plain
from majlis.media.addresses import avatar_url
from majlis.people.queries import ProfileView
from majlis.posts.queries import PostView
from majlis.web import cards

_DESCRIPTION: Final = 160
_HEADLINE: Final = 110
_SCHEMA: Final = "https://schema.org"


def of_profile(
    profile: ProfileView, *, part: str = "", business: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The head of a profile's page; ``business`` is what ``shops.structured`` says of one."""
    url = addresses.profile_url(profile.acct)
    about = cards.excerpt(plain(profile.bio_html), _DESCRIPTION)
    hidden = not profile.indexable or profile.limited or not profile.local
    return {
        "page_title": _("%(name)s (@%(acct)s)") % {"name": profile.name, "acct": profile.acct},
        "page_description": about or _("The page of %(name)s.") % {"name": isolate(profile.name)},
        "canonical": f"{url}/{part}" if part else url,
        "robots": "noindex" if hidden else "",
        "og": {
            "type": "profile",
            "image": avatar_url(profile.avatar_key),
            "image_alt": profile.avatar_alt,
            "small": True,
        },
        "atom_url": f"{url}/feed.atom",
        "structured": None if hidden or part else _profile_page(profile, url, about, business or {}),
    }


def _profile_page(profile: ProfileView, url: str, about: str, business: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": _SCHEMA,
        "@type": "ProfilePage",
        "dateCreated": profile.made_at.isoformat(timespec="seconds"),
        "mainEntity": {
            **_author(profile),
            "identifier": str(profile.id),
            "alternateName": f"@{profile.acct}",
            "description": about,
            "image": avatar_url(profile.avatar_key),
            "sameAs": [field.url for field in profile.fields if field.url and field.verified_at],
            "agentInteractionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": f"{_SCHEMA}/WriteAction",
                "userInteractionCount": profile.posts,
            },
            **_network(profile),
            **business,
            "url": url,
        },
    }


def _network(profile: ProfileView) -> dict[str, Any]:
    if profile.hide_network:
        return {}
    return {
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": f"{_SCHEMA}/FollowAction",
            "userInteractionCount": profile.followers,
        }
    }


def _author(profile: ProfileView) -> dict[str, Any]:
    kind = "Organization" if profile.kind == "business" else "Person"
    return {"@type": kind, "name": profile.name, "url": addresses.profile_url(profile.acct)}


def of_post(post: PostView, author: ProfileView, shown: cards.Post) -> dict[str, Any]:
    """The head of a post's page. Only public and unlisted posts are described; only public ones indexed."""
    url = addresses.post_url(author.acct, post.id)
    if post.audience not in ("public", "unlisted"):
        return {"page_title": _post_title(post, author, described=False), "robots": "noindex"}
    text = post.warning or cards.excerpt(plain(post.html), _DESCRIPTION)
    hidden = post.audience != "public" or not author.indexable or author.limited or not author.local
    picture = _picture(post, shown)
    return {
        "page_title": _post_title(post, author, described=True),
        "page_description": text,
        "canonical": url,
        "robots": "noindex" if hidden else "",
        "og": {
            "type": "article",
            "published_at": post.made_at,
            "author_url": addresses.profile_url(author.acct),
            "image": picture or avatar_url(author.avatar_key),
            "image_alt": shown.media[0].alt if picture and shown.media else "",
            "small": not picture,
        },
        "atom_url": f"{addresses.profile_url(author.acct)}/feed.atom",
        "structured": None if hidden else _posting(post, author, url, picture),
    }


def _post_title(post: PostView, author: ProfileView, *, described: bool) -> str:
    if not described:
        return _("Post by %(name)s") % {"name": isolate(author.name)}
    if post.title:
        return post.title
    begins = post.warning or cards.excerpt(plain(post.html), 60)
    if not begins:
        return _("Post by %(name)s") % {"name": isolate(author.name)}
    return _("%(name)s: “%(text)s”") % {"name": isolate(author.name), "text": isolate(begins)}


def _picture(post: PostView, shown: cards.Post) -> str:
    """The picture of a preview; what lies behind a warning is not shown before it."""
    if post.warning or post.sensitive:
        return ""
    if shown.article and shown.article.cover_url:
        return addresses.absolute(shown.article.cover_url)
    return addresses.absolute(shown.media[0].url) if shown.media else ""


def _posting(post: PostView, author: ProfileView, url: str, picture: str) -> dict[str, Any]:
    article = post.kind == "article"
    text = post.warning or plain(post.html)
    made: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Article" if article else "SocialMediaPosting",
        "headline": cards.excerpt(post.title or text, _HEADLINE)
        or _("Post by %(name)s") % {"name": author.name},
        "author": _author(author),
        "datePublished": post.made_at.isoformat(timespec="seconds"),
        "url": url,
        "mainEntityOfPage": url,
        "interactionStatistic": [
            _counter("LikeAction", post.favourites),
            _counter("ShareAction", post.boosts),
            _counter("CommentAction", post.replies),
        ],
    }
    if post.edited_at:
        made["dateModified"] = post.edited_at.isoformat(timespec="seconds")
    if picture:
        made["image"] = picture
    if post.language:
        made["inLanguage"] = post.language
    made["articleBody"] = text[:5_000]
    return made


def _counter(kind: str, count: int) -> dict[str, Any]:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"{_SCHEMA}/{kind}",
        "userInteractionCount": count,
    }
