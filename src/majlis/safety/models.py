"""Reports and what was decided, the rules they are decided by, what the operator announces and does."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Rule(models.Model):
    """A rule of the house, in both languages.

    Its words never change: a new wording is a new row, and the old one stays withdrawn, so that a report
    and a decision keep the words they were made under.
    """

    id = Id()
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    text_ar = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    hint_ar = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")


class Report(models.Model):
    """A member says that a profile or some of its posts break the rules.

    ``posts`` is what the reported posts said when they were reported: [{"id": "…", "title", "text",
    "warning", "audience", "reply_to": "…" or null, "made_at"}]. It is all that the operator sees of posts
    that were not written for everybody, and it stays when the author deletes or edits them.
    """

    class Category(models.TextChoices):
        SPAM = "spam"
        LEGAL = "legal"
        VIOLATION = "violation"
        OTHER = "other"

    id = Id()
    reporter = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    post_ids = models.JSONField(default=list)
    posts = models.JSONField(default=list)
    # what else was reported, of modules above this one: [{"kind", "id": "…", "text", "about": "…", "made_at"}],
    # as it was then
    things = models.JSONField(default=list)
    rule_ids = models.JSONField(default=list)
    category = models.CharField(max_length=16, choices=Category, default=Category.OTHER)
    comment = models.TextField(blank=True)
    forward = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, help_text="When the reporter last added to it.")
    assigned_to = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, db_index=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            # who reports again adds to what she said
            models.UniqueConstraint(
                "reporter", "about", name="safety_one_open_report", condition=models.Q(closed_at=None)
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="safety_open", condition=models.Q(closed_at__isnull=True)),
        ]


class Decision(models.Model):
    """What the operator decided about a profile or posts; told to both sides. Undone by ``lifted_at``.

    ``post_ids`` are the posts it changed, and so those that lifting it changes back; ``things`` likewise:
    [{"kind", "id": "…"}].
    """

    class Kind(models.TextChoices):
        NOTHING = "none"
        DELETE_POSTS = "delete_statuses"
        TAKE_DOWN = "take_down"  # things of other modules: a review
        MARK_SENSITIVE = "mark_statuses_as_sensitive"
        LIMIT = "silence"
        SUSPEND = "suspend"
        DISABLE = "disable"

    id = Id()
    report = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32, choices=Kind)
    post_ids = models.JSONField(default=list)
    things = models.JSONField(default=list)
    closed_login = models.BooleanField(default=False, help_text="The login was closed with it.")
    text = models.TextField(blank=True, help_text="What the profile is told.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_answer = models.TextField(blank=True)
    appeal_answered_at = models.DateTimeField(null=True)
    appeal_answered_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["appealed_at"],
                name="safety_appeals_waiting",
                condition=models.Q(appealed_at__isnull=False, appeal_answered_at__isnull=True),
            ),
        ]


class Announcement(models.Model):
    """What the operator tells everybody, in one language or both. ``html`` is made by the sanitiser."""

    id = Id()
    text = models.TextField()
    html = models.TextField(blank=True)
    text_ar = models.TextField(blank=True)
    html_ar = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")


class AnnouncementRead(models.Model):
    """A member has read an announcement."""

    id = Id()
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("announcement", "profile", name="safety_read_once")]


class AuditLine(models.Model):
    """One thing an operator did: who, when, what, to what. Lines are only ever added.

    ``who`` keeps the operator's address as it was, for the day the login is gone.
    """

    id = Id()
    made_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    who = models.CharField(max_length=254)
    action = models.CharField(max_length=64)
    target = models.CharField(max_length=64, blank=True, help_text="kind:id, such as report:123.")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["target", "-id"], name="safety_audit_of")]
