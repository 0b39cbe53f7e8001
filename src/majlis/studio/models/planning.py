"""Before and after a post: what was expected of it, what the business said of itself, its plan and how that changed."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Forecast(models.Model):
    """What was expected of a post when it left, and what came in its first seven days.

    Written once and scored once; neither is changed after. ``low`` and ``high`` are as they were told: neither lies
    among one to nine. ``lender``: from whom the expectation was borrowed, empty where from nobody. ``widened``: by how
    much the range was stretched for the page's ranges that had not held before (1: not at all).
    """

    class Outcome(models.TextChoices):
        REACH = "reach"
        CLICKS = "clicks"

    pk = models.CompositePrimaryKey("post_id", "outcome")
    post_id = models.BigIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    low = models.IntegerField()
    middle = models.IntegerField()
    high = models.IntegerField()
    basis = models.CharField(max_length=8, help_text="own, mixed, borrowed")
    posts = models.IntegerField(help_text="Of the page's own that it was told from.")
    lender = models.CharField(max_length=16, blank=True)
    lenders = models.IntegerField(default=0, help_text="Pages it was borrowed from.")
    widened = models.FloatField(default=1.0)
    appeared_at = models.DateTimeField()
    made_at = models.DateTimeField()
    came = models.IntegerField(null=True)
    held = models.BooleanField(null=True)
    scored_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["page", "outcome", "-appeared_at"], name="studio_forecasts"),
            # few: those whose seven days are not over
            models.Index(
                fields=["appeared_at"],
                name="studio_forecasts_open",
                condition=models.Q(scored_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__gte=0, low__lte=models.F("middle"), middle__lte=models.F("high")),
                name="studio_forecast_in_order",
            )
        ]


class Interview(models.Model):
    """What the business said of itself, kept step by step. ``done_at``: it came to the end."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict, help_text="As studio.planning.interview.Answers.")
    step = models.PositiveSmallIntegerField(default=0, help_text="How many steps were answered.")
    done_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()


class Plan(models.Model):
    """The four weeks of a page. ``ground`` is what it stands on, as it was known at ``looked_at``."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    ground = models.JSONField(help_text="As studio.planning.ground.Ground.")
    test = models.JSONField(null=True, help_text="As studio.planning.testing.Test.")
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(db_index=True)


class PlanLine(models.Model):
    """A post that is proposed: nothing of it is in the calendar until somebody takes it (``entry``) as a draft, and
    nothing is scheduled by itself. ``dropped_at``: somebody did not want it."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    proposal = models.JSONField(help_text="As studio.planning.planner.Proposal.")
    entry = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True, help_text="Somebody gave it this hour: it stays.")

    class Meta:
        constraints = [models.UniqueConstraint("page", "due_at", name="studio_plan_line_once")]


class Revision(models.Model):
    """What a look at the plan changed, and why: sentences as codes and numbers, so that each reader has her language."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    changes = models.JSONField(help_text="As a list of studio.planning.reasons.Reason.")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-made_at"], name="studio_revisions")]
