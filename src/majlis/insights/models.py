"""Facts about posts of business pages, and what is made of them while they are taken.

Who reads is a pseudonym here (:class:`Member`): a random number that only this table joins to a profile. When
a member goes, her row goes, and what is left is about nobody.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from majlis.core.fields import Id


class Member(models.Model):
    """The pseudonym of a member, and whether she lets herself be measured."""

    profile = models.OneToOneField(
        "people.Profile", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    pseudonym = models.BigIntegerField(unique=True)
    measured = models.BooleanField(default=True)
    # of what appeared while she was not measured, nothing is ever recorded about her
    measured_since = models.DateTimeField()


class Following(models.Model):
    """Who followed a page when: the history that tells, for any post, who was eligible when it appeared.

    Rows are added and ended, never changed otherwise. ``outside``: her server is another one.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    viewer = models.BigIntegerField()
    outside = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "page", "viewer", name="insights_follows_once", condition=models.Q(until=None)
            )
        ]
        indexes = [
            models.Index(fields=["page", "viewer", "since"], name="insights_followings"),
            models.Index(fields=["viewer"], name="insights_followings_of"),
            models.Index(fields=["page", "since"], name="insights_follows_begun"),
            models.Index(
                fields=["page", "until"],
                name="insights_follows_ended",
                condition=models.Q(until__isnull=False),
            ),
        ]


class MeasuredPost(models.Model):
    """A post of a page, and its eligible followers, frozen at the moment it appeared.

    ``eligible`` counts all followers who were in its audience; ``outside`` and ``unmeasured`` are parts of it.
    Null until the job that counts has run; the count is of the moment of the post, whenever it runs.
    """

    post = models.OneToOneField("posts.Post", primary_key=True, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    audience = models.CharField(max_length=16)
    appeared_at = models.DateTimeField()
    eligible = models.IntegerField(null=True)
    outside = models.IntegerField(null=True)
    unmeasured = models.IntegerField(null=True)
    # pseudonyms of the eligible, for audiences that are not all followers
    chosen = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["page", "-appeared_at"], name="insights_posts_of_page")]


class Encounter(models.Model):
    """One viewer and one post: the unique pair that reach is counted from.

    ``follower``: she was eligible when the post appeared; only such rows belong to the ledger. ``state`` is one
    of ``kinds.State``; ``organic`` and ``paid`` say how she viewed it (both may be true). ``first_view`` is the
    earliest impression as one number that sorts: microseconds since 1970, source, paid (``recording``); it says
    in which hour she counts as reached.
    """

    pk = models.CompositePrimaryKey("post_id", "viewer")
    post_id = models.BigIntegerField()
    viewer = models.BigIntegerField()
    follower = models.BooleanField()
    state = models.PositiveSmallIntegerField()
    organic = models.BooleanField(default=False)
    paid = models.BooleanField(default=False)
    impressions = models.IntegerField(default=0)
    served_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    engaged_at = models.DateTimeField(null=True)
    first_view = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["viewer"], name="insights_met_by")]


class Standing(models.Model):
    """How many encounters of a post are in a state: what the ledger reads. ``viewed``, ``organic`` and ``paid`` are
    members among them, ``impressions`` how often they viewed it. Equals the encounters, counted."""

    pk = models.CompositePrimaryKey("post_id", "follower", "state")
    post_id = models.BigIntegerField()
    follower = models.BooleanField()
    state = models.PositiveSmallIntegerField()
    members = models.IntegerField(default=0)
    viewed = models.IntegerField(default=0)
    organic = models.IntegerField(default=0)
    paid = models.IntegerField(default=0)
    impressions = models.BigIntegerField(default=0)


class Opening(models.Model):
    """When a member last opened a feed. What of pages she follows appeared before and was not shown to her
    becomes *not so far* when she opens it."""

    viewer = models.BigIntegerField(primary_key=True)
    last_at = models.DateTimeField()


class Fact(models.Model):
    """One thing that happened. ``nonce`` makes a repeated report harmless: the page load, or the id of the
    reaction, comment, order … ``value`` is money of a conversion, in ``currency``.

    Facts older than ``MAJLIS_FACTS_DAYS`` are moved to Parquet files (:class:`FactFile`).
    """

    pk = models.CompositePrimaryKey("post_id", "viewer", "kind", "nonce")
    page_id = models.BigIntegerField()
    post_id = models.BigIntegerField(default=0, help_text="0: about the page itself.")
    viewer = models.BigIntegerField(default=0, help_text="0: somebody who is not signed in.")
    kind = models.PositiveSmallIntegerField()
    source = models.PositiveSmallIntegerField()
    paid = models.BooleanField(default=False)
    nonce = models.BigIntegerField()
    link_id = models.BigIntegerField(null=True)
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField()
    arrived_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["page_id", "at"], name="insights_facts_of_page"),
            # one in a hundred: who followed a link and what was ordered is asked without looking at the others
            models.Index(
                fields=["page_id", "at"],
                name="insights_clicks_and_orders",
                condition=models.Q(kind__in=(10, 11)),
            ),
            # they come nearly in order, so a few kilobytes tell where those of a day are
            BrinIndex(fields=["at"], name="insights_facts_by_time", pages_per_range=32),
        ]


class Hourly(models.Model):
    """How many facts of a kind in an hour. ``reach`` stands with impressions and counts viewers who viewed the
    post for the first time in it: per post it may be added up over hours, over posts never."""

    pk = models.CompositePrimaryKey("page_id", "hour", "post_id", "kind", "source", "paid")
    page_id = models.BigIntegerField()
    post_id = models.BigIntegerField(default=0)
    kind = models.PositiveSmallIntegerField()
    source = models.PositiveSmallIntegerField()
    paid = models.BooleanField(default=False)
    hour = models.DateTimeField()
    facts = models.IntegerField(default=0)
    reach = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["post_id", "hour"], name="insights_hours_of_post")]


class PageViewer(models.Model):
    """What a page last did to a viewer, and she with it, to the quarter of an hour: midnight is on one in every zone.
    From such a moment until now, the steps from served to clicked are counted here, without looking at any fact.

    ``met_at``: a post of it was served to her, or she viewed one; ``last_at``: she viewed one; ``followed_at``:
    the last of those moments at which she followed the page; ``clicked_at``: she followed a tracked link.
    """

    pk = models.CompositePrimaryKey("page_id", "viewer")
    page_id = models.BigIntegerField()
    viewer = models.BigIntegerField()
    met_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["viewer"], name="insights_viewer_of")]


class LastSeen(models.Model):
    """How many viewers a page reached last in a quarter of an hour. Added up from a moment on, they are the distinct
    reach from then until now, without looking at anybody twice. ``followers``: the same, of moments at which they
    followed the page; ``met``: of those at which they were served or reached; ``clicked``: of the earlier of those at
    which they were reached last and followed a link last, which is who did both. Equals the viewers, counted."""

    pk = models.CompositePrimaryKey("page_id", "at")
    page_id = models.BigIntegerField()
    at = models.DateTimeField()
    met = models.IntegerField(default=0)
    viewers = models.IntegerField(default=0)
    followers = models.IntegerField(default=0)
    clicked = models.IntegerField(default=0)


class FactFile(models.Model):
    """Facts of one day that were moved to a Parquet file. The row is written in the transaction that deletes
    them from :class:`Fact`: a file without a row does not count and is written over."""

    id = Id()
    name = models.CharField(max_length=100, unique=True)
    day = models.DateField()
    facts = models.IntegerField()
    written_at = models.DateTimeField()
