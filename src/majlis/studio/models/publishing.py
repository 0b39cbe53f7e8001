"""Calendar, queue, drafts, approvals, campaigns."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Campaign(models.Model):
    """Posts, links and money that belong together: a goal, dates, a budget, hours, and what came of it."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    goal = models.CharField(max_length=24, help_text="reach, engagement, followers, visits, orders")
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    audience = models.TextField(blank=True, help_text="For whom, in the team's own words.")
    starts_on = models.DateField()
    ends_on = models.DateField()
    budget = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True)
    hours_planned = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    notes = models.TextField(blank=True)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Slot(models.Model):
    """An hour of the week at which the queue sends what is next, in the page's time zone. Monday is 0."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    at = models.TimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "weekday", "at", name="studio_slot_once")]


class Entry(models.Model):
    """A post that is planned: from the first word of a draft until it is out.

    ``params`` are the keywords of ``posts.actions.publish``; ``thread`` the further parts, in order;
    ``first_comment`` what is answered to it at once. ``version`` counts every change: whoever changes an
    entry says which version she read, and is told when there is a newer one. Each version is kept.

    State is what its columns say, in this order: published (``post_id``), failed (``failed_at``), scheduled
    (``due_at``, or ``queued_at`` for the next free slot), waiting for approval (``asked_at`` later than any
    decision), draft. A scheduled entry that needs approval and has none does not leave, and says so.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="+")
    params = models.JSONField()
    thread = models.JSONField(default=list)
    first_comment = models.TextField(blank=True)
    title = models.CharField(max_length=120, blank=True, help_text="For the team alone.")
    version = models.IntegerField(default=1)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(null=True)
    # a place in the queue: the next free slot takes the earliest
    queued_at = models.DateTimeField(null=True)
    scheduled_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    # evergreen: every so many days anew, so many times more at the most
    again_every = models.PositiveSmallIntegerField(null=True, help_text="Days.")
    again_left = models.PositiveSmallIntegerField(default=0)
    again_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    post_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True, help_text="The sentence in each language, as JSON.")
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["page", "due_at"], name="studio_calendar"),
            # few: what has yet to leave
            models.Index(
                fields=["due_at"],
                name="studio_due",
                condition=models.Q(post_id=None, failed_at=None, discarded_at=None, due_at__isnull=False),
            ),
            models.Index(
                fields=["page", "queued_at"],
                name="studio_queue",
                condition=models.Q(post_id=None, discarded_at=None, queued_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "post_id", name="studio_entry_of_post", condition=models.Q(post_id__isnull=False)
            )
        ]


class EntryVersion(models.Model):
    """What an entry said in each version: nothing that somebody typed is lost."""

    id = Id()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.IntegerField()
    params = models.JSONField()
    thread = models.JSONField(default=list)
    first_comment = models.TextField(blank=True)
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("entry", "version", name="studio_version_once")]


class PlanImport(models.Model):
    """A plan that was read from a table and looked at, until somebody says that it is to be taken."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    # as ``studio.plan.rows.Row``
    rows = models.JSONField()
    made_at = models.DateTimeField(db_index=True)


class ReviewLink(models.Model):
    """A link by which somebody without an account reads what waits, and says yes or no. Expires."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, help_text="Who it is for.")
    email = models.EmailField(blank=True, help_text="Whom the link was sent to by mail, if it was.")
    secret_hash = models.CharField(max_length=64, unique=True)
    # ids of the entries it shows; empty: all that waits
    entries = models.JSONField(default=list)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Approval(models.Model):
    """Yes or no to one version of an entry: by a member of the team, or by link."""

    id = Id()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    approved = models.BooleanField()
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    link = models.ForeignKey(ReviewLink, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()


class Comment(models.Model):
    """What was said about an entry, by the team or by link."""

    id = Id()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    link = models.ForeignKey(ReviewLink, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    made_at = models.DateTimeField()
