"""The people of a team as templates read them: faces by id, one batch."""

from __future__ import annotations

from collections.abc import Iterable

from majlis.people import queries as people
from majlis.web.faces import Face, face


def faces_of(ids: Iterable[int | None]) -> dict[int, Face]:
    """Faces by id; those that are gone are missing. One query."""
    wanted = {id_ for id_ in ids if id_ is not None}
    return {id_: face(profile) for id_, profile in people.profiles(wanted).items()} if wanted else {}
