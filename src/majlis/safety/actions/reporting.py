"""Reporting a profile or its posts; assigning and closing what was reported."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events
from majlis.core.errors import BadInput, NotThere
from majlis.core.jobs import actions as jobs
from majlis.people.access import SeenProfile
from majlis.posts import queries as posts
from majlis.posts.visibility import visible_among
from majlis.safety import letters
from majlis.safety.events import ReportClosed, ReportMade
from majlis.safety.models import Decision, Report, Rule
from majlis.safety.words import plain

LONGEST_COMMENT: Final = 1000
LONGEST_MERGED: Final = 10_000
MOST_POSTS: Final = 100
TELL_OPERATORS: Final = "safety.tell_operators"
TELL_AFTER: Final = timedelta(minutes=5)


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What else than a post can be reported, as it is now. ``about``: the id of what it stands on."""

    kind: str
    id: str
    text: str
    about: str
    made_at: datetime


def report(
    *,
    by: int,
    about: SeenProfile,
    at: datetime,
    post_ids: Collection[int] = (),
    things: Collection[Thing] = (),
    rule_ids: Collection[int] = (),
    category: str = "",
    comment: str = "",
    forward: bool = False,
) -> int:
    """Tell the operators that a profile, or some of its posts, break the rules; the report's id.

    Posts that the reporter cannot see or that are somebody else's, and rules that are not in force, are
    passed over without a word (MASTO-8916: a report could carry the posts of others). ``things`` are of
    modules above this one, whose doors have looked at them: the profile wrote them, the reporter sees
    them. While an earlier
    report of the same profile by the same reporter is open, this adds to it. An empty ``category`` is
    "violation" when rules are named, else "other". ``forward`` asks to tell the profile's own server,
    without the reporter's name.

    Raises:
        BadInput: herself; no such category; too many posts; a comment over a thousand characters.
    """
    if about.id == by:
        raise BadInput(_("You cannot do that to yourself."), code="self")
    if len(post_ids) > MOST_POSTS:
        raise BadInput(_("A report takes a hundred posts at the most."), field="status_ids", code="limit")
    given = _Given(by, about, post_ids, things, rule_ids, _category(category, rule_ids), comment, forward)
    with transaction.atomic():
        return _add_to_open(given, at) or _make_or_add(given, at)


def _make_or_add(given: _Given, at: datetime) -> int:
    try:
        with transaction.atomic():
            return _make(given, at)
    except IntegrityError:  # the button was pressed twice, and the other press came first
        return _add_to_open(given, at) or _make(given, at)


class _Given:
    """What was reported, checked."""

    def __init__(
        self,
        by: int,
        about: SeenProfile,
        post_ids: Collection[int],
        things: Collection[Thing],
        rule_ids: Collection[int],
        category: str,
        comment: str,
        forward: bool,
    ) -> None:
        self.by, self.about, self.category = by, about.id, category
        self.comment = plain(comment, field="comment", longest=LONGEST_COMMENT)
        self.posts = _snapshots(by, about.id, post_ids)
        self.post_ids = [int(post["id"]) for post in self.posts]
        self.things = [
            {**msgspec.structs.asdict(each), "made_at": each.made_at.isoformat()} for each in things
        ]
        self.rule_ids = _in_force(rule_ids)
        self.forward = forward and not about.local


def _category(category: str, rule_ids: Collection[int]) -> str:
    category = category or (Report.Category.VIOLATION if rule_ids else Report.Category.OTHER)
    if category not in Report.Category.values:
        raise BadInput(_("There is no such choice."), field="category", cause=category[:40])
    return category


def _in_force(rule_ids: Collection[int]) -> list[int]:
    return list(Rule.objects.filter(pk__in=list(rule_ids), withdrawn_at=None).values_list("pk", flat=True))


def _snapshots(viewer: int, author: int, post_ids: Collection[int]) -> list[dict[str, Any]]:
    """What the posts say now, of those that are the author's and that the reporter may see."""
    seen = posts.hydrate(sorted(visible_among(ids=post_ids, viewer=viewer)))
    return [_snapshot(post) for post in seen.values() if post.author_id == author]


