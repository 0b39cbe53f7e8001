"""Whatever happens in whatever order, a job is in exactly one state, and ends only by being done."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from majlis.core.jobs import PermanentError, actions, claims, enqueue, job
from majlis.core.jobs.claims import Claim
from majlis.core.jobs.models import DeadLetter, Job, Worker


@job("tests_states.plain", attempts=3, backoff=0.0)
def plain() -> None: ...


class Queue(RuleBasedStateMachine):
    """Two workers, a few jobs with and without keys, and everything that can befall them."""

    waiting = Bundle("leased")
    begun = Bundle("begun")

    @initialize()
    def empty(self) -> None:
        Job.objects.all().delete()
        DeadLetter.objects.all().delete()
        Worker.objects.all().delete()
        self.workers = [claims.register_worker(), claims.register_worker()]
        self.known: set[int] = set()
        self.ended: set[int] = set()  # done, discarded, or stood for by the next job of their key

    @rule(key=st.sampled_from(["a", "b", None]), replace=st.booleans())
    def ask(self, key: str | None, replace: bool) -> None:
        id_ = enqueue("tests_states.plain", key=key, when_waiting="replace" if replace and key else "keep")
        if id_ is not None:
            assert id_ not in self.ended
            self.known.add(id_)

    @rule()
    def ask_as_another_release_would(self) -> None:
        self.known.add(Job.objects.create(name="tests_states.of_tomorrow", arguments={}, lane=1).id)

    @rule(target=waiting, which=st.integers(0, 1), limit=st.integers(1, 3))
    def lease(self, which: int, limit: int) -> Any:
        found = claims.lease(self.workers[which], limit=limit)
        assert len(found) <= limit
        return multiple(*found)

    @rule(target=begun, claim=consumes(waiting))
    def start(self, claim: Claim) -> Any:
        started = claims.start(claim)
        return multiple() if started is None else (claim, started[0])

    @rule(run=consumes(begun), atomic=st.booleans())
    def finish(self, run: tuple[Claim, int], atomic: bool) -> None:
        claim, _ = run
        ours = Job.objects.filter(id=claim.id, worker_id=claim.worker).exists()
        if not atomic:
            claims.finish_repeatable(claim)
        elif ours:
            with transaction.atomic():
                claims.finish(claim)
        else:
            with pytest.raises(claims.ClaimLostError), transaction.atomic():
                claims.finish(claim)
        if ours:
            self.ended.add(claim.id)

    @rule(run=consumes(begun), permanent=st.booleans())
    def fail(self, run: tuple[Claim, int], permanent: bool) -> None:
        claim, attempt = run
        died = claims.fail(claim, attempt, PermanentError() if permanent else ValueError())
        assert not died or DeadLetter.objects.filter(id=claim.id).exists()
        self._stood_for(claim)

    @rule(claim=consumes(waiting))
    def give_back(self, claim: Claim) -> None:
        claims.give_back_unstarted([claim])
        self._stood_for(claim)

    @rule(run=consumes(begun))
    def give_back_begun(self, run: tuple[Claim, int]) -> None:
        claims.give_back(run[0])
        self._stood_for(run[0])

    @rule(which=st.integers(0, 1))
    def lose_a_worker(self, which: int) -> None:
        """Both locks are this test's own session's, so to each worker the other always looks dead."""
        before = {item.id for item in Job.objects.filter(worker_id=self.workers[1 - which])}
        claims.take_over(self.workers[which])
        assert not Worker.objects.filter(id=self.workers[1 - which]).exists()
        self.workers[1 - which] = claims.register_worker()
        for id_ in before:
            self._stood_for(Claim(0, id_, "", {}, None))  # type: ignore[arg-type]

    @rule(discard=st.booleans())
    def empty_the_dead_letters(self, discard: bool) -> None:
        ids = list(DeadLetter.objects.values_list("id", flat=True))
        if discard:
            assert sorted(actions.discard_dead_letters(ids=ids)) == sorted(ids)
            self.ended |= set(ids)
        else:
            self.ended |= set(ids) - set(actions.retry_dead_letters(ids=ids))

    def _stood_for(self, claim: Claim) -> None:
        """A keyed job may vanish on its way back, but only if its key waits anew."""
        assert not Job.objects.filter(id=claim.id, worker_id=claim.worker).exists(), "nobody would run it"
        gone = claim.id in self.known and not _states(claim.id)
        if gone and claim.id not in self.ended:
            assert Job.objects.filter(worker_id=None, key__isnull=False).exists()
            self.ended.add(claim.id)

    @invariant()
    def each_job_is_in_exactly_one_state(self) -> None:
        found = [*Job.objects.values_list("id", flat=True), *DeadLetter.objects.values_list("id", flat=True)]
        assert sorted(found) == sorted(getattr(self, "known", set()) - getattr(self, "ended", set()))

    @invariant()
    def what_is_held_is_held_by_a_registered_worker(self) -> None:
        holders = set(Job.objects.exclude(worker_id=None).values_list("worker_id", flat=True))
        assert holders <= set(Worker.objects.values_list("id", flat=True))

    @invariant()
    def nothing_is_tried_more_often_than_declared(self) -> None:
        assert not Job.objects.filter(name="tests_states.plain", worker_id=None, attempts__gte=3).exists()
        assert not DeadLetter.objects.filter(name="tests_states.plain", attempts__gt=3).exists()

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock_all()")


def _states(id_: int) -> list[str]:
    """The states a job is in, as the tables tell."""
    found = ["waiting" if item.worker_id is None else "held" for item in Job.objects.filter(id=id_)]
    return found + ["dead" for _ in DeadLetter.objects.filter(id=id_)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_any_order_of_events_keeps_each_job_in_exactly_one_state() -> None:
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
