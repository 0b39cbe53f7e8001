"""What the tests do and look at: posts in one line, jobs that wait, what a member is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Member, later
from majlis.core.clock import now
from majlis.core.jobs import Run
from majlis.core.jobs.models import Job
from majlis.core.jobs.registry import find
from majlis.core.paging import Page
from majlis.notifications import queries
from majlis.notifications.queries import NotificationView
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

LATER = later(hours=1)
LATER_STILL = later(hours=2)


def post(by: Member, text: str = "bread", *, at: datetime = LATER, **params: Any) -> int:
    """Publish; the id."""
    return posts.publish(by=by.id, params=PostParams(text=text, **params), at=at).post_id


def edit(by: Member, post_id: int, text: str, *, at: datetime = LATER_STILL, **params: Any) -> None:
    """Say something else."""
    posts.edit(by=by.id, post_id=post_id, params=PostParams(text=text, **params), at=at)


def told(member: Member, *, held: bool = False, at: datetime = LATER) -> list[NotificationView]:
    """What the member is shown, the newest first; with ``held`` also what is kept back."""
    page = Page(limit=200)
    return list(queries.page(viewer=member.id, page=page, at=at, include_held=held).items)


def kinds(member: Member, *, held: bool = False) -> list[str]:
    """Of which kinds, the newest first."""
    return [each.kind for each in told(member, held=held)]


def kept_back(member: Member) -> list[str]:
    """The kinds of what is kept back."""
    return [each.kind for each in told(member, held=True) if each.held]


def run_jobs(*, at: datetime = LATER, again: bool = False) -> int:
    """Do what waits of notifications (but pushes), and what that leaves; with ``again`` each job twice."""
    done = 0
    while waiting := list(Job.objects.filter(name__startswith="notifications.tell").order_by("id")):
        for job in waiting:
            job.delete()
            for _time in range(2 if again else 1):
                _run(job, at=at)
            done += 1
    return done


def _run(job: Job, *, at: datetime) -> None:
    run = Run(id=job.id, attempt=1, last=False, enqueued_at=at, at=at)
    find(job.name).function(**job.arguments, run=run)


def statements(captured: CaptureQueriesContext) -> list[str]:
    """The statements, as verb and first words, without savepoints."""
    found = [query["sql"].strip() for query in captured.captured_queries]
    return [each for each in found if not each.startswith(("SAVEPOINT", "RELEASE"))]


def capture() -> CaptureQueriesContext:
    """Collect the statements of a block."""
    return CaptureQueriesContext(connection)


def soon(**after: float) -> datetime:
    """Some time after now, for what reads the clock itself."""
    return now() + timedelta(**after)
