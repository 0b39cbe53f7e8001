"""Where the pictures of profiles and posts are found."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.templatetags.static import static

from majlis.core import addresses
from majlis.media.store import url_for

NO_AVATAR: Final = "majlis/img/avatar.png"
NO_HEADER: Final = "majlis/img/header.png"


@lru_cache(maxsize=4)
def _house_picture(name: str) -> str:
    return addresses.absolute(static(name))


def avatar_url(key: str, *, small: bool = False, still: bool = False) -> str:
    """An avatar, 400 pixels wide (128 when ``small``), not moving when ``still``; the house's for none."""
    if not key:
        return _house_picture(NO_AVATAR)
    name = "still.webp" if still else "small.webp" if small else "large.webp"
    return addresses.absolute(url_for(key, name))


def header_url(key: str, *, small: bool = False, still: bool = False) -> str:
    """A header, 1500 pixels wide (750 when ``small``), not moving when ``still``; the house's for none."""
    if not key:
        return _house_picture(NO_HEADER)
    name = "still.webp" if still else "small.webp" if small else "large.webp"
    return addresses.absolute(url_for(key, name))


def photo_url(key: str, file_name: str) -> str:
    """A variant of a photo."""
    return addresses.absolute(url_for(key, file_name))
