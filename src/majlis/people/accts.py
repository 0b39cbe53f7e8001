"""Addresses of people: ``handle`` here, ``handle@domain`` elsewhere."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.conf import settings

_LONGEST: Final = 64 + 1 + 255


class Acct(NamedTuple):
    """An address taken apart; ``domain`` is empty for people of this server."""

    handle: str
    domain: str


def split_acct(text: str) -> Acct | None:
    """``bob``, ``@bob``, ``bob@domain`` or ``@bob@domain``; our own domain counts as none.

    Nothing is repaired: what has a slash, a space or a dot at the end of its domain is nobody's
    address, so that no foreign domain can come to look like ours.
    """
    if len(text) > _LONGEST + 1:
        return None
    handle, sign, domain = text.strip().removeprefix("@").partition("@")
    domain = domain.lower()
    if not _plain(handle) or (sign and (not _plain(domain) or domain.endswith("."))):
        return None
    return Acct(handle, "" if domain == settings.MAJLIS.host.lower() else domain)


def _plain(part: str) -> bool:
    return bool(part) and not any(letter in "@/\\?#%" or letter <= " " for letter in part)
