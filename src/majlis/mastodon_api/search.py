"""Search over people, hashtags and posts; addresses typed into the box lead to what they name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

import msgspec
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.core import addresses
from majlis.core.errors import NotSignedIn
from majlis.discovery import queries
from majlis.feeds.lists import by_ids
from majlis.mastodon_api import presentation, profiles
from majlis.mastodon_api.entities.tag import tag
from majlis.mastodon_api.params import as_id
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.people import queries as people

KINDS: Final = ("accounts", "hashtags", "statuses")
DEEPEST: Final = 1_000
#: Of this page's address, not of the next one's; and a token has no business in a link.
_NOT_KEPT: Final = frozenset({"offset", "max_id", "type", "access_token"})
_POST: Final = re.compile(r"/(?:posts|@[^/]+|users/\d+/statuses)/(\d{1,19})/?")
_PROFILE: Final = re.compile(r"/@([^/]{1,320})/?")


def _number(call: Call, name: str, default: int, most: int) -> int:
    """A number, brought down to the most that is given."""
    return min(call.params.whole(name, default, most=1_000_000) or default, most)


def _named(text: str) -> tuple[list[int], list[int]]:
    """The (profiles, posts) that an address of this server names; no others are asked for."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return [], []
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != settings.MAJLIS.host.lower():
        return [], []
    if post := _POST.fullmatch(parts.path):
        return [], [as_id(post[1])]
    found = people.by_acct(unquote(match[1])) if (match := _PROFILE.fullmatch(parts.path)) else None
    return ([found.id] if found and not found.withdrawn else []), []


def _accounts(call: Call, text: str, *, limit: int, offset: int) -> Any:
    ids = queries.people(
        text=text,
        viewer=call.viewer,
        at=call.at,
        limit=limit,
        offset=offset,
        following_only=call.params.flag("following"),
    )
    if not offset and (own := _kept_away(call, text)):
        ids = [own, *(id_ for id_ in ids if id_ != own)][:limit]
    return profiles.many(ids)


def _kept_away(call: Call, text: str) -> int | None:
    """Somebody whom the viewer herself blocks, by the whole address: else she could not let her go again."""
    if call.viewer is None or call.params.flag("following") or " " in text:
        return None
    found = people.by_acct(text)
    if found is None or found.withdrawn:
        return None
    standing = people.relationships(viewer_id=call.viewer, ids=[found.id], at=call.at)[found.id]
    return found.id if standing.blocking and not standing.blocked_by else None


@endpoint("read:accounts")
def accounts(call: Call) -> Any:
    """People by name, for completing what is typed."""
    text = call.params.text("q")
    offset = _number(call, "offset", 0, DEEPEST)
    return _accounts(call, text, limit=_number(call, "limit", 40, 80), offset=offset)


@endpoint("read:search", public=True)
def everything(call: Call) -> Any:
    """People, hashtags and posts. Who is not signed in sees the first page and asks nothing of others."""
    found, link = _search(call)
    tags = [tag(each, viewer=call.viewer) for each in found["hashtags"]]
    return Answer(found | {"hashtags": tags, "collections": []}, link=link)


@endpoint("read:search")
def everything_v1(call: Call) -> Any:
    """The same for older apps, which take the names of hashtags alone."""
    found, link = _search(call)
    return Answer(found | {"hashtags": [each.shown for each in found["hashtags"]]}, link=link)


def _search(call: Call) -> tuple[dict[str, Any], str]:
    """What was found, and the Link to further posts."""
    text = call.params.text("q").strip()
    limit, offset = _number(call, "limit", 20, 40), _number(call, "offset", 0, DEEPEST)
    if call.viewer is None and (offset or call.params.flag("resolve")):
        raise NotSignedIn(_("Please sign in to search further."), code="no_member")
    kind = call.params.choice("type", KINDS, "")
    wanted = (kind,) if kind else KINDS
    named_people, named_posts = ([], []) if offset else _named(text)
    found: dict[str, Any] = {"accounts": [], "hashtags": [], "statuses": []}
    if named_people or named_posts:
        found["accounts"] = profiles.many(named_people) if "accounts" in wanted else []
        found["statuses"] = _statuses(call, named_posts) if "statuses" in wanted else []
        return found, ""
    if "accounts" in wanted:
        found["accounts"] = _accounts(call, text, limit=limit, offset=offset)
    if "hashtags" in wanted:
        found["hashtags"] = queries.tags(
            text=text, viewer=call.viewer, at=call.at, limit=limit, offset=offset
        )
    link = ""
    if "statuses" in wanted:
        hits = _posts(call, text, limit, offset)
        found["statuses"], link = _statuses(call, hits.ids), _further(call, hits, offset + limit)
    return found, link


def _further(call: Call, hits: queries.Found, offset: int) -> str:
    """The Link header that leads to further posts: by offset, then from where this search has ended.

    Mastodon pages by offset alone and gives none. Who is not signed in may not ask for an offset.
    """
    kept = {name: values for name, values in call.request.GET.lists() if name not in _NOT_KEPT}
    if hits.more and call.viewer is not None:
        kept |= {"offset": [str(offset)]}
        kept |= {"max_id": [most]} if (most := call.params.text("max_id")) else {}
    elif hits.older is not None:
        kept |= {"max_id": [str(hits.older)]}
    else:
        return ""
    url = addresses.absolute(call.request.path.rstrip("/"))
    return f'<{url}?{urlencode(kept | {"type": "statuses"}, doseq=True)}>; rel="next"'


def _posts(call: Call, text: str, limit: int, offset: int) -> queries.Found:
    """Posts that match; ``max_id`` and ``min_id`` bound them."""
    return queries.posts(
        text=text,
        viewer=call.viewer,
        at=call.at,
        page=replace(call.page(), limit=limit),
        offset=offset,
        from_profile=call.params.id("account_id"),
    )


def _statuses(call: Call, ids: list[int]) -> msgspec.Raw:
    batch = by_ids(ids=ids, viewer=call.viewer, at=call.at, context="public")
    return msgspec.Raw(presentation.statuses_json(batch, ids, at=call.at))


urls = [
    route("api/v1/accounts/search", GET=accounts),
    route("api/v1/search", GET=everything_v1),
    route("api/v2/search", GET=everything),
]
