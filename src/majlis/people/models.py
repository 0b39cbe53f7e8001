"""Profiles and relationships. Every id is taken from ``core.ids`` and sorts by time."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper

from majlis.core.fields import Id


class Profile(models.Model):
    """Somebody who can be followed: a person, a business, an automated account. Here or elsewhere.

    ``domain`` is empty for profiles of this server. ``withdrawn_at`` hides everything of the profile; it
    is set while there is a :class:`Withdrawal`.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        BUSINESS = "business"
        AUTOMATED = "automated"

    id = Id()
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="profiles")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PERSON)
    handle = models.CharField(max_length=64)
    domain = models.CharField(max_length=255, blank=True, default="")
    # what the handle looks like: two local handles that a reader could confuse share it
    skeleton = models.CharField(max_length=255)
    # fifty characters as people see them, each of up to twelve code points
    display_name = models.CharField(max_length=600, blank=True)
    bio = models.TextField(blank=True)
    bio_html = models.TextField(blank=True)
    # [{"name": …, "value": …, "url": …, "html": …, "verified_at": iso or null}], four at the most;
    # "url" is empty unless the value is one link and nothing else
    fields = models.JSONField(default=list)
    avatar_key = models.CharField(max_length=64, blank=True)
    avatar_animated = models.BooleanField(default=False)
    avatar_alt = models.CharField(max_length=1500, blank=True)
    header_key = models.CharField(max_length=64, blank=True)
    header_alt = models.CharField(max_length=1500, blank=True)
    languages = models.JSONField(default=list, help_text="Codes of the languages she writes.")
    locked = models.BooleanField(default=False, help_text="Follows are asked for.")
    discoverable = models.BooleanField(default=True)
    indexable = models.BooleanField(default=True)
    hide_network = models.BooleanField(default=False, help_text="Followers and following are not shown.")
    # defaults of the composer and switches: audience, language, sensitive, reply and quote policy
    preferences = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    limited_at = models.DateTimeField(null=True, help_text="Shown only to those who follow.")
    moved_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    example = models.BooleanField(default=False, help_text="Made by `majlis demo`; said so on the page.")
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("handle"), Upper("domain"), name="people_handle_once"),
            models.UniqueConstraint(
                "skeleton", condition=models.Q(domain=""), name="people_no_confusable_handles"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="people_search"),
            GinIndex(OpClass("handle", name="gin_trgm_ops"), name="people_handle_trigrams"),
            GinIndex(OpClass("display_name", name="gin_trgm_ops"), name="people_name_trigrams"),
            # few at any time: lets a count of followers be corrected without reading all of them
            models.Index(
                fields=["id"], name="people_withdrawn", condition=models.Q(withdrawn_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.acct

    @property
    def acct(self) -> str:
        """``handle`` here, ``handle@domain`` elsewhere."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle


class Withdrawal(models.Model):
    """Why a profile is hidden. Each reason is lifted by itself: asking for deletion and thinking better
    of it does not end a suspension."""

    class Reason(models.TextChoices):
        OWN = "own"  # this profile alone, whatever happens to its login
        LOGIN = "login"  # its login is not active: awaits approval, is suspended, is being deleted
        SUSPENDED = "suspended"  # by the operator; the decision's own row says who and why

    id = Id()
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=16, choices=Reason)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("profile", "reason", name="people_withdrawal_once")]


class RetiredHandle(models.Model):
    """What the handle of a deleted profile looked like: nobody takes it again and is taken for her."""

    skeleton = models.CharField(max_length=255, primary_key=True)
    retired_at = models.DateTimeField()


class ProfileCount(models.Model):
    """Counters of a profile, apart because they change far more often than the profile.

    ``followers`` and ``following`` equal the numbers of rows in :class:`Follow` at every commit. Whoever
    changes follows locks the counters of both sides first, lower id first; this row is the lock of all
    relationships of its profile.
    """

    profile = models.OneToOneField(Profile, primary_key=True, on_delete=models.CASCADE, related_name="count")
    followers = models.IntegerField(default=0)
    following = models.IntegerField(default=0)
    posts = models.IntegerField(default=0)
    last_post_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-followers"], name="people_well_followed")]


class Follow(models.Model):
    """``follower`` reads ``followed``. Two that follow each other are friends."""

    id = Id()
    follower = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    followed = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    show_boosts = models.BooleanField(default=True)
    notify = models.BooleanField(default=False)
    languages = models.JSONField(null=True, help_text="Only posts in these; null: all.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("follower", "followed", name="people_follow_once")]
        indexes = [
            models.Index(fields=["followed", "id"], name="people_followers"),
            models.Index(fields=["follower", "id"], name="people_following"),
            # few: who asked to be told of every post, without reading all followers
            models.Index(fields=["followed", "id"], name="people_listeners", condition=models.Q(notify=True)),
        ]


class FollowRequest(models.Model):
    """A follow that waits for the followed one's word."""

    id = Id()
    follower = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    followed = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    show_boosts = models.BooleanField(default=True)
    notify = models.BooleanField(default=False)
    languages = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("follower", "followed", name="people_request_once")]
        indexes = [models.Index(fields=["followed", "id"], name="people_requests")]


class Block(models.Model):
    """``blocker`` and ``blocked`` see nothing of each other."""

    id = Id()
    blocker = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    blocked = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("blocker", "blocked", name="people_block_once")]


class Mute(models.Model):
    """``muter`` does not want to read ``muted``, who does not learn of it. In force until ``expires_at``."""

    id = Id()
    muter = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    muted = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    notifications = models.BooleanField(default=True, help_text="Notifications are muted too.")
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("muter", "muted", name="people_mute_once")]


class DomainBlock(models.Model):
    """A member does not want to see anything of a whole server."""

    id = Id()
    blocker = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    domain = models.CharField(max_length=255)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("blocker", "domain", name="people_domain_block_once")]


class Note(models.Model):
    """What a member wrote about another, for herself alone."""

    id = Id()
    writer = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    about = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("writer", "about", name="people_note_once")]


class Circle(models.Model):
    """An audience that its owner named: family, colleagues, customers. Those in it do not learn of it."""

    id = Id()
    owner = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("owner", "name", name="people_circle_name_once")]


class CircleMember(models.Model):
    """Somebody in a circle."""

    id = Id()
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("circle", "member", name="people_circle_member_once")]


class List(models.Model):
    """People read together, apart from the home feed (and instead of it, when exclusive)."""

    class Replies(models.TextChoices):
        FOLLOWED = "followed"
        LIST = "list"
        NONE = "none"

    id = Id()
    owner = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    replies = models.CharField(max_length=16, choices=Replies, default=Replies.LIST)
    exclusive = models.BooleanField(default=False)
    made_at = models.DateTimeField()


class ListMember(models.Model):
    """Somebody on a list."""

    id = Id()
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("list", "member", name="people_list_member_once")]


class SuggestionDismissal(models.Model):
    """A suggestion that a member does not want to see again."""

    id = Id()
    viewer = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("viewer", "profile", name="people_dismissal_once")]


class Endorsement(models.Model):
    """A profile that a member features on her own."""

    id = Id()
    endorser = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    endorsed = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("endorser", "endorsed", name="people_endorsement_once")]
