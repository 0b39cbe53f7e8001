"""How a page wants its conversations looked after, and what it taught the reading of texts."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Terms(models.Model):
    """The promises of a page to those who write to it, and who is called when one is about to be broken.

    ``targets``: seconds of business time by priority, [{"first": …, "next": …, "resolution": …} × 4], null for none.
    ``clock``: "page" (the page's opening hours), "always", or "own" (``hours`` and ``holidays`` in the form of
    ``brands.hours``). ``assign``: "nobody", or "load" (whoever has least to do). ``automatic``: what is answered by
    itself, {"when": "never" | "closed" | "always", "ar": …, "en": …}.
    """

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    targets = models.JSONField(default=list)
    clock = models.CharField(max_length=8, default="page")
    hours = models.JSONField(default=dict)
    holidays = models.JSONField(default=list)
    warn_share = models.FloatField(default=0.75, help_text="Warned when this share of the time is over.")
    escalate_to = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    assign = models.CharField(max_length=8, default="nobody")
    automatic = models.JSONField(default=dict)
    ask_csat = models.BooleanField(default=True)
    show_badge = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class Cause(models.Model):
    """Why people complain, in the page's own words. ``kind`` is the cause of the model's list that it stands for, empty
    where the page means something that the model does not know. It ends and is not deleted."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    name_ar = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("page", "name", name="care_cause_once", condition=models.Q(ended_at=None))
        ]


class Rule(models.Model):
    """What happens by itself with a conversation that comes in, in order; the first that fits decides each thing.
    ``when`` as ``assigning.When``, ``then`` as ``assigning.Then``."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    when = models.JSONField()
    then = models.JSONField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "position"], name="care_rules")]


class SavedReply(models.Model):
    """An answer that is given often, in both languages, with {variables}."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    text_ar = models.TextField(blank=True)
    cause = models.ForeignKey(Cause, null=True, on_delete=models.SET_NULL, related_name="+")
    used = models.IntegerField(default=0)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "name", name="care_saved_reply_once")]


class Correction(models.Model):
    """Somebody of the team said what a text really is. The page's reading learns from those that stand; one that was
    taken back (``undone_at``) counts no longer and stays on record."""

    class About(models.TextChoices):
        COMPLAINT = "complaint"  # yes, no
        SENTIMENT = "sentiment"  # negative, neutral, positive
        CAUSE = "cause"  # of the model's list
        URGENCY = "urgency"  # high, normal
        LANGUAGE = "language"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey("care.Message", on_delete=models.CASCADE, related_name="corrections")
    about = models.CharField(max_length=12, choices=About)
    said = models.CharField(max_length=24)
    read = models.CharField(max_length=24, help_text="What was read before.")
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "message", "about", name="care_corrected_once", condition=models.Q(undone_at=None)
            )
        ]
        indexes = [models.Index(fields=["page", "-id"], name="care_corrections")]


class Learned(models.Model):
    """What a page's corrections add to the model, worked out from all that stand (``knowing``)."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    delta = models.BinaryField()
    corrections = models.IntegerField()
    model = models.CharField(max_length=64, help_text="The fingerprint of the model it was worked out for.")
    at = models.DateTimeField()
