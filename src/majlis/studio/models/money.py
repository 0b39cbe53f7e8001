"""What a page costs and earns: hours, rates, costs, months that were closed."""

from __future__ import annotations

from django.db import models

from majlis.brands.roles import Role
from majlis.core.fields import Id

_ROLES = [(role.value, role.value) for role in Role]


class Book(models.Model):
    """How a page counts its money: in one currency. Amounts of others are kept apart unless a rate is given.

    ``idle_seconds``: so long without a key or a touch, and the timer stops.
    """

    page = models.OneToOneField("brands.Page", primary_key=True, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    idle_seconds = models.PositiveSmallIntegerField(default=180)


class Rate(models.Model):
    """A number that holds from a day on until the next one does. ``key`` says of what:

    ``hour``: what an hour of a role costs, in the book's currency (key: the role);
    ``margin``: the share of an order's value that is left after the goods (key: empty; 0 to 1);
    ``exchange``: what one unit of a currency is in the book's (key: its three letters).
    """

    class Kind(models.TextChoices):
        HOUR = "hour"
        MARGIN = "margin"
        EXCHANGE = "exchange"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=16, blank=True)
    from_day = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=9)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("page", "kind", "key", "from_day", name="studio_rate_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="studio_rate_not_negative"),
        ]


class HoursConsent(models.Model):
    """Somebody lets her hours in this studio be measured. No row, no timer. ``named``: her team may see them with
    her name; otherwise it sees sums of roles only, she alone her own."""

    pk = models.CompositePrimaryKey("page_id", "profile_id")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    named = models.BooleanField(default=False)
    given_at = models.DateTimeField()


class Work(models.Model):
    """Time that somebody worked for a page: measured by the timer while she was at it, or written down by hand.

    ``seconds`` is what counts. A measured row grows from beat to beat; the time between two beats of a person is
    counted once, whatever she has open. ``role`` is hers at the time: it is priced by it.
    """

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=16, choices=_ROLES)
    place = models.CharField(max_length=12, help_text="composer, calendar, inbox, approvals, other")
    entry = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    campaign = models.ForeignKey("studio.Campaign", null=True, on_delete=models.SET_NULL, related_name="+")
    by_hand = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    seconds = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["page", "began_at"], name="studio_work_of_page"),
            # the newest of a person, on every beat
            models.Index(
                fields=["by", "page", "-last_at"],
                name="studio_work_going_on",
                condition=models.Q(by_hand=False, by__isnull=False),
            ),
        ]


class Cost(models.Model):
    """Money that was spent besides hours and promotion, over the days it was for (both are in it)."""

    class Kind(models.TextChoices):
        TOOLS = "tools"
        PRODUCTION = "production"
        OTHER = "other"

    id = Id()
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    from_day = models.DateField()
    to_day = models.DateField()
    entry = models.ForeignKey("studio.Entry", null=True, on_delete=models.SET_NULL, related_name="+")
    campaign = models.ForeignKey("studio.Campaign", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "from_day"], name="studio_costs")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="studio_cost_above_nothing"),
            models.CheckConstraint(
                condition=models.Q(to_day__gte=models.F("from_day")), name="studio_cost_days_in_order"
            ),
        ]


class ClosedMonth(models.Model):
    """A month as it was told when it was closed. What comes in later (a refund) changes the month, never this row:
    both are shown, with the difference."""

    pk = models.CompositePrimaryKey("page_id", "month")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField(help_text="Its first day.")
    told = models.JSONField(help_text="As studio.money.results.Told.")
    closed_by = models.ForeignKey("people.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField()
