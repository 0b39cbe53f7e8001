"""Uploaded photos."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Photo(models.Model):
    """A photo of a profile, before and after it hangs on a post.

    ``variants`` is ``{"large": {"width", "height", "mime", "bytes", "file"}, …}``; the stored name is
    ``key``, 128 random bits, so that addresses cannot be guessed.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    id = Id()
    owner = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=64, blank=True, help_text="Why it failed, as a code.")
    alt = models.TextField(blank=True)
    focus_x = models.FloatField(default=0.0, help_text="-1 left … 1 right")
    focus_y = models.FloatField(default=0.0, help_text="-1 bottom … 1 top")
    blurhash = models.CharField(max_length=128, blank=True)
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb, the average")
    animated = models.BooleanField(default=False)
    variants = models.JSONField(default=dict)
    post_id = models.BigIntegerField(null=True)
    # the upload whose picture this shows too, under a name of its own; that row may be gone
    copy_of = models.BigIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    # its post is deleted or taken down: the files are out of reach, and can come back
    hidden_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["post_id", "position"], name="media_of_post"),
            # the shelf of a page, newest first
            models.Index(fields=["owner", "-id"], name="media_shelf", condition=models.Q(copy_of=None)),
            # uploads that nobody posted are swept after a day
            models.Index(fields=["made_at"], name="media_unposted", condition=models.Q(post_id=None)),
        ]


class Unprocessed(models.Model):
    """The bytes of an upload that a job will make ready, in the database so that any machine's worker can.

    Only animations come here; the row goes as soon as they are ready or have failed.
    """

    photo = models.OneToOneField(Photo, primary_key=True, on_delete=models.CASCADE, related_name="+")
    data = models.BinaryField()
