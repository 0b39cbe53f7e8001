"""Reports and what was decided."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Rule(models.Model):
    """A rule of the house, in both languages."""

    id = Id()
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    text_ar = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    hint_ar = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)


class Report(models.Model):
    """A member says that a profile or some of its posts break the rules."""

    class Category(models.TextChoices):
        SPAM = "spam"
        LEGAL = "legal"
        VIOLATION = "violation"
        OTHER = "other"

    id = Id()
    reporter = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    post_ids = models.JSONField(default=list)
    rule_ids = models.JSONField(default=list)
    category = models.CharField(max_length=16, choices=Category, default=Category.OTHER)
    comment = models.TextField(blank=True)
    forward = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    assigned_to = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, db_index=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")


class Decision(models.Model):
    """What the operator decided about a profile or posts; told to both sides. Undone by ``lifted_at``."""

    class Kind(models.TextChoices):
        NOTHING = "none"
        DELETE_POSTS = "delete_statuses"
        MARK_SENSITIVE = "mark_statuses_as_sensitive"
        LIMIT = "silence"
        SUSPEND = "suspend"
        DISABLE = "disable"

    id = Id()
    report = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32, choices=Kind)
    post_ids = models.JSONField(default=list)
    text = models.TextField(blank=True, help_text="What the profile is told.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_answered_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")


class Announcement(models.Model):
    """What the operator tells everybody."""

    id = Id()
    text = models.TextField()
    html = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()


class AnnouncementRead(models.Model):
    """A member has read an announcement."""

    id = Id()
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("announcement", "profile", name="safety_read_once")]
