"""Why something stands in her home: the rule of the house in full, one item, one promoted item."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.core.ids import moment_of
from majlis.feeds import home as feeds_home
from majlis.feeds import house_rule, ranked, recipes
from majlis.feeds.reading import reader_of
from majlis.feeds.rules import LeftOut, Why
from majlis.people import actions as people
from majlis.people import queries as profiles
from majlis.people.queries import Viewer
from majlis.posts import access
from majlis.studio.customers import addressing
from majlis.studio.experiments import again, holding
from majlis.studio.promotion import active, auction, money, queries, slots
from majlis.web import cards, faces, home_feed
from majlis.web.doors import anyone, goto, member
from majlis.web.studio import promotion_words


@anyone("GET")
def rule(request: HttpRequest, viewer: int | None) -> HttpResponse:
    """The rule in force, with its formula and its numbers: those that the code counts with."""
    found = house_rule.in_force()
    return render(request, "web/pages/feed_rule.html", {
        "rule": found,
        "recipe_name": recipes.NAMES[found.recipe],
        "numbers": recipe_numbers(),
        "promotion": promotion_numbers(),
        "page_title": _("How your home is ordered"),
        "page_description": _("The rule by which this house orders home feeds, with its formula and its numbers."),
        "canonical": addresses.absolute("/about/feed"),
    })  # fmt: skip


def recipe_numbers() -> dict[str, float]:
    """The numbers of closeness, from where the code reads them."""
    return {
        "window": recipes.WINDOW_HOURS,
        "most": recipes.MOST,
        "half_life": recipes.HALF_LIFE_HOURS,
        "days": recipes.SIGNAL_DAYS,
        "mutual": recipes.MUTUAL,
        "reactions": recipes.REACTIONS,
        "reactions_half": recipes.REACTIONS_HALF,
        "replies": recipes.REPLIES,
        "replies_half": recipes.REPLIES_HALF,
    }


def promotion_numbers() -> dict[str, Any]:
    """The numbers of promotion, from where the code reads them."""
    return {
        "per_ten": settings.MAJLIS.promoted_per_ten,
        "every": auction.EVERY,
        "first": auction.FIRST,
        "recently": slots.RECENTLY.days,
        "floor": promotion_words.exact(money.floor()),
    }


@member("GET")
def item(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """Why one item stands in her home, and what it weighs. To others there is no such page."""
    at = now()
    verdict, batch = feeds_home.home_verdict(viewer=viewer.id, post_id=post_id, at=at)
    if isinstance(verdict, LeftOut):
        raise access.not_there()
    placed = again.was_placed(viewer=viewer.id, post_id=post_id)
    entry = batch.posts[post_id]
    author = batch.author(entry)
    known = ranked.signals_of(
        viewer=viewer.id,
        authors=[author.id],
        reader=reader_of(viewer=viewer.id, at=at),
        as_of=at,
    )[author.id]
    return render(request, "web/home/why.html", {
        "item": cards.Reading(batch, at=at).item(entry),
        "why": cards.why_sentence(Why(placed.reason) if placed else verdict, entry=author),
        "placed": placed,
        "for_group": addressing.is_for_group(post_id),
        "author": faces.face(author),
        "order": home_feed.order_for(viewer),
        "score": recipes.closeness(known, came_at=moment_of(post_id), as_of=at),
        "signals": known,
        "numbers": recipe_numbers(),
        "here": "home",
        "page_title": _("Why this is here"),
        "back_url": "/home",
        "robots": "noindex",
    })  # fmt: skip


@member("GET")
def promoted(request: HttpRequest, viewer: Viewer, promotion_id: int) -> HttpResponse:
    """Who pays for what she was shown, and for whom it is meant."""
    found = queries.for_member(promotion_id=promotion_id, viewer=viewer.id)
    payer = profiles.profile(found.page_id)
    if payer is None:
        raise access.not_there()
    return render(request, "web/home/promoted.html", {
        "promotion": found,
        "payer": faces.face(payer),
        "meant_for": promotion_words.audience_sentences(found.audience, page=payer.name),
        "numbers": promotion_numbers(),
        "here": "home",
        "page_title": _("Why you see this"),
        "back_url": "/home",
        "robots": "noindex",
    })  # fmt: skip


@member("POST")
def order(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Read in another order from now on."""
    recipe = request.POST.get("recipe", "")
    if recipe not in recipes.RECIPES or house_rule.in_force().choice != "members":
        raise BadInput(_("There is no such choice."), field="recipe", cause=recipe[:40])
    people.change_preferences(by=viewer.id, changes={"recipe": recipe}, at=now())
    messages.success(request, _("Saved. You can change it again above your home."))
    return goto(request, "/home")


@member("GET", "POST")
def promotions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whether promoted posts may stand in her home."""
    if request.method == "POST":
        wanted = request.POST.get("promotions") == "yes"
        people.change_preferences(by=viewer.id, changes={"promotions": wanted}, at=now())
        said = _("Promoted posts may stand in your home.") if wanted else _("You are shown nothing promoted.")
        messages.success(request, said)
        return goto(request, "/settings/promotions")
    return render(request, "web/settings/promotions.html", {
        "shown": viewer.preferences.promotions,
        "numbers": promotion_numbers(),
        "running": _running(at=now()),
        "here": "settings",
        "page_title": _("Promoted posts"),
        "back_url": "/settings",
        "robots": "noindex",
    })  # fmt: skip


@member("GET", "POST")
def experiments(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whether posts may reach her later for an experiment, and whether she is shown once more what she did not see."""
    if request.method == "POST":
        changes = {name: request.POST[name] == "yes" for name in _SWITCHES if name in request.POST}
        people.change_preferences(by=viewer.id, changes=changes, at=now())
        messages.success(request, _("Saved."))
        return goto(request, "/settings/experiments")
    return render(request, "web/settings/experiments.html", {
        "later": viewer.preferences.experiments,
        "again": viewer.preferences.second_chance,
        "hours": holding.HOURS,
        "here": "settings",
        "page_title": _("Later, and once more"),
        "back_url": "/settings",
        "robots": "noindex",
    })  # fmt: skip


_SWITCHES: Final = ("experiments", "second_chance")


def _running(*, at: datetime) -> int:
    return len(active.running(at=at))
