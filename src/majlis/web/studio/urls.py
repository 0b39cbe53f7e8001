"""Every address of the studio: each part lists its own in ``urls``. Included by ``web/urls.py``."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern

from majlis.web.studio import (
    audience,
    calendar,
    campaigns,
    care,
    customer_groups,
    customers,
    domains,
    entries,
    expected,
    experiments,
    goals,
    hours,
    inbox,
    interview,
    invitations,
    library,
    links,
    money,
    offers,
    page,
    plots,
    posts,
    promo_codes,
    promotion,
    proposals,
    questions,
    report,
    results,
    reviewing,
    reviews,
    shops,
    tables,
    team,
    today,
    voice,
    what_if,
)

_PARTS: Final = (
    today, inbox, what_if, promotion, invitations, team, page, hours, offers, domains, reviews,
    calendar, interview, expected, proposals, entries, reviewing, library, tables, campaigns,
    links, goals, promo_codes, shops, posts, audience, results, voice, plots, customers, customer_groups, money,
    experiments, questions, report, care,
)  # fmt: skip

urlpatterns: list[URLPattern] = [pattern for part in _PARTS for pattern in part.urls]
