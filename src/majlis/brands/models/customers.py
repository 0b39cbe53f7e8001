"""Customers of a page: the business's own data, about people who may or may not be members here.

Invariant: nothing in these tables says whether somebody is a member, but the rows of :class:`CustomerMember`
that she allowed herself.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from majlis.core.fields import Id


class CustomerBook(models.Model):
    """How a page keeps its customers. ``keep_names``: names and addresses that its shops deliver are kept.

    The numbers are what the business means by new, recent and old (``insights.methods.stages.Thresholds``).
    """

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    keep_names = models.BooleanField(default=False)
    new_days = models.PositiveSmallIntegerField(default=30)
    recent_days = models.PositiveSmallIntegerField(default=90)
    recent_orders = models.PositiveSmallIntegerField(default=2)
    lapsed_gaps = models.FloatField(default=2)
    lapsed_days = models.PositiveSmallIntegerField(default=180)
    shortest_habit_days = models.PositiveSmallIntegerField(default=0)


class Customer(models.Model):
    """Somebody who bought or may buy. Without a name she is known by the keyed hash of her orders alone.

    A record that was merged into another keeps all that it said of itself, so that it can be split off again.
    """

    class Source(models.TextChoices):
        HAND = "hand"
        TABLE = "table"
        APP = "app"
        SHOP = "shop"
        ORDER = "order"  # an order came by somebody of whom nothing else is known

    class Consent(models.TextChoices):
        UNKNOWN = "unknown"
        YES = "yes"
        NO = "no"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    source = models.CharField(max_length=8, choices=Source)
    # whether she may be written to; its history is CustomerConsent
    consent = models.CharField(max_length=8, choices=Consent, default=Consent.UNKNOWN)
    # name, addresses, numbers and ids, folded, to be found by
    folded = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["page", "-id"], name="brands_customers", condition=models.Q(merged_into=None)
            ),
            GinIndex(OpClass("folded", name="gin_trgm_ops"), name="brands_customer_words"),
            GinIndex(OpClass("tags", name="jsonb_path_ops"), name="brands_customer_tags"),
        ]


class CustomerContact(models.Model):
    """An address, a number, or what another program calls her. The first of a kind is the one to use."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        ID = "id"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254)
    # as it is compared: e-mails and ids in lower case, numbers with their digits alone
    folded = models.CharField(max_length=254)

    class Meta:
        constraints = [
            # two people have one telephone; an address or an id names one record
            models.UniqueConstraint(
                "page", "kind", "folded", name="brands_contact_once", condition=~models.Q(kind="phone")
            ),
            models.UniqueConstraint("customer", "kind", "folded", name="brands_contact_of_customer"),
        ]
        indexes = [
            models.Index(fields=["page", "folded"], name="brands_phones", condition=models.Q(kind="phone"))
        ]


class CustomerKey(models.Model):
    """The keyed hash of an e-mail or id of a customer: what her orders carry (``customers.keys``)."""

    pk = models.CompositePrimaryKey("page_id", "key")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")


class CustomerConsent(models.Model):
    """What was said of being written to: never changed, the newest holds."""

    id = Id()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    consent = models.CharField(max_length=8, choices=Customer.Consent)
    how = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(help_text="When she said so.")
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(help_text="When it was written down.")

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="brands_consents")]


class CustomerMerge(models.Model):
    """Two records became one. ``moved``: what went over, so that it can go back: {contacts: [id], keys: [key]}."""

    id = Id()
    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField()
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class CustomerMember(models.Model):
    """A member's own word that she is this business's customer, or that she will not say. One per page and member.

    ``key`` is what she was found by; the record is whoever has that key, so erasing and splitting unjoin by
    themselves. The business reads rows with ``allowed`` alone.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    allowed = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "member", name="brands_customer_member_once")]
        indexes = [models.Index(fields=["page", "key"], name="brands_customer_members")]


class CustomerImport(models.Model):
    """A table that was looked at and not taken yet. Kept for a day."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=[("people", "people"), ("orders", "orders")])
    rows = models.JSONField()
    made_at = models.DateTimeField(db_index=True)


class ErasedCustomer(models.Model):
    """That an address was erased: a hash of its key, which leads to no order. Reports of orders from before then,
    which a shop may send again at any time, stay nameless."""

    pk = models.CompositePrimaryKey("page_id", "trace")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    trace = models.CharField(max_length=64)
    erased_at = models.DateTimeField()
