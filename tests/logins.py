"""For tests of logins: what was told is heard, mail is delivered at once, the operator's choice is set.

A folder's conftest.py imports these fixtures by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from django.core import mail

from majlis.core import events as core_events

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

__all__ = ["choice", "post", "told"]


@pytest.fixture
def told(db: None) -> Iterator[list[Any]]:
    """Every event that was emitted, in order; the reactions run all the same."""
    from majlis import wiring

    heard: list[Any] = []
    core_events.wire({kind: (heard.append, *reactions) for kind, reactions in wiring.REACTIONS.items()})
    yield heard
    wiring.install()


@pytest.fixture
def post(db: None) -> Callable[[], list[EmailMessage]]:
    """Deliver the mail that waits as jobs, and give what was delivered by that."""
    from majlis.accounts import letters
    from majlis.core.jobs.models import Job

    def deliver() -> list[EmailMessage]:
        before = len(mail.outbox)
        for job in Job.objects.filter(name=letters.MAIL_JOB).order_by("id"):
            letters.deliver(**job.arguments)
            job.delete()
        return list(mail.outbox[before:])

    return deliver


@pytest.fixture
def choice(settings: Any) -> Callable[..., None]:
    """Change what the operator chose."""

    def choose(**values: object) -> None:
        settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, **values)

    return choose
