"""Beginning and ending experiments, and asking for a second chance. Whoever decides what is published, decides this."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import changes, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.posts.withholding import CHANGED
from majlis.studio import access
from majlis.studio.changing import did
from majlis.studio.experiments import results
from majlis.studio.experiments.holding import (
    AFTERWARDS,
    AGAIN_CHANGED,
    LONGEST,
    SQL,
    not_there,
    place_later,
)

SHARES: Final = (0.05, 0.10)
"""A holdout keeps a post from so many followers: at least, at most."""
LONGEST_TEST: Final = timedelta(days=30)
FIRST_CHANCE: Final = timedelta(hours=24)
"""A post has its first chance for so long before it may have a second one."""
OLDEST: Final = timedelta(days=7)
SECOND_CHANCE: Final = timedelta(days=7)
_LONGEST_NAME: Final = 120


def start_holdout(team: OnTeam, *, share: float, at: datetime) -> int:
    """From now on every post that may be reaches a share of the followers 48 hours later; the experiment's id.

    Raises:
        BadInput: the share is not between 5 and 10 %.
        Conflict: one runs already.
    """
    if not SHARES[0] <= share <= SHARES[1]:
        raise BadInput(_("Choose between 5 and 10 % of your followers."), field="share")
    with transaction.atomic():
        _lock(team)
        if any(row[1] == "holdout" and row[11] is None for row in _listed(team)):
            raise Conflict(_("A holdout runs already."), code="running")
        return _start(team, kind="holdout", name="", share=share, at=at)


def start_versions(
    team: OnTeam, *, entry_a: int, entry_b: int, name: str = "", ends_at: datetime, at: datetime
) -> int:
    """Two planned posts are versions of one: when the first leaves, so does the other, each for one half of the
    followers. The experiment's id.

    Raises:
        BadInput: they are one and the same; it ends too soon or too late; the name is too long.
        NotThere, Conflict: an entry is not the page's, is out, has an hour of its own (the second), or is in another test.
    """
    if entry_a == entry_b:
        raise BadInput(_("Choose two different posts."), field="entry_b")
    if not at + timedelta(hours=1) <= ends_at <= at + LONGEST_TEST:
        raise BadInput(_("A test runs for an hour at least and for thirty days at most."), field="ends_at")
    name = name.strip()
    if len(name) > _LONGEST_NAME:
        raise BadInput(_("A name has 120 characters at the most."), field="name")
    with transaction.atomic():
        _lock(team)
        for entry_id in sorted((entry_a, entry_b)):
            found = access.open_entry(team=team, entry_id=entry_id)
            if entry_id == entry_b and (found.due_at or found.queued_at):
                raise Conflict(
                    _("The second version leaves with the first one. Take its own hour away before."),
                    code="has_hour",
                )
            if found.content.params.audience not in ("public", "unlisted", "followers"):
                raise BadInput(_("Only posts for all followers can be tested."), field="entry_a")
        if sql.one(SQL["held_entry"], entries=[entry_a, entry_b]):
            raise Conflict(_("One of them is in a test already."), code="in_test")
        return _start(
            team,
            kind="versions",
            name=name,
            share=0.5,
            at=at,
            entry_a=entry_a,
            entry_b=entry_b,
            ends_at=ends_at,
        )


def _start(team: OnTeam, *, kind: str, name: str, share: float, at: datetime, entry_a: int | None = None,
           entry_b: int | None = None, ends_at: datetime | None = None) -> int:  # fmt: skip
    made = new_id()
    sql.execute(
        SQL["start"], id=made, page=team.page_id, kind=kind, name=name, key=secrets.token_bytes(16), share=share,
        entry_a=entry_a, entry_b=entry_b, by=team.by, at=at, ends_at=ends_at,
    )  # fmt: skip
    did(team, "experiment.started", at=at, subject=made, kind=kind)
    return made


def stop(team: OnTeam, *, experiment_id: int, chosen: str = "", at: datetime) -> None:
    """End an experiment by hand. What is withheld for 48 hours stays so until they are over: everybody in it had
    the same time. Of two versions the ``chosen`` one ("a", "b") is shown to the other half, without a choice the
    better one if there is one, else the first.

    Raises:
        NotThere: it is not the page's. Conflict: it is over. BadInput: no such version.
    """
    if chosen not in ("", "a", "b"):
        raise BadInput(_("There is no such version."), field="chosen")
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        row = sql.one(SQL["lock_experiment"], id=experiment_id, page=team.page_id)
        if row is None:
            raise not_there()
        kind, ends_at, ended_at, _key = row
        if ended_at is not None:
            raise Conflict(_("This experiment is over."), code="over")
        early = kind == "versions" and ends_at is not None and at < ends_at
        end(page_id=team.page_id, experiment_id=experiment_id, by=team.by, chosen=chosen, early=early, at=at)
        did(team, "experiment.stopped", at=at, subject=experiment_id, early=early)


def end_due(*, at: datetime) -> int:
    """End what has come to its date; how many that were."""
    ended = 0
    for experiment_id, page_id in sql.rows(SQL["due"], at=at):
        with transaction.atomic():
            row = sql.one(SQL["lock_experiment"], id=experiment_id, page=page_id)
            if row is not None and row[2] is None:
                end(page_id=page_id, experiment_id=experiment_id, by=None, chosen="", early=False, at=at)
                ended += 1
    return ended


def end(*, page_id: int, experiment_id: int, by: int | None, chosen: str, early: bool, at: datetime) -> None:
    """It is over, in the caller's transaction, which holds it."""
    posts = sql.rows(SQL["held_of"], id=experiment_id)
    versions = {arm: (post_id, low, high) for post_id, arm, _draw, low, high, _since, _until in posts if arm}
    if versions and not chosen:
        chosen = (not early and results.better(experiment_id, until=at)) or "a"
    sql.execute(SQL["end"], id=experiment_id, at=at, by=by, early=early, chosen=chosen if versions else "")
    if chosen not in versions:
        return
    post_id, low, high = versions[chosen]
    other = "b" if chosen == "a" else "a"
    sql.execute(SQL["hold_until"], id=experiment_id, arm=chosen, until=at, at=at - LONGEST)
    sql.execute(SQL["hold_until"], id=experiment_id, arm=other, until=at + LONGEST, at=at - LONGEST)
    changes.append(CHANGED, page_id, at=at)
    place_later(
        page=page_id, post=post_id, experiment=experiment_id, reason="later", draw=experiment_id, low=low, high=high,
        since=at, until=at + AFTERWARDS, by=by, at=at,
    )  # fmt: skip


