"""From complaint to fix, to thanks: what was done about a cause, who was told, what they said, how content they were."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Fix(models.Model):
    """What was done about a cause. Told to everybody who complained of it since ``since``, in her language."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    cause = models.ForeignKey("care.Cause", on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    text_ar = models.TextField(blank=True)
    since = models.DateTimeField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-made_at"], name="care_fixes")]


class Told(models.Model):
    """One of those who complained of what was fixed: one row a person, however many conversations. ``answer``: what she
    said to it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TOLD = "told"
        CANNOT = "cannot"  # there is no way to her from here
        LEFT = "left"  # blocked, gone, or confirmed meanwhile

    id = Id()
    fix = models.ForeignKey(Fix, on_delete=models.CASCADE, related_name="told", db_index=False)
    person = models.ForeignKey("care.Person", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey("care.Conversation", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    post_id = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, blank=True, help_text="confirmed, reopened")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("fix", "person", name="care_told_once")]
        indexes = [
            models.Index(fields=["id"], name="care_to_tell", condition=models.Q(state="waiting")),
        ]


class Asked(models.Model):
    """A customer was asked how content she is, or what she thinks of a fix: by the link that names this row. One a round:
    a conversation that opens again begins another one. ``stars`` 1 to 5, null until she says."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        "care.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    round = models.PositiveSmallIntegerField()
    fix = models.ForeignKey(Fix, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    stars = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", "round", name="care_asked_once"),
            models.CheckConstraint(
                condition=models.Q(stars=None) | models.Q(stars__gte=1, stars__lte=5), name="care_one_to_five"
            ),
        ]
        indexes = [models.Index(fields=["page", "-rated_at"], name="care_rated")]


class Badge(models.Model):
    """How a page answers, as it was worked out last (``fixing.badge``). Nobody writes it but that."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    conversations = models.IntegerField()
    answered = models.IntegerField()
    median_seconds = models.FloatField(null=True)
    solved = models.IntegerField()
    confirmed = models.IntegerField()
    at = models.DateTimeField()
