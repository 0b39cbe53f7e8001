"""The balances that pages promote with, and the rule by which home feeds are ordered."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.backoffice.doors import Done, Shown, act, asked_page, older, operator, page
from majlis.core.clock import now
from majlis.feeds import house_rule, recipes
from majlis.studio.promotion import account, money

_BALANCES: Final = "/backoffice/promotion"
_FEED: Final = "/backoffice/feed"
_CHOICES: Final[tuple[tuple[str, Promise], ...]] = (
    ("members", gettext_lazy("Members may choose another order")),
    ("house", gettext_lazy("The same for everybody")),
)


@page
def index(request: HttpRequest) -> Shown:
    """Pages, what each has left, and a search."""
    text = request.GET.get("q", "")[:100].replace("\0", "")
    context = {
        "q": text,
        "books": account.books(text=text),
        "per_ten": settings.MAJLIS.promoted_per_ten,
        "floor": money.floor(),
    }
    return Shown("promotion", _("Balances of pages"), context)


@page
def account_of(request: HttpRequest, page_id: int) -> Shown:
    """The book of one page, and the form to top it up."""
    found = account.book(page_id=page_id)
    asked = asked_page(request)
    lines = account.lines(page_id=page_id, page=asked)
    context = {
        "book": found,
        "lines": lines.items,
        "none": Decimal(0),
        "currency": money.currency(),
        "older_url": older(request, lines.oldest, full=lines.full),
    }
    return Shown("promotion_account", found.name, context, back=_BALANCES)


@act("balance.top_up", danger=True)
def top_up(request: HttpRequest, page_id: int) -> Done:
    """Put money in, or take it back."""
    back = request.POST.get("do") == "take_back"
    typed = money.amount(request.POST.get("amount", ""), field="amount")
    left = account.top_up(
        page_id=page_id,
        amount=-typed if back else typed,
        note=request.POST.get("note", ""),
        by=operator(request),
        at=now(),
    )
    said = _("It is taken back.") if back else _("It is in the account.")
    detail = {"amount": f"{'-' if back else ''}{typed}", "balance": str(left)}
    return Done(said, f"{_BALANCES}/{page_id}", f"page:{page_id}", detail)


@page
def feed(request: HttpRequest) -> Shown:
    """The rule in force, those before, and the form to set another."""
    history = house_rule.history()
    context = {
        "rule": house_rule.in_force(),
        "recipes": list(recipes.NAMES.items()),
        "choices": _CHOICES,
        "history": [
            {
                "rule": each,
                "name": recipes.NAMES.get(each.recipe, each.recipe),
                "choice": dict(_CHOICES)[each.choice],
            }
            for each in history
        ],
    }
    return Shown("feed", _("Order of home"), context)


@act("feed.rule")
def set_rule(request: HttpRequest) -> Done:
    """Another rule."""
    recipe, choice = request.POST.get("recipe", ""), request.POST.get("choice", "")
    house_rule.set_rule(recipe=recipe, choice=choice, by=operator(request), at=now())
    sentence = _("The rule is in force, and the page about it says so.")
    return Done(sentence, _FEED, "feed:rule", {"recipe": recipe, "choice": choice})
