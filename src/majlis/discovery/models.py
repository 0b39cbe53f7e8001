"""What is talked about just now, as a job counted it; what the operator keeps out; who fetches which card."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class TrendingTag(models.Model):
    """A hashtag that several people write in public. Counted anew every few minutes (``at``)."""

    tag = models.OneToOneField("posts.Tag", primary_key=True, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    people = models.IntegerField(help_text="Distinct people who wrote it within the window.")
    posts = models.IntegerField()
    at = models.DateTimeField()


class TrendingPost(models.Model):
    """A public post that several people reacted to, boosted or answered."""

    post = models.OneToOneField("posts.Post", primary_key=True, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    people = models.IntegerField(help_text="Distinct people, its author left out.")
    at = models.DateTimeField()


class TrendingLink(models.Model):
    """A page that several people link to in public."""

    card = models.OneToOneField(
        "posts.LinkCard", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    score = models.FloatField()
    people = models.IntegerField()
    posts = models.IntegerField()
    at = models.DateTimeField()


class TrendRefusal(models.Model):
    """The operator keeps something out of the trends; it can still be searched for and written.

    A hashtag that may not trend is marked on its own row (``posts.Tag.usable``).
    """

    class Kind(models.TextChoices):
        LINK = "link"  # subject: the address
        HOST = "host"  # subject: every link to this host
        POST = "post"  # subject: the post's id
        AUTHOR = "author"  # subject: every post of this profile, by id

    id = Id()
    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=2000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "subject", name="discovery_refusal_once")]


class CardFetch(models.Model):
    """A linked page is being fetched since ``started_at``; a second worker leaves it alone until the lease ends."""

    card = models.OneToOneField(
        "posts.LinkCard", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    started_at = models.DateTimeField()
