"""Tracked links, goals, orders, shops: from a post to a click to an order, over months."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class TrackedLink(models.Model):
    """``/l/CODE`` leads to ``target``, with UTM parameters. Only a team makes one; there is no other way in.

    ``code`` is random (58 bits and more), so guessing one finds nothing.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    target = models.URLField(max_length=2000)
    label = models.CharField(max_length=120, blank=True)
    utm_source = models.CharField(max_length=120, blank=True)
    utm_medium = models.CharField(max_length=120, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    utm_content = models.CharField(max_length=120, blank=True)
    campaign = models.ForeignKey("studio.Campaign", null=True, on_delete=models.SET_NULL, related_name="+")
    entry = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    post_id = models.BigIntegerField(null=True, db_index=True)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Click(models.Model):
    """Somebody followed a tracked link. ``token`` goes along in the address and comes back with the order:
    it names the click, not the person. ``viewer`` is her pseudonym when she was signed in and is measured."""

    id = Id()
    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="+", db_index=False)
    post_id = models.BigIntegerField(default=0)
    token = models.CharField(max_length=24, unique=True)
    viewer = models.BigIntegerField(default=0)
    source = models.PositiveSmallIntegerField()
    paid = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["link", "made_at"], name="studio_clicks")]


class Goal(models.Model):
    """Something that a business wants to happen on its own site: an order, a booking, a call."""

    class Kind(models.TextChoices):
        ORDER = "order"
        EVENT = "event"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    # what the site's script is allowed to report from; empty: server-to-server only
    origins = models.JSONField(default=list)
    key = models.CharField(max_length=24, unique=True, help_text="Public; names the goal in the script.")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("page", "name", name="studio_goal_once")]


class PromoCode(models.Model):
    """A word that a customer says or types: its orders belong to the campaign or post it was given out in."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=40, help_text="Folded: upper case, Latin digits.")
    campaign = models.ForeignKey("studio.Campaign", null=True, on_delete=models.SET_NULL, related_name="+")
    post_id = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("page", "code", name="studio_promo_code_once")]


class Order(models.Model):
    """A conversion: what was reported for a goal, once per ``external_id`` and page, however often it came.

    ``reported_by`` says who vouches for it (``exact`` grade for our own server-to-server and signed shops,
    ``script`` for what a browser said). A later report of the same order may change its value or cancel it.
    """

    class ReportedBy(models.TextChoices):
        SERVER = "server"
        SCRIPT = "script"
        WOOCOMMERCE = "woocommerce"
        SHOPIFY = "shopify"
        PROMO_CODE = "promo_code"
        HAND = "hand"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.SET_NULL, related_name="+")
    external_id = models.CharField(max_length=120)
    # what is left after refunds; null while only a refund or a cancellation has come
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, blank=True)
    # said to be an order by some report; only such are counted
    placed = models.BooleanField(default=False)
    # all that was reported, as ``conversions.state.State``; the other columns are made of it
    state = models.JSONField(default=dict)
    reported_by = models.CharField(max_length=16, choices=ReportedBy)
    click = models.ForeignKey(Click, null=True, on_delete=models.SET_NULL, related_name="+")
    promo_code = models.ForeignKey(PromoCode, null=True, on_delete=models.SET_NULL, related_name="+")
    customer = models.CharField(
        max_length=64, blank=True, help_text="Keyed hash of the customer's own name in the shop."
    )
    ordered_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("page", "external_id", name="studio_order_once")]
        indexes = [
            models.Index(fields=["page", "ordered_at"], name="studio_orders"),
            models.Index(
                fields=["page", "customer"],
                name="studio_orders_of_customer",
                condition=~models.Q(customer=""),
            ),
        ]


class Shop(models.Model):
    """A shop whose signed webhooks are taken. The secret is encrypted with the house's key."""

    class Kind(models.TextChoices):
        WOOCOMMERCE = "woocommerce"
        SHOPIFY = "shopify"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=24, unique=True, help_text="Part of the webhook's address.")
    secret = models.BinaryField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    last_heard_at = models.DateTimeField(null=True)
    last_refusal = models.CharField(max_length=300, blank=True)
    last_refused_at = models.DateTimeField(null=True)

    class Meta:
        # two shops of a kind would give two orders one number
        constraints = [models.UniqueConstraint("page", "kind", name="studio_shop_once")]


class ShopDelivery(models.Model):
    """A webhook that was taken, by the sum of its bytes: the same delivery again changes nothing."""

    id = Id()
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery_id = models.CharField(max_length=120)
    arrived_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("shop", "delivery_id", name="studio_delivery_once")]
