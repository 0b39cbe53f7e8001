"""Notifications, requests and the member's policy."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Notification(models.Model):
    """Something a member is told. ``group_key`` joins those shown as one ("Bob and 3 others …")."""

    class Kind(models.TextChoices):
        MENTION = "mention"
        REPLY = "reply"  # Mastodon apps know replies as mentions
        STATUS = "status"  # somebody she asked to hear of posted
        BOOST = "reblog"
        FOLLOW = "follow"
        FOLLOW_REQUEST = "follow_request"
        FAVOURITE = "favourite"
        POLL = "poll"
        UPDATE = "update"
        QUOTE = "quote"
        QUOTED_UPDATE = "quoted_update"
        SIGN_UP = "admin.sign_up"
        REPORT = "admin.report"
        DECISION = "moderation_warning"

    id = Id()
    recipient = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=24, choices=Kind)
    actor = models.ForeignKey("people.Profile", null=True, on_delete=models.CASCADE, related_name="+")
    post_id = models.BigIntegerField(null=True)
    # a further object: the report, the decision, the kind of reaction
    detail = models.JSONField(default=dict)
    group_key = models.CharField(max_length=80)
    # kept back by the member's policy until she accepts the sender
    held = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_of"),
            models.Index(fields=["recipient", "group_key", "-id"], name="notifications_grouped"),
            models.Index(fields=["post_id"], name="notifications_about"),
        ]
        constraints = [
            # the same thing is told once, however often the job runs
            models.UniqueConstraint(
                "recipient", "kind", "actor", "post_id", name="notifications_once", nulls_distinct=False
            )
        ]


class Policy(models.Model):
    """Which notifications are taken, kept back, or dropped. Values: accept, filter, drop."""

    profile = models.OneToOneField("people.Profile", primary_key=True, on_delete=models.CASCADE, related_name="+")
    for_not_following = models.CharField(max_length=8, default="accept")
    for_not_followers = models.CharField(max_length=8, default="accept")
    for_new_accounts = models.CharField(max_length=8, default="accept")
    for_private_mentions = models.CharField(max_length=8, default="filter")
    for_limited_accounts = models.CharField(max_length=8, default="filter")
    # kinds that are switched off
    off = models.JSONField(default=list)


class Acceptance(models.Model):
    """A sender whose notifications are taken whatever the policy says (or dismissed for good)."""

    id = Id()
    recipient = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    accepted = models.BooleanField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("recipient", "sender", name="notifications_acceptance_once")]


class PushSubscription(models.Model):
    """Where a member's app wants to be pushed to; one per access token."""

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    token = models.OneToOneField("accounts.AccessToken", on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField()
    p256dh = models.TextField()
    auth = models.TextField()
    alerts = models.JSONField(default=dict)
    policy = models.CharField(max_length=16, default="all")
    standard = models.BooleanField(default=False)
    failures = models.IntegerField(default=0)
    made_at = models.DateTimeField()
