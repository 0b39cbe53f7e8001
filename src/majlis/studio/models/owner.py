"""Who gets the monthly report of a page, and the letters that left."""

from __future__ import annotations

from django.db import models


class ReportWish(models.Model):
    """Somebody of a team wants the report of every month, on a day of the next, in a language. No row: she does not."""

    pk = models.CompositePrimaryKey("page_id", "profile_id")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    day = models.PositiveSmallIntegerField(help_text="1 to 28, in the page's time zone.")
    language = models.CharField(max_length=16)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(day__gte=1, day__lte=28), name="studio_reportwish_day")
        ]


class ReportLetter(models.Model):
    """The letter about a month to somebody: there is one, however often its job runs. ``told``: the month's money as
    it said, so that the next can say what changed since."""

    pk = models.CompositePrimaryKey("page_id", "profile_id", "month")
    page = models.ForeignKey("brands.Page", on_delete=models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey("people.Profile", on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text="Its first day.")
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    told = models.JSONField(null=True, help_text="As studio.money.results.Told.")
