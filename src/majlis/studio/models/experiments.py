"""Experiments: which posts are withheld from which share of followers, and which are placed once more."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Experiment(models.Model):
    """Something a page wants to learn by showing a post to some followers later than to others.

    ``key`` is what lots are drawn with (``posts.withholding``): nothing is kept of who got which. ``share`` of the
    followers get it later; of two versions each half does. Who is in it never changes while it runs.
    """

    class Kind(models.TextChoices):
        HOLDOUT = "holdout"  # every post that may be is shown to a few followers after 48 hours
        VERSIONS = "versions"  # two versions of a post, each for one half

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    key = models.BinaryField()
    share = models.FloatField()
    entry_a = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    entry_b = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    # somebody looked and ended it before its date: its intervals are wider, and nothing is called better
    stopped_early = models.BooleanField(default=False)
    # of two versions: "a" or "b", which is shown to the other half
    chosen = models.CharField(max_length=1, blank=True)

    class Meta:
        indexes = [models.Index(fields=["page", "-id"], name="studio_experiments")]
        constraints = [
            models.UniqueConstraint(
                "page", name="studio_one_holdout", condition=models.Q(kind="holdout", ended_at=None)
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lt=1), name="studio_share_of_followers"
            ),
        ]


class Held(models.Model):
    """A post withheld from the followers whose lot is in [``low``, ``high``), until a moment. ``part_of``: it is a
    further part, or the first comment, of the post it names. ``others``: withheld too from those who draw no lot."""

    post_id = models.BigIntegerField(primary_key=True)
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="+")
    part_of = models.BigIntegerField(null=True)
    arm = models.CharField(max_length=1, blank=True, help_text="a or b, of two versions.")
    draw = models.BigIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    others = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="studio_held_until")]


class NeverHeld(models.Model):
    """An entry that the team marked as about safety or care: it reaches everybody at once."""

    entry = models.OneToOneField("studio.Entry", primary_key=True, on_delete=models.CASCADE, related_name="+")


class Again(models.Model):
    """A post that is placed once more, unpaid, in the homes of followers who did not view it, between two moments:
    of those whose lot is in [``low``, ``high``) of an experiment, or of all where there is none."""

    class Reason(models.TextChoices):
        LATER = "later"  # it was withheld from her, and its time is over
        SECOND_CHANCE = "second_chance"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    post_id = models.BigIntegerField()
    experiment = models.ForeignKey(Experiment, null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason)
    draw = models.BigIntegerField(default=0)
    low = models.FloatField(default=0)
    high = models.FloatField(default=1)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # few: what may be placed now
            models.Index(fields=["until"], name="studio_again_now", condition=models.Q(stopped_at=None))
        ]
        constraints = [models.UniqueConstraint("post_id", "reason", name="studio_again_once")]


class PlacedAgain(models.Model):
    """A post was placed once more in a member's home; never again. ``viewer`` is her pseudonym."""

    pk = models.CompositePrimaryKey("post_id", "viewer")
    post_id = models.BigIntegerField()
    viewer = models.BigIntegerField()
    again = models.ForeignKey(Again, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["viewer"], name="studio_placed_for")]


class LinkTest(models.Model):
    """Two addresses behind one code: half of the clicks go to the link's own, the others to ``target_b``, by the
    click's token. ``key`` draws."""

    id = Id()
    link = models.ForeignKey("studio.TrackedLink", on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    target_b = models.URLField(max_length=2000)
    key = models.BinaryField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    stopped_early = models.BooleanField(default=False)
    chosen = models.CharField(max_length=1, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("link", name="studio_one_link_test", condition=models.Q(ended_at=None))
        ]
