"""Addresses this client opens, and how redirects lead from one to the next."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Final

import httpx2

from majlis.core.http.errors import FetchFailed

LONGEST_URL: Final = 4096
_LONGEST_HOST: Final = 253
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

# Readers of addresses disagree on backslashes, white space and control characters; and the host is
# measured before it is encoded, since encoding takes the square of its length.
_SOUND: Final = re.compile(
    rf"https?://[^/?#\s\\@]{{1,{_LONGEST_HOST + 6}}}(?:[/?#][^\s\\\x00-\x1f\x7f]*)?", re.IGNORECASE
)
_HOST_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9._])?", re.IGNORECASE)


def checked_url(url: str, *, ports: Collection[int], base: httpx2.URL | None = None) -> httpx2.URL:
    """The address, parsed, without fragment; or FetchFailed. ``base`` is what a redirect started from."""
    try:
        if base is not None:
            url = str(base.join(url))
        if len(url) > LONGEST_URL or not _SOUND.fullmatch(url):
            raise FetchFailed("bad_url", url=url, cause="not an http or https address")
        parsed = httpx2.URL(url).copy_with(fragment=None)
    except httpx2.InvalidURL as error:
        raise FetchFailed("bad_url", url=url, cause=str(error)) from None
    host = parsed.raw_host.decode("ascii")
    if not _is_host(host):
        raise FetchFailed("bad_url", url=url, cause="not a host name")
    if port_of(parsed) not in ports:
        raise FetchFailed("bad_url", url=url, cause=f"port {port_of(parsed)} is not opened")
    return parsed


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host).scope_id is None
        except ValueError:
            return False
    return len(host) <= _LONGEST_HOST and bool(_HOST_NAME.fullmatch(host)) and ".." not in host


def port_of(url: httpx2.URL) -> int:
    """The port, stated or by the scheme."""
    return _DEFAULT_PORTS[url.scheme] if url.port is None else url.port


def same_origin(one: httpx2.URL, other: httpx2.URL) -> bool:
    """Whether scheme, host and port agree: only then may credentials go along."""
    return (one.scheme, one.raw_host, port_of(one)) == (other.scheme, other.raw_host, port_of(other))
