"""What a member keeps about others: notes, features, dismissed suggestions."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, NotAllowed
from majlis.core.events import emit
from majlis.people import events
from majlis.people.access import SeenProfile
from majlis.people.actions.pairs import lock, lock_two
from majlis.people.models import Endorsement, Follow, Note, SuggestionDismissal
from majlis.people.words import many_lines

LONGEST_NOTE: Final = 2_000
MOST_ENDORSED: Final = 50


@transaction.atomic
def write_note(*, by: int, about: SeenProfile, text: str) -> None:
    """Note something about somebody, for ``by`` alone; an empty text removes the note.

    Raises:
        BadInput: longer than 2,000 characters.
        NotThere: she is gone meanwhile.
    """
    text = many_lines(text, field="comment", longest=LONGEST_NOTE)
    lock(about.id)
    if text:
        Note.objects.update_or_create(writer_id=by, about_id=about.id, defaults={"text": text})
    else:
        Note.objects.filter(writer_id=by, about_id=about.id).delete()


@transaction.atomic
def endorse(*, by: int, whom: SeenProfile, at: datetime) -> None:
    """Feature somebody on the own profile.

    Raises:
        BadInput: herself, or fifty already.
        NotAllowed: she is not followed.
    """
    lock_two(by, whom.id)
    if not Follow.objects.filter(follower_id=by, followed_id=whom.id).exists():
        raise NotAllowed(_("You can feature only people whom you follow."), code="not_followed")
    if Endorsement.objects.filter(endorser_id=by).exclude(endorsed_id=whom.id).count() >= MOST_ENDORSED:
        raise BadInput(_("You feature as many people as there can be."), code="limit")
    if Endorsement.objects.get_or_create(endorser_id=by, endorsed_id=whom.id)[1]:
        emit(events.ProfileChanged(by, at))


@transaction.atomic
def unendorse(*, by: int, profile_id: int, at: datetime) -> None:
    """Feature somebody no longer. Nothing happens when she was not."""
    if Endorsement.objects.filter(endorser_id=by, endorsed_id=profile_id).delete()[0]:
        emit(events.ProfileChanged(by, at))


@transaction.atomic
def dismiss_suggestion(*, by: int, whom: SeenProfile) -> None:
    """Suggest somebody no longer to ``by``.

    Raises:
        NotThere: she is gone meanwhile.
    """
    lock(whom.id)
    SuggestionDismissal.objects.get_or_create(viewer_id=by, profile_id=whom.id)
