"""Deciding about a profile or its posts, taking it back, and the second look."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import actions as accounts
from majlis.accounts import tokens
from majlis.core import events, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.jobs import actions as jobs
from majlis.people import actions as people
from majlis.people import queries as profiles
from majlis.posts import actions as posts
from majlis.safety import letters
from majlis.safety.actions.reporting import TELL_AFTER, TELL_OPERATORS, open_report
from majlis.safety.events import (
    AppealAnswered,
    AppealMade,
    DecisionLifted,
    DecisionMade,
    ThingsPutBack,
    ThingsTakenDown,
)
from majlis.safety.models import Decision, Report
from majlis.safety.words import plain

LONGEST_TEXT: Final = 2000
LONGEST_APPEAL: Final = 2000
_SQL: Final = sql.load("majlis.safety")
_OF_POSTS: Final = {"delete_statuses", "mark_statuses_as_sensitive", "take_down"}
_OF_LOGIN: Final = {"suspend", "disable"}


def decide(
    *,
    about: int,
    kind: str,
    by: int,
    at: datetime,
    report_id: int | None = None,
    post_ids: Collection[int] = (),
    things: Collection[tuple[str, int]] = (),
    text: str = "",
) -> int:
    """Do something about a profile and tell it, in the words of ``text`` too; the decision's id.

    ``about`` is a profile, ``by`` the operator's login. Under an open report the report is answered with
    it. What each kind does:

    - ``none``: nothing; the profile is not told.
    - ``delete_statuses``, ``mark_statuses_as_sensitive``: to ``post_ids``, as far as they are its own.
    - ``take_down``: to ``things`` (kind, id), as far as they stand in the report.
    - ``silence``: the profile is shown only to those who follow it.
    - ``suspend``: the profile and all it wrote is hidden and its apps are signed out. When no profile of
      the login is left unsuspended, the login is closed as well: its other profiles are other voices, but
      a login with nothing to act as must not make itself a new one.
    - ``disable``: the login is closed, and so all its profiles are hidden.

    Raises:
        NotThere: no such profile, or no such open report about it.
        BadInput: no such kind; posts are needed and none is the profile's; text too long.
        Conflict: an operator's login cannot be closed nor her profile suspended; or it stands already;
            or, to ``disable``, there is no login (a profile of another server).
    """
    words = plain(text, field="text", longest=LONGEST_TEXT)
    with transaction.atomic():
        report = open_report(report_id) if report_id else None
        _check(about, kind, report.about_id if report else about)
        decision = Decision(report=report, about_id=about, kind=kind, text=words, made_at=at, made_by_id=by)
        decision.things = _reported(report, things)
        _DO[kind](decision, list(post_ids), by, at)
        decision.save(force_insert=True)
        if kind != Decision.Kind.NOTHING:
            letters.decided(decision)
            events.emit(DecisionMade(decision_id=decision.pk, about=about, kind=kind, at=at))
    return int(decision.pk)


def _check(about: int, kind: str, reported: int) -> None:
    if kind not in Decision.Kind.values:
        raise BadInput(_("There is no such choice."), field="kind", cause=kind[:40])
    if about != reported or profiles.profile(about) is None:
        raise NotThere(_("There is nobody at this address."))
    reader = letters.reader_of(about)
    if kind in _OF_LOGIN and reader and reader.is_operator:
        raise Conflict(_("An operator's account cannot be suspended."))
    standing = Decision.objects.filter(about_id=about, kind=kind, lifted_at=None)
    if kind not in _OF_POSTS | {Decision.Kind.NOTHING} and standing.exists():
        raise Conflict(_("This was decided already and still stands."), field="kind")


def _nothing(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    pass


def _take_down(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    decision.post_ids = posts.take_down(author_id=decision.about_id, post_ids=post_ids, at=at)
    _require_posts(decision)


def _cover(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    decision.post_ids = posts.set_sensitive(author_id=decision.about_id, post_ids=post_ids, sensitive=True)
    _require_posts(decision)


def _require_posts(decision: Decision) -> None:
    if not decision.post_ids:
        raise BadInput(_("Choose the posts that this is about."), field="post_ids", code="no_posts")


def _reported(report: Report | None, things: Collection[tuple[str, int]]) -> list[dict[str, str]]:
    """Those of the things that the report is about."""
    there = {(thing["kind"], int(thing["id"])) for thing in report.things} if report else set()
    return [{"kind": kind, "id": str(id_)} for kind, id_ in dict.fromkeys(things) if (kind, id_) in there]


def _take_things_down(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    if not decision.things:
        raise BadInput(_("Choose what this is about."), field="things", code="no_things")
    told = ThingsTakenDown(about=decision.about_id, things=_things(decision.things), at=at)
    events.emit(told)


def _things(stored: Collection[dict[str, str]]) -> tuple[tuple[str, int], ...]:
    return tuple((each["kind"], int(each["id"])) for each in stored)


def _limit(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    people.limit_profile(profile_id=decision.about_id, at=at)


def _suspend(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    people.withdraw_profile(profile_id=decision.about_id, at=at, reason="suspended")
    tokens.revoke_of_profile(profile_id=decision.about_id, at=at)
    reader = letters.reader_of(decision.about_id)
    if reader and not sql.rows(_SQL["left_of_login"], login=reader.user_id):
        decision.closed_login = True
        if not reader.closed:
            accounts.suspend(reader.user_id, by=by, at=at)


def _disable(decision: Decision, post_ids: list[int], by: int, at: datetime) -> None:
    reader = letters.reader_of(decision.about_id)
    if reader is None:
        raise Conflict(_("This profile has no login here."), field="kind")
    if reader.closed:
        raise Conflict(_("This was decided already and still stands."), field="kind")
    accounts.suspend(reader.user_id, by=by, at=at)
    decision.closed_login = True


_DO: Final = {
    "none": _nothing,
    "delete_statuses": _take_down,
    "mark_statuses_as_sensitive": _cover,
    "take_down": _take_things_down,
    "silence": _limit,
    "suspend": _suspend,
    "disable": _disable,
}


def lift(*, decision_id: int, by: int, at: datetime, answer: str = "") -> None:
    """Take a decision back: what it did is undone, as far as no other decision wants it, and it is told.

    Raises:
        NotThere: there is no such decision that stands, or there was nothing to undo.
    """
    words = plain(answer, field="answer", longest=LONGEST_TEXT)
    with transaction.atomic():
        decision = _standing(decision_id)
        _lift(decision, by=by, at=at)
        letters.lifted(decision, words)


def _lift(decision: Decision, *, by: int, at: datetime) -> None:
    decision.lifted_at, decision.lifted_by_id = at, by
    decision.save(update_fields=["lifted_at", "lifted_by"])
    _undo(decision, by, at)
    told = DecisionLifted(decision_id=decision.pk, about=decision.about_id, kind=decision.kind, at=at)
    events.emit(told)


def _undo(decision: Decision, by: int, at: datetime) -> None:
    about, ids = decision.about_id, _still_free(decision)
    if decision.kind == Decision.Kind.DELETE_POSTS:
        posts.put_back(author_id=about, post_ids=ids, at=at)
    elif decision.kind == Decision.Kind.TAKE_DOWN:
        _put_things_back(decision, at)
    elif decision.kind == Decision.Kind.MARK_SENSITIVE:
        posts.set_sensitive(author_id=about, post_ids=ids, sensitive=False)
    elif decision.kind == Decision.Kind.LIMIT:
        people.unlimit_profile(profile_id=about, at=at)
    elif decision.kind == Decision.Kind.SUSPEND:
        people.restore_profile(profile_id=about, at=at, reason="suspended")
    _reopen_login(decision, by, at)


def _put_things_back(decision: Decision, at: datetime) -> None:
    others = Decision.objects.filter(about_id=decision.about_id, kind=decision.kind, lifted_at=None)
    held = {each for stored in others.values_list("things", flat=True) for each in _things(stored)}
    free = tuple(each for each in _things(decision.things) if each not in held)
    events.emit(ThingsPutBack(about=decision.about_id, things=free, at=at))


def _still_free(decision: Decision) -> list[int]:
    """Posts of the decision that no other standing decision of its kind is about."""
    others = Decision.objects.filter(about_id=decision.about_id, kind=decision.kind, lifted_at=None)
    held = {post for ids in others.values_list("post_ids", flat=True) for post in ids}
    return [post for post in decision.post_ids if post not in held]


def _reopen_login(decision: Decision, by: int, at: datetime) -> None:
    """Open the login again, unless it was closed otherwise; a profile is back, so there is one to act as."""
    reader = letters.reader_of(decision.about_id)
    if reader is None or not reader.closed:
        return
    siblings = profiles.all_ids_of_login(user_id=reader.user_id)
    standing = Decision.objects.filter(about_id__in=siblings, lifted_at=None)
    disabled = standing.filter(kind=Decision.Kind.DISABLE).exists()
    all_gone = not sql.rows(_SQL["left_of_login"], login=reader.user_id)
    closed_here = decision.closed_login or standing.filter(closed_login=True).exists()
    if decision.kind in _OF_LOGIN and closed_here and not disabled and not all_gone:
        accounts.restore(reader.user_id, by=by, at=at)


def _standing(decision_id: int) -> Decision:
    rows = Decision.objects.select_for_update().filter(pk=decision_id, lifted_at=None)
    found = rows.exclude(kind=Decision.Kind.NOTHING).first()
    if found is None:
        raise no_decision()
    return found


def no_decision() -> NotThere:
    """The refusal."""
    return NotThere(_("There is no such decision."))


def appeal(*, by: int, decision_id: int, text: str, at: datetime) -> None:
    """Ask for a second look at a decision about oneself (``by`` is the profile), once.

    Raises:
        NotThere: there is no such decision about her that stands.
        Conflict: she has asked before.
        BadInput: no text, or one over two thousand characters.
    """
    words = plain(text, field="text", longest=LONGEST_APPEAL, required=True)
    with transaction.atomic():
        decision = _standing(decision_id)
        if decision.about_id != by:
            raise no_decision()
        if decision.appealed_at is not None:
            raise Conflict(_("You have asked for a second look already."))
        decision.appeal, decision.appealed_at = words, at
        decision.save(update_fields=["appeal", "appealed_at"])
        jobs.enqueue(TELL_OPERATORS, key="queue", run_at=at + TELL_AFTER)
        events.emit(AppealMade(decision_id=decision.pk, about=by, at=at))


def answer_appeal(*, decision_id: int, by: int, lifted: bool, text: str = "", at: datetime) -> None:
    """Take the second look: lift the decision, or let it stand; the profile is told, with ``text``.

    Raises:
        NotThere: no appeal waits here.
        BadInput: the text is too long.
    """
    words = plain(text, field="text", longest=LONGEST_TEXT)
    with transaction.atomic():
        decision = _standing(decision_id)
        if decision.appealed_at is None or decision.appeal_answered_at is not None:
            raise no_decision()
        decision.appeal_answer, decision.appeal_answered_at = words, at
        decision.appeal_answered_by_id = by
        decision.save(update_fields=["appeal_answer", "appeal_answered_at", "appeal_answered_by"])
        if lifted:
            _lift(decision, by=by, at=at)
            letters.lifted(decision, words)
        else:
            letters.appeal_refused(decision)
        events.emit(AppealAnswered(decision_id=decision.pk, about=decision.about_id, lifted=lifted, at=at))
