"""Customers by their orders: where each stands, groups with a name, and what groups are still worth."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Standing(models.Model):
    """What the orders of a customer come to: made anew whenever one of them changes, so that lists of a hundred
    thousand are read and not worked out. Whoever has no order that stands has no row.

    ``value`` is in ``currency``, the one she paid most orders in; what she paid in others stands in her record.
    """

    customer = models.OneToOneField(
        "brands.Customer", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    orders = models.IntegerField()
    value = models.DecimalField(max_digits=16, decimal_places=3)
    currency = models.CharField(max_length=3)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # median of the days between her visits; orders on one day of the page's are one visit
    usual_days = models.FloatField(null=True)
    # fifths, 1 to 5: how lately, how often, how much; null until the page's customers were compared again
    recency = models.PositiveSmallIntegerField(null=True)
    frequency = models.PositiveSmallIntegerField(null=True)
    money = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["page", "-last_at", "-customer"], name="studio_standing_last"),
            models.Index(fields=["page", "-first_at", "-customer"], name="studio_standing_first"),
            models.Index(fields=["page", "-value", "-customer"], name="studio_standing_value"),
        ]


class Segment(models.Model):
    """A group of customers with a name; ``rule`` is ``studio.customers.rules.Rule``. Who is in it is asked anew
    each time. ``circle``: by this circle of the page's posts are addressed to the members of the group who joined
    themselves to it."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    rule = models.JSONField()
    circle = models.ForeignKey("people.Circle", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "name", name="studio_segment_once")]


class Worth(models.Model):
    """What the groups of a page's customers are still worth, as it was worked out last; ``told`` is
    ``studio.customers.worth.Told``."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    told = models.JSONField()
    made_at = models.DateTimeField()
