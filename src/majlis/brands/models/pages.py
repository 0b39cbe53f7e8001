"""Business pages and their teams. A page's key is the id of its profile."""

from __future__ import annotations

from django.db import models

from majlis.brands.roles import Role
from majlis.core.fields import Id

_ROLES = [(role.value, role.value) for role in Role]


class Page(models.Model):
    """What a business says of itself beyond its profile. Made when a profile becomes a business.

    ``hours`` and ``holidays`` are times of day in ``time_zone``; their form is ``hours.OpeningHours``.
    ``buttons`` are ways to reach it, in order: [{"kind": …, "value": …}].
    """

    profile = models.OneToOneField(
        "people.Profile", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    category = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    map_url = models.URLField(max_length=2000, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    hours = models.JSONField(default=dict)
    holidays = models.JSONField(default=list)
    buttons = models.JSONField(default=list)
    pinned_offer = models.ForeignKey("Offering", null=True, on_delete=models.SET_NULL, related_name="+")
    approval_needed = models.BooleanField(
        default=False, help_text="What an editor schedules waits for somebody else's yes."
    )
    made_at = models.DateTimeField()


class TeamMember(models.Model):
    """Somebody's role in a page's team. Ending it is deleting the row; the deed stays in :class:`Deed`.

    Invariant: a page that has a team has an owner in it.
    """

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=_ROLES)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "member", name="brands_member_once")]


class Invitation(models.Model):
    """A role that waits for somebody's yes. For a member here, or for whoever holds the link's secret."""

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=_ROLES)
    invited = models.ForeignKey("people.Profile", null=True, on_delete=models.CASCADE, related_name="+")
    # sha256 of the link's secret; empty when a member was named
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "page",
                "invited",
                name="brands_invited_once",
                condition=models.Q(answered_at=None, invited__isnull=False),
            )
        ]


class Deed(models.Model):
    """What somebody did in a page's name, for the team to read. Written in the transaction of the deed."""

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=16, blank=True, help_text="The role it was done in.")
    action = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["page", "-id"], name="brands_deeds"),
            models.Index(fields=["subject_id"], name="brands_deeds_about"),
        ]


class Offering(models.Model):
    """A product or service with its price, or an offer for a time."""

    class Kind(models.TextChoices):
        PRODUCT = "product"
        SERVICE = "service"
        OFFER = "offer"

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    photo = models.ForeignKey("media.Photo", null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.IntegerField(default=0)
    ends_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()


class Review(models.Model):
    """What a member thinks of a page: stars, a recommendation, words. One per member; hers to change."""

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField()
    recommends = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    reply = models.TextField(blank=True)
    reply_html = models.TextField(blank=True)
    replied_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    replied_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    # taken down by the operator
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("page", "author", name="brands_review_once"),
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=5), name="brands_one_to_five_stars"
            ),
        ]
        indexes = [models.Index(fields=["page", "-id"], name="brands_reviews")]


class Verification(models.Model):
    """A proof that the page and a domain belong together, looked at again from time to time."""

    class Method(models.TextChoices):
        LINK = "link"
        DNS = "dns"

    id = Id()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    domain = models.CharField(max_length=255)
    method = models.CharField(max_length=8, choices=Method)
    token = models.CharField(max_length=64)
    asked_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("page", "domain", name="brands_domain_once")]
