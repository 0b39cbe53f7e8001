"""Promotion in the studio: what runs and what is left, making one, one in detail, the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.feeds.hydration import Batch, hydrate
from majlis.studio.customers import segments
from majlis.studio.promotion import account, actions, audience, money, queries
from majlis.studio.promotion.queries import Promotion
from majlis.studio.queries import campaign_names, campaigns, of_campaign
from majlis.web import cards, paging
from majlis.web.composer import number
from majlis.web.doors import goto
from majlis.web.studio import promotion_words
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.promotion_form import PromotionForm

_PART: Final = "promotion"
_EXCERPT: Final = 90


@team(Permission.MEASURE, "GET")
def index(request: HttpRequest, on: OnTeam) -> HttpResponse:
    """The balance, and every promotion there was."""
    at, page = now(), paging.asked(request)
    found = queries.promotions(page_id=on.page_id, page=page)
    batch = hydrate([each.post_id for each in found.items], viewer=on.page_id)
    return _page(request, on, "list", _("Promotion"), {
        "balance": account.balance(page_id=on.page_id),
        "lines": [line(each, batch, on, at=at) for each in found.items],
        **paging.slice_context(request, found, page),
    })  # fmt: skip


def line(promotion: Promotion, batch: Batch, on: OnTeam, *, at: datetime) -> dict[str, Any]:
    """A promotion as lists of it show it, on other pages of the studio too."""
    state, tone = promotion_words.STATES[promotion.state(at=at)]
    share = promotion.spent / promotion.budget
    return {
        "promotion": promotion,
        "text": _text(promotion.post_id, batch),
        "state": state,
        "tone": tone,
        "percent": float(share * 100),
        "url": studio_path(on.handle, f"{_PART}/{promotion.id}"),
    }


def _text(post_id: int, batch: Batch) -> str:
    """The beginning of a post, or that it is gone."""
    post = batch.posts.get(post_id)
    if post is None:
        return _("A post that is gone")
    return cards.excerpt(post.title or post.text, _EXCERPT) or _("A post without words")


@team(Permission.PROMOTE, "GET", "POST")
def new(request: HttpRequest, on: OnTeam) -> HttpResponse:
    """Make one. Asked with ``do=count`` it says how many can see it and starts nothing."""
    at = now()
    wanted = number(request.GET.get("campaign"))
    offered: dict[str, Any] = {
        "posts": _choices(on, number(request.GET.get("post")), campaign=wanted),
        "campaigns": campaign_names(team=on),
        "campaign": wanted,
        "groups": [(each.id, each.name) for each in segments.segments(on)],
    }
    if request.method == "GET":
        return _form(request, on, PromotionForm(at=at, **offered), at=at)
    form = PromotionForm(request.POST, at=at, **offered)
    if request.POST.get("do") == "count":
        if request.headers.get("HX-Request"):
            return render(request, "web/studio/promotion/reach.html", _reach(on, form))
        return _form(request, on, form, at=at)
    plan = form.plan()
    if plan is None:
        return _form(request, on, form, at=at, status=422)
    try:
        made = actions.make(team=on, plan=plan, at=at)
    except Refused as error:
        form.refused(error)
        return _form(request, on, form, at=at, status=422)
    messages.success(request, _("The promotion is on."))
    return goto(request, studio_path(on.handle, f"{_PART}/{made}"))


def _choices(on: OnTeam, wanted: int | None, *, campaign: int | None = None) -> list[tuple[str, str]]:
    """Posts that can be promoted: the one she came from first, then those of the campaign she came from."""
    newest = queries.promotable_posts(page_id=on.page_id)
    planned = of_campaign(team=on, campaign_id=campaign) if campaign else []
    first = [wanted, *(entry.post_id for entry in reversed(planned))]
    ids = list(dict.fromkeys([*filter(None, first), *newest]))
    batch = hydrate(ids, viewer=on.page_id)
    return [(str(id_), _text(id_, batch)) for id_ in ids if id_ in batch.posts and _own(id_, batch, on)]


def _own(post_id: int, batch: Batch, on: OnTeam) -> bool:
    post = batch.posts[post_id]
    return post.author_id == on.page_id and post.audience == "public" and not post.boost_of_id


def _reach(on: OnTeam, form: PromotionForm) -> dict[str, Any]:
    people = audience.reach(page_id=on.page_id, audience=form.audience())
    return {"reach": promotion_words.reach_sentence(people), "enough": people >= audience.FEWEST}


def _form(
    request: HttpRequest, on: OnTeam, form: PromotionForm, *, at: datetime, status: int = 200
) -> HttpResponse:
    return _page(request, on, "new", _("Promote a post"), {
        **_reach(on, form),
        "form": form,
        "balance": account.balance(page_id=on.page_id),
        "floor": money.floor(),
        "currency": money.currency(),
    }, status=status)  # fmt: skip


@team(Permission.MEASURE, "GET")
def one(request: HttpRequest, on: OnTeam, promotion_id: int) -> HttpResponse:
    """One promotion: what it reached, what it cost, what is left."""
    at = now()
    found = queries.promotion(page_id=on.page_id, promotion_id=promotion_id)
    batch = hydrate([found.post_id], viewer=on.page_id)
    days = queries.days(promotion_id=found.id)
    most = max((day.impressions for day in days), default=1)
    return _page(request, on, "one", _("Promotion"), {
        "line": line(found, batch, on, at=at),
        "promotion": found,
        "campaign": _campaign(on, found),
        "ended": found.state(at=at) in ("over", "stopped"),
        "meant_for": promotion_words.audience_sentences(found.audience, page=on.name),
        "days": [{"day": day, "percent": 100 * day.impressions / most} for day in days],
    })  # fmt: skip


def _campaign(on: OnTeam, found: Promotion) -> dict[str, str] | None:
    """The campaign it belongs to, to go there."""
    if found.campaign_id is None or not (known := campaigns(team=on, campaign_id=found.campaign_id)):
        return None
    return {"name": known[0].name, "url": studio_path(on.handle, f"campaigns/{found.campaign_id}")}


Act = Callable[..., None]


def _acting(act: Act, said: Any) -> Callable[..., HttpResponse]:
    @team(Permission.PROMOTE, "POST")
    def view(request: HttpRequest, on: OnTeam, promotion_id: int) -> HttpResponse:
        act(team=on, promotion_id=promotion_id, at=now())
        messages.success(request, str(said))
        return goto(request, studio_path(on.handle, f"{_PART}/{promotion_id}"))

    return view


pause = _acting(actions.pause, gettext_lazy("It is paused: nobody is shown it, nothing is charged."))
resume = _acting(actions.resume, gettext_lazy("It goes on."))
stop = _acting(
    actions.stop, gettext_lazy("It is stopped for good. What it did not spend is still in the account.")
)


@team(Permission.MEASURE, "GET")
def book(request: HttpRequest, on: OnTeam) -> HttpResponse:
    """The account: every top-up, and what each promotion cost by day."""
    page = paging.asked(request)
    found = account.lines(page_id=on.page_id, page=page)
    return _page(request, on, "book", _("Account"), {
        "balance": account.balance(page_id=on.page_id),
        "lines": found.items,
        "none": Decimal(0),
        **paging.slice_context(request, found, page),
    })  # fmt: skip


def _page(
    request: HttpRequest, on: OnTeam, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    here = studio_path(on.handle, _PART)
    back = {} if template == "list" else {"back_url": here}
    shown = frame(on, _PART, title, part_url=here, may_promote=on.may(Permission.PROMOTE), **back, **context)
    return render(request, f"web/studio/promotion/{template}.html", shown, status=status)


_ONE: Final = f"studio/<str:handle>/{_PART}/<id:promotion_id>"
urls: list[URLPattern] = [
    path(f"studio/<str:handle>/{_PART}", index),
    path(f"studio/<str:handle>/{_PART}/new", new),
    path(f"studio/<str:handle>/{_PART}/account", book),
    path(_ONE, one),
    path(f"{_ONE}/pause", pause),
    path(f"{_ONE}/resume", resume),
    path(f"{_ONE}/stop", stop),
]
