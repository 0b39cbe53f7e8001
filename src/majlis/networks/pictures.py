"""Pictures inside articles: addresses of photos of this house in Markdown, found and exchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from majlis.core import addresses
from majlis.media.queries import Photo
from majlis.media.store import url_for

_STORED: Final = r"[a-z2-7]{2}/[a-z2-7]{2}/([a-z2-7]{32})/[a-z][a-z0-9_]{0,31}\.(?:jpg|png|webp|avif)"
"""As ``media.store`` makes them."""
_SIZE: Final = re.compile(r"/([a-z][a-z0-9_]{0,31})\.\w+\Z")


def found(text: str) -> dict[str, str]:
    """Every address of a photo of this house in a text, and the key of the photo."""
    pattern = re.compile(re.escape(addresses.media_url("")) + _STORED)
    return {match[0]: match[1] for match in pattern.finditer(text)}


def exchanged(text: str, new: Mapping[str, str]) -> str:
    """The text with other addresses. Each as a whole: one may be the beginning of another."""
    if not new:
        return text
    pattern = re.compile("|".join(map(re.escape, sorted(new, key=len, reverse=True))))
    return pattern.sub(lambda match: new[match[0]], text)


def address_of(photo: Photo, *, like: str) -> str | None:
    """Where the photo lies, in the size that ``like`` names; None while it has no files."""
    size = _SIZE.search(like)
    variant = photo.variants.get(size[1] if size else "") or photo.variants.get("original")
    return addresses.absolute(url_for(photo.key, variant.file)) if variant else None
