"""Notifications, the member's policy and whom she accepted, and where apps are pushed to."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Notification(models.Model):
    """Something a member is told. ``group_key`` joins those shown as one ("Bob and 3 others …").

    The row says that it was told; whether it is still shown is decided at reading, by the visibility of
    its posts and by blocks and mutes.
    """

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
        # of business pages; apps that know Mastodon's kinds alone are not told of these
        REVIEW = "review"
        REVIEW_ANSWER = "review_answer"
        TEAM_INVITATION = "team_invitation"
        DOMAIN_LOST = "domain_lost"
        APPROVAL_ASKED = "approval_asked"
        APPROVAL_GIVEN = "approval_given"
        CHANGES_WANTED = "changes_wanted"
        CARE_COMPLAINT = "care_complaint"
        CARE_ASSIGNED = "care_assigned"
        CARE_DUE = "care_due"
        CARE_LATE = "care_late"

    id = Id()
    recipient = models.ForeignKey(
        "people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24, choices=Kind)
    actor = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    # the post that is shown with it
    post_id = models.BigIntegerField(null=True)
    # what else it came from: the boost, the quoted post that was edited, the report, the decision,
    # the review, the invitation, the domain's proof, the entry of a plan, the conversation
    cause_id = models.BigIntegerField(null=True)
    detail = models.JSONField(
        default=dict, help_text='Of a favourite {"reaction": kind}; of pages {"page": handle}.'
    )
    group_key = models.CharField(max_length=80)
    # kept back by the member's policy until she accepts the sender
    held = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_of"),
            models.Index(fields=["recipient", "group_key", "-id"], name="notifications_grouped"),
            models.Index(fields=["post_id"], name="notifications_about"),
            # what a review or an invitation told is taken back with it
            models.Index(
                fields=["cause_id"],
                name="notifications_of_cause",
                condition=models.Q(
                    kind__in=(
                        "review",
                        "review_answer",
                        "team_invitation",
                        "domain_lost",
                        "approval_asked",
                        "approval_given",
                        "changes_wanted",
                        "care_complaint",
                        "care_assigned",
                        "care_due",
                        "care_late",
                    )
                ),
            ),
            # few at any time: requests, and accepting a sender
            models.Index(
                fields=["recipient", "actor", "id"],
                name="notifications_held",
                condition=models.Q(held=True),
            ),
        ]
        constraints = [
            # the same thing is told once, however often the job runs
            models.UniqueConstraint(
                fields=["recipient", "kind", "actor", "post_id", "cause_id"],
                name="notifications_once",
                nulls_distinct=False,
            )
        ]


class Ruling(models.TextChoices):
    """What a policy does with notifications of a class."""

    ACCEPT = "accept"
    FILTER = "filter"  # kept back, and shown as a request
    DROP = "drop"


class Policy(models.Model):
    """Which notifications are taken, kept back, or dropped; and which kinds are switched off.

    A member without a row has the defaults, which stand in ``tell`` of queries.sql too.
    """

    profile = models.OneToOneField(
        "people.Profile", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    for_not_following = models.CharField(max_length=8, choices=Ruling, default=Ruling.ACCEPT)
    for_not_followers = models.CharField(max_length=8, choices=Ruling, default=Ruling.ACCEPT)
    for_new_accounts = models.CharField(max_length=8, choices=Ruling, default=Ruling.ACCEPT)
    for_private_mentions = models.CharField(max_length=8, choices=Ruling, default=Ruling.FILTER)
    for_limited_accounts = models.CharField(max_length=8, choices=Ruling, default=Ruling.FILTER)
    off = models.JSONField(default=list, help_text="Kinds that are switched off.")
    digest = models.BooleanField(default=False, help_text="Wants a letter after some days away.")
    digest_sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # the daily round asks only those who wish a letter
            models.Index(fields=["profile"], name="notifications_digests", condition=models.Q(digest=True))
        ]


class Acceptance(models.Model):
    """A sender whose notifications are taken whatever the policy says."""

    id = Id()
    recipient = models.ForeignKey(
        "people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sender = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "sender"], name="notifications_acceptance_once")
        ]


class PushSubscription(models.Model):
    """Where a member's app wants to be pushed to; one per access token, and gone with it."""

    class From(models.TextChoices):
        """Whose notifications are pushed."""

        ALL = "all"
        FOLLOWED = "followed"
        FOLLOWER = "follower"
        NONE = "none"

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    token = models.OneToOneField("accounts.AccessToken", on_delete=models.CASCADE, related_name="+")
    # apps find the account by the token in the message; encrypted under the server's secret, so that
    # whoever reads the database cannot act as anybody
    sealed_token = models.TextField(blank=True)
    endpoint = models.TextField()
    p256dh = models.TextField()
    auth = models.TextField()
    alerts = models.JSONField(default=dict)
    policy = models.CharField(max_length=16, choices=From, default=From.ALL)
    standard = models.BooleanField(default=False, help_text="RFC 8291 rather than its fourth draft.")
    failures = models.IntegerField(default=0)
    made_at = models.DateTimeField()
