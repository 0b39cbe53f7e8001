"""The tables of the queue. Workers and actions use the SQL of ``queries.sql``; these are for
migrations, tests and the back office's eyes.

A job is in exactly one state: *waiting* (a row without a worker; due when ``run_at`` has come),
*held* by a worker (running once ``started_at`` is set), a *dead letter*, or *gone*: done and deleted.
Finished jobs are not kept: the table stays as small as the work that is left.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    arguments = models.JSONField()
    key = models.CharField(max_length=200, null=True)
    lane = models.SmallIntegerField()
    run_at = models.DateTimeField(db_default=Now())
    enqueued_at = models.DateTimeField(db_default=Now())
    worker_id = models.IntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(db_default=0)
    error = models.TextField(db_default="")

    class Meta:
        indexes = [
            # What is due, lane by lane, without stepping over jobs that are held.
            models.Index(
                fields=["lane", "run_at", "id"],
                condition=models.Q(worker_id__isnull=True),
                name="jobs_waiting",
            ),
            # What a lost worker held.
            models.Index(fields=["worker_id"], condition=models.Q(worker_id__isnull=False), name="jobs_held"),
        ]
        constraints = [
            # A key is unique only while its job waits: a run that has started may have read old data,
            # so the same work asked for again must run again.
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=models.Q(worker_id__isnull=True, key__isnull=False),
                name="jobs_one_waiting_per_key",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=True) | models.Q(worker_id__isnull=False),
                name="jobs_started_means_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class DeadLetter(models.Model):
    """A job that is not tried again until the operator says so."""

    class Reason(models.TextChoices):
        PERMANENT = "permanent", _("It said itself that trying again is of no use.")
        ATTEMPTS = "attempts", _("It failed at every attempt.")
        LOST = "lost", _("The worker was lost while running it, at every attempt.")
        UNKNOWN = "unknown", _("No job of this name is known.")

    id = models.BigIntegerField(primary_key=True)  # the job's own
    name = models.CharField(max_length=100)
    arguments = models.JSONField()
    key = models.CharField(max_length=200, null=True)
    lane = models.SmallIntegerField()
    enqueued_at = models.DateTimeField()
    died_at = models.DateTimeField(db_default=Now(), db_index=True)
    attempts = models.IntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    error = models.TextField()
    traceback = models.TextField()  # private: may quote what members wrote

    def __str__(self) -> str:
        return f"{self.name} {self.pk}: {self.reason}"


class Worker(models.Model):
    """A living worker process. It also holds a session lock on its id, so that its death is seen
    as soon as the kernel closes its connection; the lease serves when nobody closes it."""

    id = models.AutoField(primary_key=True)
    host = models.CharField(max_length=255)
    pid = models.IntegerField()
    started_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class Tick(models.Model):
    """The newest slot that a recurring job was fired for."""

    name = models.CharField(max_length=100, primary_key=True)
    slot = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.slot}"
