"""People as the back office shows them: an avatar, a name, and where to look them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from majlis.media.store import url_for
from majlis.people import queries as people
from majlis.people.queries import ProfileView


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody. ``office_url`` is her page in the back office, ``url`` the one that everybody sees."""

    id: int
    display_name: str
    acct: str
    url: str
    office_url: str
    avatar_url: str
    kind: str
    withdrawn: bool
    limited: bool


def face(profile: ProfileView) -> Face:
    """A profile as a face."""
    return Face(
        id=profile.id,
        display_name=profile.name,
        acct=profile.acct,
        url=f"/@{quote(profile.acct, safe='@')}",
        office_url=f"/backoffice/people/{profile.id}",
        avatar_url=url_for(profile.avatar_key, "small.webp") if profile.avatar_key else "",
        kind=profile.kind,
        withdrawn=profile.withdrawn,
        limited=profile.limited,
    )


def faces(ids: Iterable[int | None]) -> dict[int, Face]:
    """Faces of those who are there; one query."""
    found = people.profiles(sorted({id_ for id_ in ids if id_}))
    return {id_: face(profile) for id_, profile in found.items()}
