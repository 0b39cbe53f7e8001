"""Public addresses of this server. The only place that knows how they are made."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import quote

from django.conf import settings

_MOST_KEPT: Final = 20_000


def absolute(path: str) -> str:
    """The full address of a path on this server."""
    return settings.MAJLIS.base_url + path


def profile_url(acct: str) -> str:
    """The page of a profile: ``https://host/@acct``. Arabic handles are percent-encoded (RFC 3986)."""
    return settings.MAJLIS.base_url + _profile_path(acct)


@lru_cache(_MOST_KEPT)
def _profile_path(acct: str) -> str:
    return f"/@{quote(acct, safe='@')}"


def post_url(acct: str, post_id: int) -> str:
    """The page of a post."""
    return f"{profile_url(acct)}/{post_id}"


def tag_url(key: str) -> str:
    """The page of a hashtag."""
    return settings.MAJLIS.base_url + _tag_path(key)


@lru_cache(_MOST_KEPT)
def _tag_path(key: str) -> str:
    return f"/tags/{quote(key, safe='')}"


def media_url(path: str) -> str:
    """The address of a stored file, from its path below the media folder."""
    return absolute(f"/media/{path}")
