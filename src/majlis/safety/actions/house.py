"""The rules of the house and what the operator announces."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from majlis.core import events
from majlis.core.addresses import tag_url
from majlis.core.errors import BadInput, NotThere
from majlis.core.text.html import post_html
from majlis.safety.events import (
    AnnouncementDismissed,
    AnnouncementPublished,
    AnnouncementWithdrawn,
    RulesChanged,
)
from majlis.safety.models import Announcement, AnnouncementRead, Rule
from majlis.safety.words import plain

LONGEST_RULE: Final = 500
LONGEST_HINT: Final = 1000
LONGEST_ANNOUNCEMENT: Final = 2000
_FIELDS: Final = {
    "text": LONGEST_RULE,
    "text_ar": LONGEST_RULE,
    "hint": LONGEST_HINT,
    "hint_ar": LONGEST_HINT,
}


def add_rule(
    *, by: int, text: str, text_ar: str = "", hint: str = "", hint_ar: str = "", at: datetime
) -> int:
    """A new rule, after the others; its id.

    Raises:
        BadInput: no English text, or a text too long.
    """
    words = _rule_words(text, text_ar, hint, hint_ar)
    with transaction.atomic():
        last = Rule.objects.filter(withdrawn_at=None).aggregate(last=Max("position"))["last"]
        rule = Rule.objects.create(
            **words, position=0 if last is None else last + 1, made_by_id=by, made_at=at
        )
        events.emit(RulesChanged(at=at))
    return int(rule.pk)


def _rule_words(*given: str) -> dict[str, str]:
    typed = zip(_FIELDS.items(), given, strict=True)
    return {
        name: plain(text, field=name, longest=longest, required=name == "text")
        for (name, longest), text in typed
    }


def reword_rule(
    *, rule_id: int, by: int, text: str, text_ar: str = "", hint: str = "", hint_ar: str = "", at: datetime
) -> int:
    """Say a rule otherwise: a new row in its place, the old one withdrawn; the new id.

    Raises:
        NotThere: no such rule is in force.
        BadInput: no English text, or a text too long.
    """
    words = _rule_words(text, text_ar, hint, hint_ar)
    with transaction.atomic():
        old = _rule(rule_id)
        if all(getattr(old, name) == value for name, value in words.items()):
            return int(old.pk)
        _withdraw(old, by, at)
        new = Rule.objects.create(**words, position=old.position, replaces=old, made_by_id=by, made_at=at)
        events.emit(RulesChanged(at=at))
    return int(new.pk)


def withdraw_rule(*, rule_id: int, by: int, at: datetime) -> None:
    """Take a rule out of force; reports that name it keep it.

    Raises:
        NotThere: no such rule is in force.
    """
    with transaction.atomic():
        _withdraw(_rule(rule_id), by, at)
        events.emit(RulesChanged(at=at))


def move_rule(*, rule_id: int, up: bool, at: datetime) -> None:
    """Change places with the rule before (or after); the first stays first.

    Raises:
        NotThere: no such rule is in force.
    """
    with transaction.atomic():
        rules = list(Rule.objects.select_for_update().filter(withdrawn_at=None).order_by("position", "pk"))
        place = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
        if place is None:
            raise _no_rule()
        other = place - 1 if up else place + 1
        if 0 <= other < len(rules):
            rules[place], rules[other] = rules[other], rules[place]
        for position, rule in enumerate(rules):
            rule.position = position
        Rule.objects.bulk_update(rules, ["position"])
        events.emit(RulesChanged(at=at))


def _withdraw(rule: Rule, by: int, at: datetime) -> None:
    rule.withdrawn_at, rule.withdrawn_by_id = at, by
    rule.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _rule(rule_id: int) -> Rule:
    found = Rule.objects.select_for_update().filter(pk=rule_id, withdrawn_at=None).first()
    if found is None:
        raise _no_rule()
    return found


def _no_rule() -> NotThere:
    return NotThere(_("There is no such rule."))


def create_announcement(
    *,
    by: int,
    text: str,
    text_ar: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    at: datetime,
) -> int:
    """A draft of an announcement; its id.

    Raises:
        BadInput: no text in either language, a text too long, or an end before the beginning.
    """
    words = _announcement_words(text, text_ar)
    if starts_at and ends_at and ends_at <= starts_at:
        raise BadInput(_("It ends before it begins."), field="ends_at")
    made = Announcement.objects.create(
        **words, starts_at=starts_at, ends_at=ends_at, made_by_id=by, made_at=at
    )
    return int(made.pk)


def _announcement_words(text: str, text_ar: str) -> dict[str, str]:
    english = plain(text, field="text", longest=LONGEST_ANNOUNCEMENT, required=not text_ar.strip())
    arabic = plain(text_ar, field="text_ar", longest=LONGEST_ANNOUNCEMENT)
    return {"text": english, "html": _html(english), "text_ar": arabic, "html_ar": _html(arabic)}


def _html(source: str) -> str:
    return str(post_html(source, mentions={}, tag_url=tag_url)) if source else ""


def publish_announcement(*, announcement_id: int, by: int, at: datetime) -> None:
    """Show it to everybody, from its beginning on.

    Raises:
        NotThere: there is no such draft.
    """
    with transaction.atomic():
        drafts = Announcement.objects.filter(pk=announcement_id, published_at=None, withdrawn_at=None)
        if not drafts.update(published_at=at, published_by=by):
            raise no_announcement()
        events.emit(AnnouncementPublished(announcement_id=announcement_id, at=at))


def withdraw_announcement(*, announcement_id: int, by: int, at: datetime) -> None:
    """Show it no longer (a draft: never).

    Raises:
        NotThere: there is no such announcement, or it is withdrawn.
    """
    with transaction.atomic():
        rows = Announcement.objects.filter(pk=announcement_id, withdrawn_at=None)
        if not rows.update(withdrawn_at=at, withdrawn_by=by):
            raise no_announcement()
        events.emit(AnnouncementWithdrawn(announcement_id=announcement_id, at=at))


def dismiss_announcement(*, announcement_id: int, by: int, at: datetime) -> None:
    """A member (``by``, a profile) has read it; again is no harm.

    Raises:
        NotThere: there is no such announcement that is published.
    """
    with transaction.atomic():
        shown = Announcement.objects.filter(
            pk=announcement_id, published_at__lte=at, withdrawn_at=None
        ).exists()
        if not shown:
            raise no_announcement()
        _row, new = AnnouncementRead.objects.get_or_create(
            announcement_id=announcement_id, profile_id=by, defaults={"made_at": at}
        )
        if new:
            events.emit(AnnouncementDismissed(announcement_id=announcement_id, profile_id=by, at=at))


def no_announcement() -> NotThere:
    """The refusal."""
    return NotThere(_("There is no such announcement."))
