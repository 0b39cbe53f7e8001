"""Which network an archive is from, by the files it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.networks.archives import facebook, instagram, mastodon, mastodon_tables, x
from majlis.networks.archives.container import Container, UnreadableArchive
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.options import Options
from majlis.networks.archives.records import Network, Record

_UNKNOWN: Final = _(
    "The archive is of no network that is known here: X, Instagram, Facebook and Mastodon archives are read."
)
_PAGES: Final = _("This export consists of web pages. Ask the network for it again in the JSON format.")
_LINKEDIN: Final = _("Archives of LinkedIn are not read yet.")
_EMPTY: Final = _("The archive holds no files that can be read.")
_LINKEDIN_FILES: Final = re.compile(r"Shares\.csv|Connections\.csv|Positions\.csv")
_OUTBOX: Final = re.compile(r"outbox\.json|actor\.json|" + "|".join(map(re.escape, mastodon_tables.TABLES)))
_X_ACCOUNT: Final = re.compile(r"data/(?:account|manifest|like)\.js")
_X_PARTS: Final = re.compile(r"(?:account|follower|following|like)\.js")
_DEEPEST_ROOT: Final = 3


class Detected(msgspec.Struct, frozen=True):
    """The network and the folder inside the container that is the archive's root (ends in ``/``)."""

    network: Network
    root: str


# In this order: the surest sign first. ``posts.json`` alone is Instagram's.
_SIGNS: Final[tuple[tuple[re.Pattern[str], Network], ...]] = (
    (x.POSTS, "x"),
    (_X_ACCOUNT, "x"),
    (_OUTBOX, "mastodon"),
    (facebook.POSTS, "facebook"),
    (instagram.POSTS, "instagram"),
    (_X_PARTS, "x"),
)
_READERS: Final[dict[Network, Callable[..., Iterator[Record]]]] = {
    "x": x.read,
    "mastodon": mastodon.read,
    "facebook": facebook.read,
    "instagram": instagram.read,
}


def detect(container: Container) -> Detected:
    """The network and the root. Raises UnreadableArchive with a sentence that says what to do."""
    if not container.sizes:
        raise UnreadableArchive(_EMPTY, code="archive_empty")
    for pattern, network in _SIGNS:
        root = _root(container, pattern)
        if root is not None:
            return Detected(network, root)
    raise _unknown(container)


def read(container: Container, *, options: Options) -> Iterator[Record]:
    """All records of the archive, beginning with the container's own refusals.

    Raises UnreadableArchive when the network is not known; afterwards whatever is broken is a Skipped.
    """
    found = detect(container)
    layout = Layout(container, root=found.root)
    yield from container.refused
    yield from _READERS[found.network](layout, options=options)


def _root(container: Container, pattern: re.Pattern[str]) -> str | None:
    """The shortest folder below which a file is the pattern's."""
    roots = (
        root for name in container.sizes for root in _roots(name) if pattern.fullmatch(name[len(root) :])
    )
    return min(roots, key=lambda root: (root.count("/"), root), default=None)


def _roots(name: str) -> Iterator[str]:
    """Nothing, and each of the first folders of the name."""
    yield ""
    end = -1
    for _depth in range(_DEEPEST_ROOT):
        end = name.find("/", end + 1)
        if end < 0:
            return
        yield name[: end + 1]


def _unknown(container: Container) -> UnreadableArchive:
    if _root(container, instagram.PAGES) is not None or _root(container, facebook.PAGES) is not None:
        return UnreadableArchive(_PAGES, code="archive_in_pages")
    if _root(container, _LINKEDIN_FILES) is not None:
        return UnreadableArchive(_LINKEDIN, code="archive_linkedin")
    return UnreadableArchive(_UNKNOWN, code="archive_unknown_network")
