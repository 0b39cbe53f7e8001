"""Archives on their way in and out: how far each is, and what came of it."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class State(models.TextChoices):
    """How far it is. ``waiting`` and ``working`` are left by a crash: the job begins anew."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Import(models.Model):
    """An archive that a member brings. ``report`` is what was taken, what was not and why.

    ``file`` is a name in ``<data_dir>/imports``, empty when it was read in place; the file goes when the
    import has ended. ``total`` is 0 until it is known.
    """

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    audience = models.CharField(max_length=16, blank=True, help_text="The widest; empty: as in the archive.")
    name = models.CharField(max_length=200, blank=True, help_text="What the file was called.")
    file = models.CharField(max_length=64, blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    failure = models.CharField(max_length=64, blank=True, help_text="Why it failed, as a code.")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "profile",
                name="networks_one_import_at_once",
                condition=models.Q(state__in=["waiting", "working"]),
            )
        ]


class Export(models.Model):
    """Everything of a profile as a file, asked for by its member. ``file`` is a name in ``<data_dir>/exports``."""

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    file = models.CharField(max_length=64, blank=True)
    bytes = models.BigIntegerField(default=0)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    failure = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "profile",
                name="networks_one_export_at_once",
                condition=models.Q(state__in=["waiting", "working"]),
            )
        ]