def _snapshot(post: posts.PostView) -> dict[str, Any]:
    return {
        "id": str(post.id),
        "title": post.title,
        "text": post.text,
        "warning": post.warning,
        "audience": post.audience,
        "reply_to": str(post.reply_to_id) if post.reply_to_id else None,
        "made_at": post.made_at.isoformat(),
    }


def _make(given: _Given, at: datetime) -> int:
    made = Report.objects.create(
        reporter_id=given.by,
        about_id=given.about,
        post_ids=given.post_ids,
        posts=given.posts,
        things=given.things,
        rule_ids=given.rule_ids,
        category=given.category,
        comment=given.comment,
        forward=given.forward,
        made_at=at,
    )
    # one letter for all that comes in within some minutes: a flood of reports is no flood of mail
    jobs.enqueue(TELL_OPERATORS, key="queue", run_at=at + TELL_AFTER)
    events.emit(
        ReportMade(report_id=made.pk, reporter=given.by, about=given.about, forward=given.forward, at=at)
    )
    return int(made.pk)


def _add_to_open(given: _Given, at: datetime) -> int | None:
    rows = Report.objects.select_for_update()
    report = rows.filter(reporter_id=given.by, about_id=given.about, closed_at=None).first()
    return _add(report, given, at) if report else None


def _add(report: Report, given: _Given, at: datetime) -> int:
    known = set(report.post_ids)
    report.posts += [post for post in given.posts if int(post["id"]) not in known]
    report.post_ids = list(dict.fromkeys([*report.post_ids, *given.post_ids]))
    there = {(thing["kind"], thing["id"]) for thing in report.things}
    report.things += [thing for thing in given.things if (thing["kind"], thing["id"]) not in there]
    report.rule_ids = list(dict.fromkeys([*report.rule_ids, *given.rule_ids]))
    if given.comment and given.comment not in report.comment:
        report.comment = f"{report.comment}\n\n{given.comment}".strip()[:LONGEST_MERGED]
    report.category, report.forward = given.category, report.forward or given.forward
    report.changed_at = at
    report.save()
    return int(report.pk)


def assign(*, report_id: int, to: int | None, at: datetime) -> None:
    """Let an operator (a login's id) look after a report; None: nobody in particular.

    Raises:
        NotThere: there is no such open report.
    """
    changed = Report.objects.filter(pk=report_id, closed_at=None).update(
        assigned_to=to, assigned_at=at if to else None
    )
    if not changed:
        raise no_report()


def close(*, report_id: int, by: int, at: datetime) -> None:
    """Answer a report, with whatever was decided under it; its reporter is told.

    Raises:
        NotThere: there is no such open report.
    """
    with transaction.atomic():
        report = open_report(report_id)
        report.closed_at, report.closed_by_id = at, by
        report.save(update_fields=["closed_at", "closed_by"])
        acted = Decision.objects.filter(report=report, lifted_at=None).exclude(kind="none").exists()
        letters.report_answered(report, acted=acted)
        events.emit(
            ReportClosed(
                report_id=report.pk,
                reporter=report.reporter_id,
                about=report.about_id,
                acted=acted,
                at=at,
            )
        )


def reopen(*, report_id: int, at: datetime) -> None:
    """Look at a closed report again.

    Raises:
        NotThere: there is no such closed report, or its reporter has another one open.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=report_id).exclude(closed_at=None).first()
        again = report and Report.objects.filter(
            reporter_id=report.reporter_id, about_id=report.about_id, closed_at=None
        )
        if report is None or (report.reporter_id and again):
            raise no_report()
        report.closed_at, report.closed_by = None, None
        report.save(update_fields=["closed_at", "closed_by"])


def open_report(report_id: int) -> Report:
    """The open report, locked. Raises NotThere."""
    found = Report.objects.select_for_update().filter(pk=report_id, closed_at=None).first()
    if found is None:
        raise no_report()
    return found


def no_report() -> NotThere:
    """The refusal."""
    return NotThere(_("There is no such report."))
