"""Everything there is to open and to do in the back office, with a house in which each of it makes sense."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client

from cast import MOMENT, Member, later, login
from house import reported, write
from majlis.accounts import actions as accounts
from majlis.accounts import invitations
from majlis.accounts.models import User
from majlis.core.jobs.models import DeadLetter
from majlis.people import actions as people
from majlis.posts.models import Tag
from majlis.safety import actions
from majlis.studio.promotion import account


@dataclass
class House:
    """Ids of what is in the house."""

    report: int
    closed: int
    appealed: int
    limited: int
    profile: int
    closed_profile: int
    waiting: int
    invitation: int
    rule: int
    draft: int
    tag: int
    job: int
    post: int
    page: int


def furnish(*, operator: Member, one: Member, other: Member, third: Member, words: str = "Hm") -> House:
    """A report, decisions, an appeal, somebody who waits, a rule … with ``words`` wherever words go."""
    by = operator.user_id
    post = write(one, words)
    report = reported(other, one, post_ids=[post], comment=words)
    closed = reported(other, third, comment=words)
    actions.close(report_id=closed, by=by, at=MOMENT)
    limited = actions.decide(about=other.id, kind="silence", by=by, text=words, at=MOMENT)
    appealed = actions.decide(about=one.id, kind="silence", by=by, text=words, at=MOMENT)
    actions.appeal(by=one.id, decision_id=appealed, text=words, at=MOMENT)
    accounts.suspend(third.user_id, by=by, at=MOMENT)
    waiting = login("wanda")
    User.objects.filter(id=waiting.id).update(approval_asked_at=MOMENT, is_active=False, join_reason=words)
    accounts.make_invitation(by=by, at=later())
    letter = DeadLetter.objects.create(
        id=2**40, name="x.y", arguments={"words": words, "text": "the code is 123456"}, lane=1, enqueued_at=MOMENT,
        died_at=MOMENT, attempts=3, reason="attempts", error=words, traceback=words,
    )  # fmt: skip
    return House(
        report=report,
        closed=closed,
        appealed=appealed,
        limited=limited,
        profile=one.id,
        closed_profile=third.id,
        waiting=waiting.id,
        invitation=invitations.given(by=by)[0].id,
        rule=actions.add_rule(by=by, text=words, text_ar=words, hint=words, hint_ar=words, at=MOMENT),
        draft=actions.create_announcement(by=by, text=words, text_ar=words, at=MOMENT),
        tag=Tag.objects.create(name="bread", shown=words[:200], made_at=MOMENT).id,
        job=letter.id,
        post=post,
        page=_page(third, by, words),
    )


def _page(of: Member, by: int, words: str) -> int:
    """A business with money in its account."""
    made = people.create_profile(user_id=of.user_id, handle="tailor", kind="business", at=MOMENT)
    account.top_up(page_id=made, amount=Decimal(50), note=words[:200], by=by, at=MOMENT)
    return made


def pages(house: House) -> dict[str, str]:
    """From each route of a page to an address that is there."""
    return {
        "backoffice": "/backoffice",
        "backoffice/": "/backoffice/",
        "backoffice/reports": "/backoffice/reports",
        "backoffice/reports/<int:report_id>": f"/backoffice/reports/{house.report}",
        "backoffice/appeals": "/backoffice/appeals",
        "backoffice/people": "/backoffice/people",
        "backoffice/people/<int:profile_id>": f"/backoffice/people/{house.profile}",
        "backoffice/joining": "/backoffice/joining",
        "backoffice/rules": "/backoffice/rules",
        "backoffice/announcements": "/backoffice/announcements",
        "backoffice/tags": "/backoffice/tags",
        "backoffice/feed": "/backoffice/feed",
        "backoffice/promotion": "/backoffice/promotion",
        "backoffice/promotion/<int:page_id>": f"/backoffice/promotion/{house.page}",
        "backoffice/jobs": "/backoffice/jobs",
        "backoffice/settings": "/backoffice/settings",
        "backoffice/book": "/backoffice/book",
    }


def deeds(house: House) -> dict[str, tuple[str, dict[str, Any]]]:
    """From each route of an action to an address and a form that work."""
    o = "/backoffice"
    return {
        "backoffice/reports/<int:report_id>/assign": (f"{o}/reports/{house.report}/assign", {"to": "me"}),
        "backoffice/reports/<int:report_id>/decide": (
            f"{o}/reports/{house.report}/decide",
            {"kind": "delete_statuses", "post": [str(house.post)], "text": "No."},
        ),
        "backoffice/reports/<int:report_id>/close": (f"{o}/reports/{house.report}/close", {}),
        "backoffice/reports/<int:report_id>/reopen": (f"{o}/reports/{house.closed}/reopen", {}),
        "backoffice/appeals/<int:decision_id>/answer": (
            f"{o}/appeals/{house.appealed}/answer",
            {"answer": "lift"},
        ),
        "backoffice/decisions/<int:decision_id>/lift": (f"{o}/decisions/{house.limited}/lift", {}),
        "backoffice/people/<int:profile_id>/decide": (
            f"{o}/people/{house.profile}/decide",
            {"kind": "suspend"},
        ),
        "backoffice/people/<int:profile_id>/open-login": (
            f"{o}/people/{house.closed_profile}/open-login",
            {},
        ),
        "backoffice/joining/<int:user_id>/approve": (f"{o}/joining/{house.waiting}/approve", {}),
        "backoffice/joining/<int:user_id>/refuse": (f"{o}/joining/{house.waiting}/refuse", {}),
        "backoffice/invitations": (f"{o}/invitations", {"uses": "2", "days": "7"}),
        "backoffice/invitations/<int:invitation_id>/withdraw": (
            f"{o}/invitations/{house.invitation}/withdraw",
            {},
        ),
        "backoffice/rules/add": (f"{o}/rules/add", {"text": "Be kind"}),
        "backoffice/rules/<int:rule_id>/reword": (f"{o}/rules/{house.rule}/reword", {"text": "Be kinder"}),
        "backoffice/rules/<int:rule_id>/move": (f"{o}/rules/{house.rule}/move", {"to": "up"}),
        "backoffice/rules/<int:rule_id>/withdraw": (f"{o}/rules/{house.rule}/withdraw", {}),
        "backoffice/announcements/add": (f"{o}/announcements/add", {"text": "Hello", "publish": "1"}),
        "backoffice/announcements/<int:announcement_id>/publish": (
            f"{o}/announcements/{house.draft}/publish",
            {},
        ),
        "backoffice/announcements/<int:announcement_id>/withdraw": (
            f"{o}/announcements/{house.draft}/withdraw",
            {},
        ),
        "backoffice/tags/<int:tag_id>": (f"{o}/tags/{house.tag}", {"allow": "no"}),
        "backoffice/tags/keep-out": (f"{o}/tags/keep-out", {"kind": "host", "subject": "spam.example"}),
        "backoffice/tags/let-trend": (
            f"{o}/tags/let-trend",
            {"kind": "link", "subject": "https://a.example/"},
        ),
        "backoffice/feed/set": (f"{o}/feed/set", {"recipe": "closeness", "choice": "members"}),
        "backoffice/promotion/<int:page_id>/top-up": (
            f"{o}/promotion/{house.page}/top-up",
            {"amount": "12.50", "note": "invoice 8"},
        ),
        "backoffice/jobs/retry": (f"{o}/jobs/retry", {"job": [str(house.job)]}),
        "backoffice/jobs/discard": (f"{o}/jobs/discard", {"job": [str(house.job)]}),
    }


def signed_in(member: Member, *, lately: bool = True, check_csrf: bool = False) -> Client:
    """A browser signed in as a member, who said the password lately or long ago."""
    client = Client(enforce_csrf_checks=check_csrf)
    client.force_login(member.user)
    session = client.session
    at = time.time() - (0 if lately else 3600)
    session["account_authentication_methods"] = [{"method": "password", "at": at, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(member.user_id)
    session.save()
    return client