def second_chance(team: OnTeam, *, post_id: int, at: datetime) -> None:
    """Place a post once more in the homes of those followers who did not view it, from its first day on for a week.

    Raises:
        NotThere: no post of the page, or not for all its followers. BadInput: it is older than a week.
        Conflict: it had its second chance.
    """
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        appeared = sql.one(SQL["post_of_page"], post=post_id, page=team.page_id)
        if appeared is None:
            raise NotThere(_("Only posts of yours that all followers may see get a second chance."))
        if at - appeared[0] > OLDEST:
            raise BadInput(_("A post gets its second chance within a week."), field="post_id", code="too_old")
        since = max(at, appeared[0] + FIRST_CHANCE)
        new = place_later(
            page=team.page_id, post=post_id, experiment=None, reason="second_chance", draw=0, low=0.0, high=1.0,
            since=since, until=since + SECOND_CHANCE, by=team.by, at=at,
        )  # fmt: skip
        if not new:
            raise Conflict(_("This post had its second chance."), code="had_it")
        did(team, "experiment.second_chance", at=at, subject=post_id)


def stop_second_chance(team: OnTeam, *, again_id: int, at: datetime) -> None:
    """Place it in no further home.

    Raises:
        NotThere: there is none of this page that goes on.
    """
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        if not sql.execute(SQL["stop_again"], id=again_id, page=team.page_id, at=at):
            raise NotThere(_("There is nothing to stop."))
        changes.append(AGAIN_CHANGED, team.page_id, at=at)
        did(team, "experiment.second_chance_stopped", at=at, subject=again_id)


def about_safety(team: OnTeam, *, entry_id: int, so: bool, at: datetime) -> None:
    """Mark an entry as about safety or care (or not after all): such a post reaches everybody at once.

    Raises:
        NotThere, Conflict: as ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        access.open_entry(team=team, entry_id=entry_id)
        if so and sql.one(SQL["held_entry"], entries=[entry_id]):
            raise Conflict(_("It is one of two versions in a test. End the test first."), code="in_test")
        sql.execute(SQL["never_hold" if so else "hold_again"], entry=entry_id)
        did(team, "experiment.about_safety", at=at, subject=entry_id, so=so)


def is_about_safety(*, entry_id: int) -> bool:
    """Whether an entry is marked as about safety or care. Whoever asks holds the team door."""
    return sql.one(SQL["is_never_held"], entry=entry_id) is not None


def _lock(team: OnTeam) -> None:
    access.again(team, Permission.PUBLISH)
    sql.rows(SQL["lock_page"], page=team.page_id)


def _listed(team: OnTeam) -> list[tuple[object, ...]]:
    return sql.rows(SQL["experiments"], page=team.page_id, id=None)
