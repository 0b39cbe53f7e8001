"""What happens to conversations by itself."""

from __future__ import annotations

from datetime import timedelta

from majlis.care import acting, assigning, calling, intake, knowing, presence, replies, settling, terms
from majlis.care.fixing import asking, badge, fixes
from majlis.core.jobs import Lane, Run, job


@job(intake.JOB, lane=Lane.URGENT)
def take_in(run: Run) -> None:
    """Put what was said to pages into conversations, until nothing is left."""
    while intake.take_in(at=run.at):
        pass


@job("care.sweep", every=timedelta(minutes=1))
def sweep(run: Run) -> None:
    """What a lost call left lying is taken in; sleeping conversations wake."""
    while intake.take_in(at=run.at):
        pass
    while acting.wake_snoozed(at=run.at):
        pass
    presence.forget(at=run.at)


@job("care.read")
def read(run: Run) -> None:
    """Read what customers wrote, the newest first, until nothing is left."""
    while knowing.read_new(at=run.at):
        pass


@job(terms.RESETTLE, lane=Lane.BULK)
def resettle(page_id: int, run: Run) -> None:
    """Clocks follow what a page promises now."""
    settling.resettle(page_id, at=run.at)


@job("care.call", every=timedelta(minutes=1))
def call(run: Run) -> None:
    """Those who should act are called in time; what belonged to people who left is nobody's."""
    while assigning.free_those_of_the_gone(at=run.at):
        pass
    while calling.call_in_time(at=run.at):
        pass


@job(replies.AUTOMATIC)
def answer_by_itself(page_id: int, conversation_id: int, run: Run) -> None:
    """What the page says by itself."""
    replies.answer_by_itself(page_id=page_id, conversation_id=conversation_id, at=run.at)


@job(fixes.JOB)
def tell_fix(fix_id: int, run: Run) -> None:
    """Tell of a fix whoever complained, until all have been told."""
    while fixes.tell_some(fix_id=fix_id, at=run.at):
        pass


@job(asking.JOB)
def ask(page_id: int, conversation_id: int, run: Run) -> None:
    """How content somebody is whose conversation was solved."""
    asking.ask(page_id=page_id, conversation_id=conversation_id, at=run.at)


@job("care.badges", every=timedelta(hours=1), lane=Lane.BULK)
def badges(run: Run) -> None:
    """How pages answer, in public."""
    badge.work_out_all(at=run.at)
