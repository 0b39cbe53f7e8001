"""Promotion: a page pays from its balance to show a post beyond its organic reach."""

from __future__ import annotations

from django.db import models

from majlis.core.fields import Id


class Promotion(models.Model):
    """A post, an audience, a budget, a bid, a cap per person, dates. Money in units of the house's currency.

    Invariants: ``spent`` never exceeds ``budget``, nor do all charges of a page exceed what was topped up;
    nobody is shown it more than ``cap`` times; nobody who switched promotions off is shown it at all.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+")
    post_id = models.BigIntegerField(db_index=True)
    campaign = models.ForeignKey("studio.Campaign", null=True, on_delete=models.SET_NULL, related_name="+")
    # {"who": "everyone" | "followers" | "not_followers", "languages": [...], "tags": [...]}
    audience = models.JSONField(default=dict)
    budget = models.DecimalField(max_digits=14, decimal_places=4)
    bid = models.DecimalField(
        max_digits=14, decimal_places=4, help_text="The most it pays for one impression."
    )
    spent = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    cap = models.PositiveSmallIntegerField(default=3, help_text="Impressions per person.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            # few: what may be shown now
            models.Index(fields=["starts_at"], name="studio_promotions_on", condition=models.Q(ended_at=None))
        ]
        constraints = [
            # the database refuses what the charging code must never do
            models.CheckConstraint(
                condition=models.Q(spent__gte=0, spent__lte=models.F("budget")), name="studio_within_budget"
            )
        ]


class PromotionOffer(models.Model):
    """A place that a promotion won on one page made for one member, and the price it pays if she sees it.

    The id is the nonce of that item: an impression reported with it is charged to this place, once. Rows are
    kept for some days only; what was paid stays in :class:`BalanceEntry`.
    """

    id = Id()
    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+", db_index=False)
    price = models.DecimalField(max_digits=14, decimal_places=4)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # how many places she has been given and not seen yet: few, and only the newest count
            models.Index(fields=["profile", "promotion", "made_at"], name="studio_offers")
        ]


class PromotionShow(models.Model):
    """How often a promotion was shown to one member (profile id; counted for the cap, never reported)."""

    id = Id()
    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    shown = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("promotion", "profile", name="studio_show_once")]


class Account(models.Model):
    """What a page has left. Its row is locked by whoever changes the book, so that the sum stays true and is
    never below nothing; the sum of the lines is the same number."""

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    balance = models.DecimalField(max_digits=14, decimal_places=4, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="studio_never_below_nothing")
        ]


class BalanceEntry(models.Model):
    """A line of a page's account: topped up by the operator, or charged for an impression. Never changed;
    the balance is their sum."""

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    promotion = models.ForeignKey(Promotion, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    # one line per impression that was charged: the same one again charges nothing
    nonce = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-id"], name="studio_balance")]
        constraints = [
            models.UniqueConstraint(
                "promotion", "nonce", name="studio_charged_once", condition=models.Q(nonce__isnull=False)
            )
        ]
