"""Against whom a page compares itself, what is said of both, and what people put right about that."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Rival(models.Model):
    """Somebody a page names as its rival: a profile here, or a name with words and hashtags that public posts use, or
    both. ``words`` as typed; a word that begins with # is a hashtag. It ends and is not deleted: kept figures name it.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    profile = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.JSONField(default=list)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "page", "name", name="studio_rival_once", condition=models.Q(ended_at=None)
            )
        ]


class Voice(models.Model):
    """The words by which people speak of the page itself, and what a survey of its own found: of ``asked`` people
    ``recalled`` named the brand unaided."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField(default=list)
    asked = models.PositiveIntegerField(null=True)
    recalled = models.PositiveIntegerField(null=True)
    asked_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked=None, recalled=None)
                | models.Q(asked__gt=0, recalled__lte=models.F("asked")),
                name="studio_recall_of_asked",
            )
        ]


class MoodSaid(models.Model):
    """How a text sounds, as somebody of the team says against what was read. Used in every figure from then on."""

    pk = models.CompositePrimaryKey("page_id", "post_id")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="+")
    sound = models.CharField(max_length=8, help_text="negative, neutral, positive")
    read = models.CharField(max_length=8, help_text="What was read before.")
    said_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()


class KeptVoice(models.Model):
    """Share of voice as it was told: the number, and the rivals it was told against. It never changes."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField()
    told = models.JSONField(help_text="As studio.voice.keeping.Told.")
    kept_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-kept_at"], name="studio_voices_kept")]
