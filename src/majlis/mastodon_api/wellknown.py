"""How others find this server and the people on it: WebFinger (RFC 7033), NodeInfo, host-meta (RFC 6415)."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from majlis.core import addresses, json
from majlis.core.errors import BadInput, NotThere
from majlis.mastodon_api.entities import instance as entities
from majlis.mastodon_api.entities.account import account
from majlis.mastodon_api.instance import counted
from majlis.mastodon_api.params import as_id
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import access
from majlis.people.access import SeenProfile

_PROFILE: Final = re.compile(r"/(?:@|users/)([^/]{1,400})/?")
LONGEST: Final = 1_000


@endpoint("", public=True)
def webfinger(call: Call) -> Any:
    """Somebody of this server, by ``acct:name@host`` or an address of hers."""
    profile = _of_resource(call.params.text("resource").strip(), viewer=call.viewer)
    answer = HttpResponse(json.encode(_descriptor(profile)), content_type="application/jrd+json")
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _of_resource(resource: str, *, viewer: int | None) -> SeenProfile:
    """Only people of this server: what is asked of us is never asked of others.

    Raises:
        BadInput: no resource, or one that is too long.
        NotThere: unknown, withdrawn, or of another server.
    """
    if not 0 < len(resource) <= LONGEST:
        raise BadInput(_("Say whom you look for: resource=acct:name@host."), field="resource")
    profile = _of_address(resource, viewer) if "://" in resource else _of_acct(resource, viewer)
    if not profile.local:
        raise NotThere(_("There is nobody at this address."))
    return profile


def _of_acct(resource: str, viewer: int | None) -> SeenProfile:
    acct = resource.removeprefix("acct:").removeprefix("@")
    if "@" not in acct:
        raise NotThere(_("There is nobody at this address."))
    return access.see_acct(acct=acct, viewer_id=viewer)


def _of_address(resource: str, viewer: int | None) -> SeenProfile:
    try:
        parts = urlsplit(resource)
        found = (
            _PROFILE.fullmatch(parts.path) if parts.netloc.lower() == settings.MAJLIS.host.lower() else None
        )
    except ValueError:
        found = None
    if found is None:
        raise NotThere(_("There is nobody at this address."))
    if parts.path.startswith("/users/"):
        return access.see_profile(profile_id=as_id(found[1]), viewer_id=viewer)
    return access.see_acct(acct=unquote(found[1]), viewer_id=viewer)


def _descriptor(profile: SeenProfile) -> dict[str, Any]:
    """The JRD (RFC 7033 section 4.4). Beyond ASCII a handle is percent-encoded (RFC 7565 section 7)."""
    shown = account(profile)
    return {
        "subject": f"acct:{quote(profile.handle)}@{settings.MAJLIS.host}",
        "aliases": [shown.url, shown.uri],
        "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": shown.url},
            {"rel": "http://webfinger.net/rel/avatar", "href": shown.avatar},
        ],
    }


@endpoint("", public=True)
def nodeinfo_index(call: Call) -> Any:
    """Where the NodeInfo document is."""
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return {"links": [{"rel": schema, "href": addresses.absolute("/nodeinfo/2.0")}]}


@endpoint("", public=True)
def nodeinfo(call: Call) -> Any:
    """What this server is."""
    return entities.nodeinfo(counted(at=call.at).census)


@endpoint("", public=True)
def host_meta(call: Call) -> Any:
    """Where WebFinger is, for those who look here first."""
    template = addresses.absolute("/.well-known/webfinger?resource={uri}")
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template="{escape(template)}"/>\n'
        "</XRD>\n"
    )
    return HttpResponse(document, content_type="application/xrd+xml; charset=utf-8")


@endpoint("", public=True)
def health(call: Call) -> Any:
    """The server answers. (Behind the lane, which answers the same, this is not reached.)"""
    return HttpResponse("OK", content_type="text/plain; charset=utf-8")


urls = [
    route(".well-known/webfinger", GET=webfinger),
    route(".well-known/nodeinfo", GET=nodeinfo_index),
    route(".well-known/host-meta", GET=host_meta),
    route("nodeinfo/2.0", GET=nodeinfo),
    route("health", GET=health),
]
