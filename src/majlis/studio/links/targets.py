"""Where a tracked link may lead, how that is shown, and how the parameters get into the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit

import regex
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.core.http import FetchFailed, addresses
from majlis.core.text.clean import clean_text
from majlis.core.text.links import absolute_link
from majlis.core.text.names import skeleton
from majlis.studio.links.codes import PARAMETER, PATH

LONGEST: Final = 2000
_ANY_PORT: Final = range(1, 65536)
_HAS_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
# names that lead into the visitor's own machine or network (RFC 6761, 6762, 8375 and common use)
_INSIDE: Final = frozenset({"localhost", "local", "internal", "lan", "home", "invalid"})
_QUOTED: Final = "/:@!$&'()*+,;=-._~%"
_LATIN: Final = regex.compile(r"\p{Script=Latin}")
_OTHER: Final = regex.compile(r"[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]")


def checked_target(typed: str) -> str:
    """The address as it is kept: absolute, http or https, ASCII, its query and fragment as they were typed.

    Raises:
        BadInput: it is no web address, or leads into a private network, or to another tracked link.
    """
    from majlis.core.http import urls  # noqa: PLC0415 - loads httpx2; no start waits for it

    text = clean_text(typed).strip()
    if text and not _HAS_SCHEME.match(text):
        text = f"https://{text}"
    if len(text) > LONGEST or absolute_link(text) is None:
        raise _refusal(_("Please give a web address that begins with https:// or http://."), typed)
    try:
        parts = urlsplit(text)
        host = urls.checked_url(text, ports=_ANY_PORT).raw_host.decode("ascii").rstrip(".").lower()
    except (FetchFailed, ValueError) as error:
        raise _refusal(_("This is not an address that a browser could open."), str(error)) from None
    _check_host(host)
    kept = _in_ascii(parts, host)
    if len(kept) > LONGEST:
        raise _refusal(_("This address is too long: at most 2,000 characters are taken."), "too long")
    _check_address(parts, host)
    return kept


def _check_host(host: str) -> None:
    try:
        ip_address(host)
    except ValueError:
        labels = host.split(".")
        # 2130706433, 0x7f.1 and 127.1 are addresses to a browser
        if (
            len(labels) < 2
            or labels[-1] in _INSIDE
            or host.endswith(".home.arpa")
            or _NUMBER.fullmatch(labels[-1])
        ):
            raise _refusal(_("This address leads nowhere on the public web."), host) from None
        return
    if why := addresses.refusal(host):
        raise _refusal(_("This address leads into a private network."), why)


def _check_address(parts: SplitResult, host: str) -> None:
    ours = (urlsplit(settings.MAJLIS.base_url).hostname or "").lower()
    if host == ours and unquote(parts.path).startswith(PATH):
        raise _refusal(_("This is a tracked link already."), parts.path)
    if PARAMETER in _names(parts.query):
        raise _refusal(
            _("This address has a parameter “mj” already, which is ours to add. Please take it out."),
            parts.query,
        )


def _in_ascii(parts: SplitResult, host: str) -> str:
    port = f":{parts.port}" if parts.port else ""
    name = f"[{host}]" if ":" in host else host
    query = "?" + quote(parts.query, safe=_QUOTED + "?") if "?" in parts.geturl() and parts.query else ""
    fragment = "#" + quote(parts.fragment, safe=_QUOTED + "?") if parts.fragment else ""
    return f"{parts.scheme.lower()}://{name}{port}{quote(parts.path or '/', safe=_QUOTED)}{query}{fragment}"


def _names(query: str) -> set[str]:
    return {unquote_plus(part.partition("=")[0]) for part in query.split("&") if part}


def _refusal(sentence: Promise, cause: str) -> BadInput:
    return BadInput(sentence, code="bad_target", field="target", cause=cause)


def parted(target: str, utm: Mapping[str, str]) -> tuple[str, str]:
    """The address with its parameters, cut where the click's token comes: ``before + token + after``.

    What stands in the query stays as it is, also where it names a UTM parameter itself; the fragment
    stays at the end.
    """
    address, _hash, fragment = target.partition("#")
    path, _mark, query = address.partition("?")
    there = _names(query)
    added = [f"{name}={quote(value, safe='')}" for name, value in utm.items() if value and name not in there]
    whole = "&".join([*([query.rstrip("&")] if query.strip("&") else []), *added, f"{PARAMETER}="])
    return f"{path}?{whole}", f"#{fragment}" if fragment else ""


def plain(target: str, utm: Mapping[str, str]) -> str:
    """The address with its parameters and without a token, for whoever is not counted."""
    before, after = parted(target, utm)
    return before.removesuffix(f"{PARAMETER}=").rstrip("?&") + after


def shown_host(target: str) -> str:
    """The host for people: in its own letters, and beside it what it really is when letters could deceive.

    ``مخبز.example (xn--mgb9awbf.example)``; a name that mixes scripts is shown encoded only.
    """
    host = (urlsplit(target).hostname or "").removeprefix("www.")
    if "xn--" not in host:
        return host
    try:
        letters = host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
    return host if _could_deceive(letters) else f"{letters} ({host})"


def _could_deceive(name: str) -> bool:
    """Whether letters that are not Latin read as Latin ones (аpple with a Cyrillic а), or stand among them."""
    foreign = [label for label in name.split(".") if not label.isascii()]
    return any(skeleton(label).isascii() or _mixed(label) for label in foreign)


def _mixed(label: str) -> bool:
    return bool(_LATIN.search(label)) and bool(_OTHER.search(label))
