"""Rules, announcements, hashtags."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from majlis.accounts import zones
from majlis.backoffice.doors import Done, Shown, act, operator, page
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.core.text.html import stored_html
from majlis.discovery import actions as discovery
from majlis.discovery.queries import trends
from majlis.posts import actions as posts
from majlis.safety import actions, queries

_RULES: Final = "/backoffice/rules"
_TAGS: Final = "/backoffice/tags"
_KEPT_OUT: Final = ("host", "link")
_ANNOUNCEMENTS: Final = "/backoffice/announcements"


@page
def rules(request: HttpRequest) -> Shown:
    """The rules in force, a form for each, and what they used to say."""
    context = {"rules": queries.rules(), "withdrawn": queries.withdrawn_rules()}
    return Shown("rules", _("House rules"), context)


def _words(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("text", "text_ar", "hint", "hint_ar")}


@act("rule.add")
def add_rule(request: HttpRequest) -> Done:
    """One more."""
    rule_id = actions.add_rule(by=operator(request), at=now(), **_words(request))
    return Done(_("Saved."), _RULES, f"rule:{rule_id}")


@act("rule.reword")
def reword_rule(request: HttpRequest, rule_id: int) -> Done:
    """Say it otherwise."""
    new = actions.reword_rule(rule_id=rule_id, by=operator(request), at=now(), **_words(request))
    return Done(_("Saved."), _RULES, f"rule:{new}", {"replaces": str(rule_id)})


@act("rule.move")
def move_rule(request: HttpRequest, rule_id: int) -> Done:
    """Up or down."""
    up = request.POST.get("to") == "up"
    actions.move_rule(rule_id=rule_id, up=up, at=now())
    return Done(_("Saved."), _RULES, f"rule:{rule_id}", {"to": "up" if up else "down"})


@act("rule.withdraw")
def withdraw_rule(request: HttpRequest, rule_id: int) -> Done:
    """Out of force."""
    actions.withdraw_rule(rule_id=rule_id, by=operator(request), at=now())
    return Done(_("The rule is no longer in force."), _RULES, f"rule:{rule_id}")


@page
def announcements(request: HttpRequest) -> Shown:
    """Drafts, what is shown, what was."""
    language, at = get_language() or "en", now()
    lines = [
        {
            "announcement": each,
            "html": stored_html(each.html_in(language)),
            "over": bool(each.ends_at and each.ends_at <= at),
        }
        for each in queries.all_announcements()
    ]
    return Shown("announcements", _("Announcements"), {"lines": lines})


@act("announcement.add")
def add_announcement(request: HttpRequest) -> Done:
    """A draft, or at once."""
    made = actions.create_announcement(
        by=operator(request),
        text=request.POST.get("text", ""),
        text_ar=request.POST.get("text_ar", ""),
        starts_at=_moment(request, "starts_at"),
        ends_at=_moment(request, "ends_at"),
        at=now(),
    )
    if "publish" in request.POST:
        actions.publish_announcement(announcement_id=made, by=operator(request), at=now())
    return Done(_("Saved."), _ANNOUNCEMENTS, f"announcement:{made}", {"published": "publish" in request.POST})


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """What a datetime-local field gives, in the time zone that the form names."""
    typed = request.POST.get(name, "")
    try:
        return zones.from_input(typed, zone=request.POST.get("time_zone", "")) if typed else None
    except ValueError as error:
        raise BadInput(_("This is no date and time."), field=name) from error


@act("announcement.publish")
def publish_announcement(request: HttpRequest, announcement_id: int) -> Done:
    """Show it."""
    actions.publish_announcement(announcement_id=announcement_id, by=operator(request), at=now())
    return Done(_("Everybody can read it now."), _ANNOUNCEMENTS, f"announcement:{announcement_id}")


@act("announcement.withdraw")
def withdraw_announcement(request: HttpRequest, announcement_id: int) -> Done:
    """Show it no longer."""
    actions.withdraw_announcement(announcement_id=announcement_id, by=operator(request), at=now())
    return Done(_("It is no longer shown."), _ANNOUNCEMENTS, f"announcement:{announcement_id}")


@page
def tags(request: HttpRequest) -> Shown:
    """Hashtags that may not trend, those used most, or those looked for."""
    text = request.GET.get("q", "")[:100]
    context = {
        "q": text,
        "lines": queries.tags(text=text, at=now()),
        "refused": [each for each in trends.refusals() if each.kind in _KEPT_OUT],
    }
    return Shown("tags", _("Hashtags"), context)


@act("tag.trend")
def trend(request: HttpRequest, tag_id: int) -> Done:
    """Let a hashtag trend, or not."""
    allowed = request.POST.get("allow") == "yes"
    posts.allow_to_trend(tag_id=tag_id, allowed=allowed)
    sentence = _("It may trend.") if allowed else _("It does not trend any more.")
    return Done(sentence, _TAGS, f"tag:{tag_id}", {"allowed": allowed})


def _subject(request: HttpRequest) -> tuple[discovery.Kind, str]:
    kind = request.POST.get("kind", "")
    if kind not in _KEPT_OUT:
        raise BadInput(_("There is no such choice."), field="kind")
    return cast("discovery.Kind", kind), request.POST.get("subject", "")


@act("trend.refuse")
def keep_out(request: HttpRequest) -> Done:
    """Keep a link or a whole website out of the trends."""
    kind, subject = _subject(request)
    discovery.refuse_trend(kind=kind, subject=subject, by=operator(request), at=now())
    return Done(_("It does not trend any more."), _TAGS, f"{kind}:", {"subject": subject[:200]})


@act("trend.allow")
def let_trend(request: HttpRequest) -> Done:
    """Let it trend again."""
    kind, subject = _subject(request)
    discovery.allow_trend(kind=kind, subject=subject)
    return Done(_("It may trend."), _TAGS, f"{kind}:", {"subject": subject[:200]})
