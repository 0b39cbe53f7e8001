"""What a member sets for her own reading: filters and the place she read to; and the rule of the house."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Filter(models.Model):
    """Words a member does not want to read, where, and what happens to a post that has them."""

    class Action(models.TextChoices):
        WARN = "warn"
        HIDE = "hide"
        BLUR = "blur"

    id = Id()
    owner = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    # of home, notifications, public, thread, account
    contexts = models.JSONField(default=list)
    action = models.CharField(max_length=8, choices=Action, default=Action.WARN)
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()


class FilterKeyword(models.Model):
    """One word or phrase of a filter."""

    id = Id()
    filter = models.ForeignKey(Filter, on_delete=models.CASCADE, related_name="+")
    keyword = models.CharField(max_length=500)
    whole_word = models.BooleanField(default=True)


class FilterPost(models.Model):
    """One post that a filter names."""

    id = Id()
    filter = models.ForeignKey(Filter, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="+")


class Marker(models.Model):
    """How far a member has read: ``home`` or ``notifications``."""

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    timeline = models.CharField(max_length=16)
    last_read_id = models.BigIntegerField()
    version = models.IntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("profile", "timeline", name="feeds_marker_once")]


class ConversationMark(models.Model):
    """How far a member has read in a conversation (``feeds.conversations``), and where she put it away."""

    id = Id()
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    thread_id = models.BigIntegerField()
    read_to = models.BigIntegerField(default=0)
    hidden_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("profile", "thread_id", name="feeds_conversation_once")]


class HouseRule(models.Model):
    """The rule by which home feeds of this house are ordered. The newest row is in force; the others tell
    what was in force when, and who said so."""

    class Choice(models.TextChoices):
        HOUSE = "house"  # the same order for all
        MEMBERS = "members"  # each may choose another

    id = Id()
    recipe = models.CharField(max_length=32, help_text="What is used where nobody chose.")
    choice = models.CharField(max_length=8, choices=Choice)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
