"""The form with which a promotion is made: read without refusing, so that it can say the number before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.accounts import zones
from majlis.core.errors import BadInput, Refused
from majlis.studio.promotion import audience as audiences
from majlis.studio.promotion import money
from majlis.studio.promotion.actions import MOST_CAP, Plan
from majlis.studio.promotion.audience import Audience
from majlis.web import composer
from majlis.web.doors import sentence_of

_DAYS: Final = 7
_WHO: Final[list[tuple[str, str | Promise]]] = [
    ("everyone", gettext_lazy("Everybody of this house")),
    ("not_followers", gettext_lazy("Those who do not follow the page yet")),
    ("followers", gettext_lazy("Those who follow the page")),
]
_MOMENT: Final = {"type": "datetime-local"}


class PromotionForm(forms.Form):
    """A post, for whom, for how much, when."""

    post = forms.ChoiceField(label=gettext_lazy("Which post"), widget=forms.RadioSelect)
    who = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=_WHO, widget=forms.RadioSelect, initial="not_followers"
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Only for those who write in"),
        choices=composer.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: any language."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Only for those who read these hashtags"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Several with spaces between; one of them is enough."),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Only for a group of your customers"),
        required=False,
        help_text=gettext_lazy(
            "Of these, members who allowed you to know them; you are not told who saw it. Never fewer than ten."
        ),
    )
    campaign = forms.ChoiceField(
        label=gettext_lazy("Part of a campaign"),
        required=False,
        help_text=gettext_lazy("Then it stands on the campaign's page, with what it cost."),
    )
    budget = forms.CharField(label=gettext_lazy("Budget, all in all"), max_length=20)
    bid = forms.CharField(
        label=gettext_lazy("Bid: the most for one impression"),
        max_length=20,
        help_text=gettext_lazy(
            "The highest bid wins a place and pays what the second highest offered. So bid what it is worth to you."
        ),
    )
    cap = forms.IntegerField(
        label=gettext_lazy("How often one person may see it"), min_value=1, max_value=MOST_CAP, initial=3
    )
    starts_at = forms.CharField(
        label=pgettext_lazy("time", "From"), widget=forms.TextInput(attrs=_MOMENT), max_length=40
    )
    ends_at = forms.CharField(
        label=pgettext_lazy("time", "Until"), widget=forms.TextInput(attrs=_MOMENT), max_length=40
    )

    def __init__(self, data: QueryDict | None = None, *, posts: list[tuple[str, str]], at: datetime,
        campaigns: Sequence[tuple[int, str]] = (), campaign: int | None = None,
        groups: Sequence[tuple[int, str]] = (),
    ) -> None:  # fmt: skip
        initial = {
            "post": posts[0][0] if posts else "",
            "campaign": str(campaign or ""),
            "starts_at": zones.for_input(at),
            "ends_at": zones.for_input(at + timedelta(days=_DAYS)),
        }
        super().__init__(data, initial=initial)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]  # it is a field of choices
        anybody = ("", gettext_lazy("Whether they are customers or not"))
        self.fields["group"].choices = [anybody, *((str(id_), name) for id_, name in groups)]  # type: ignore[attr-defined]
        none = ("", pgettext_lazy("campaign", "None"))
        self.fields["campaign"].choices = [none, *((str(id_), name) for id_, name in campaigns)]  # type: ignore[attr-defined]

    def audience(self) -> Audience:
        """For whom, as far as it is filled in; everybody where nothing can be read."""
        given = self.data if isinstance(self.data, QueryDict) else QueryDict()
        try:
            return audiences.audience(
                who=given.get("who", "not_followers"),
                languages=given.getlist("languages"),
                tags=given.get("tags", ""),
                segment=self._group(given.get("group", "")),
            )
        except BadInput as error:
            self.refused(error)
            return Audience()

    def _group(self, typed: str) -> int:
        """One of those that are offered; of nothing else is ever looked whether it is there."""
        if typed and typed not in dict(self.fields["group"].choices):  # type: ignore[attr-defined]
            raise BadInput(gettext_lazy("There is no such choice."), field="group")
        return int(typed or 0)

    def plan(self) -> Plan | None:
        """What it says; None when something of it cannot be used, which the form then shows."""
        if not self.is_valid():
            return None
        audience, data, zone = self.audience(), self.cleaned_data, self.data.get("time_zone", "")
        if self.errors:  # reading the audience found something: never everybody instead
            return None
        try:
            return Plan(
                post_id=int(data["post"]),
                audience=audience,
                budget=money.amount(data["budget"], field="budget"),
                bid=money.amount(data["bid"], field="bid"),
                cap=data["cap"],
                starts_at=_moment(data["starts_at"], "starts_at", zone),
                ends_at=_moment(data["ends_at"], "ends_at", zone),
                campaign_id=int(data["campaign"]) if data["campaign"] else None,
            )
        except Refused as error:
            self.refused(error)
            return None

    def refused(self, error: Refused) -> None:
        """Say beside the field at fault what is wrong."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, sentence_of(error))


def _moment(typed: str, field: str, zone: str) -> datetime:
    try:
        return zones.from_input(typed, zone=zone)
    except ValueError as error:
        raise BadInput(_("This is no date and time."), field=field) from error
