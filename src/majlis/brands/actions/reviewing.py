"""Reviews: written and changed by members, answered by the page, reported by anybody, taken down by operators.

Invariant: a page cannot make a review of itself nor make one go: neither it, nor its team, nor another
profile of their logins writes one, and none of them removes one. What a member wrote before she joined the team is
neither shown nor counted while she is on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.brands import queries, signals
from majlis.brands.access import OnTeam, see_review
from majlis.brands.deeds import note
from majlis.brands.events import ReviewAnswered, ReviewGone, ReviewWritten
from majlis.brands.models import Review
from majlis.brands.roles import Permission
from majlis.core.addresses import tag_url
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.events import emit
from majlis.core.text.html import post_html
from majlis.core.text.language import detect_language
from majlis.people import access as people_access
from majlis.people.access import SeenProfile
from majlis.people.words import many_lines
from majlis.safety import actions as safety

LONGEST: Final = 2000
KIND: Final = "review"


@transaction.atomic
def write_review(
    *, page: SeenProfile, by: int, stars: int, recommends: bool | None, text: str, at: datetime
) -> int:
    """Write what one thinks of a page, or change it; the review's id. One that was taken down stays so.

    Raises:
        BadInput: not one to five stars; the text is too long.
        NotAllowed: it is one's own page; one of the two blocks the other.
        NotThere: the profile is no business here.
        TooMany: too many today.
    """
    found = queries.page(page_id=page.id)
    if found is None:
        raise NotThere(_("There is no such page."))
    _require_stranger(page.id, by)
    if not 1 <= stars <= 5:
        raise BadInput(_("Give one to five stars."), field="stars")
    text = many_lines(text, field="text", longest=LONGEST)
    values: dict[str, Any] = {
        "stars": stars,
        "recommends": recommends,
        "text": text,
        "html": _html(text),
        "language": detect_language(text) or "",
    }
    limits.take("review", f"profile {by}")
    review, new = Review.objects.get_or_create(
        page_id=page.id, author_id=by, defaults={**values, "made_at": at}
    )
    if not new:
        Review.objects.filter(pk=review.pk).update(**values, edited_at=at)
    else:
        tell = queries.members_who_may(page_id=page.id, permission=Permission.ANSWER)
        told = ReviewWritten(
            page_id=page.id, handle=found.handle, review_id=review.pk, author_id=by, tell=tuple(tell), at=at
        )
        emit(told)
    signals.changed(page.id, "reviews", at)
    return int(review.pk)


def _require_stranger(page_id: int, by: int) -> None:
    why = queries.why_no_review(page_id=page_id, by=by)
    if why == "own":
        raise NotAllowed(_("Nobody reviews the page she works for."), code="own_page")
    if why:
        raise NotAllowed(_("You cannot review this page."), code="parted")


def _html(text: str) -> str:
    return str(post_html(text, mentions={}, tag_url=tag_url))


@transaction.atomic
def remove_review(*, page_id: int, by: int, at: datetime) -> None:
    """Take one's review back. One that was taken down stays: it keeps the place of another.

    Raises:
        NotThere: there is none.
    """
    found = (
        Review.objects.select_for_update().filter(page_id=page_id, author_id=by, withdrawn_at=None).first()
    )
    if found is None:
        raise _no_review()
    review_id = int(found.pk)
    found.delete()
    emit(ReviewGone(page_id=page_id, review_id=review_id, at=at))
    signals.changed(page_id, "reviews", at)


def _no_review() -> NotThere:
    return NotThere(_("There is no such review."))


@transaction.atomic
def answer_review(team: OnTeam, *, review_id: int, text: str, at: datetime) -> None:
    """Answer a review in the page's name, change the answer, or with no text take it back. The first answer
    is told to the review's author.

    Raises:
        BadInput: the text is too long.
        NotThere: the page has no such review.
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    text = many_lines(text, field="text", longest=LONGEST)
    rows = Review.objects.select_for_update().filter(page_id=team.page_id, withdrawn_at=None)
    found = rows.filter(pk=review_id).first()
    if found is None:
        raise _no_review()
    found.reply, found.reply_html = text, _html(text)
    found.replied_by_id, found.replied_at = (team.by, at) if text else (None, None)
    found.save(update_fields=["reply", "reply_html", "replied_by", "replied_at"])
    note(team, "review.answered" if text else "review.answer_removed", at=at, subject=review_id)
    if text:
        told = ReviewAnswered(
            page_id=team.page_id,
            handle=team.handle,
            review_id=review_id,
            author_id=found.author_id,
            at=at,
        )
        emit(told)
    signals.changed(team.page_id, "reviews", at)


def report_review(
    *, review_id: int, by: int, at: datetime, category: str = "", rule_ids: list[int], comment: str = ""
) -> int:
    """Tell the operators that a review breaks the rules; the report's id. See ``safety.actions.report``.

    Raises:
        NotThere: there is no such review.
        BadInput: it is one's own; no such category; the comment is too long.
    """
    found = see_review(review_id=review_id, viewer=by)
    about = people_access.see_profile(profile_id=found.author_id, viewer_id=by)
    thing = safety.Thing(
        kind=KIND, id=str(found.id), text=found.text, about=str(found.page_id), made_at=found.made_at
    )
    return safety.report(
        by=by, about=about, at=at, things=[thing], category=category, rule_ids=rule_ids, comment=comment
    )
