"""``/studio/<handle>/voice``, ``/rivals``, ``/standing``: what is said of a page, against whom, and what its name weighs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.core.text.bidi import isolate
from majlis.insights.figures import Why
from majlis.insights.methods.authority import Aspect, Authority
from majlis.insights.moods import Sound
from majlis.insights.plots import writing
from majlis.insights.windows import Window
from majlis.studio.rivals import naming
from majlis.studio.voice import plot, saying, standing, telling
from majlis.studio.voice.telling import Voices
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import days, file_of

_LISTED: Final = 30
_YEAR: Final = timedelta(days=365)
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@team(Permission.MEASURE, "GET")
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """How much is said of the page, and how it sounds."""
    looked = days(request, page, "voice", at=now())
    found = telling.voices(page, window=looked.window)
    zone = page.time_zone
    return render(request, "web/studio/voice/index.html", frame(
        page, "voice", _("Voice"), looked=looked, found=found, answer=_answer(found, looked.words),
        figures=[found.share, found.weighted, found.people, found.net, found.polar],
        against=_names(found), heard=found.heard[:_LISTED], more=max(len(found.heard) - _LISTED, 0),
        sounds=[(each.value, plot.SOUNDS[each]) for each in reversed(Sound)], sound_words=plot.SOUNDS,
        plots=[plot.share(found, zone=zone), plot.days(found, zone=zone), plot.sounds(found, zone=zone)],
        words=("، " if writing.rtl() else ", ").join(saying.own_words(page)), may_say=page.may(Permission.TRACK),
        file=file_of(page, "NAME", days=looked.count), mentions_file=file_of(page, "mentions", days=looked.count),
        kept=[_kept(page, each) for each in saying.kept(page)[:12]],
    ))  # fmt: skip


def _names(found: Voices) -> str:
    joint = "، " if writing.rtl() else ", "
    return joint.join(isolate(each.subject.name) for each in found.spoken[1:])


def _kept(page: OnTeam, kept: saying.Kept) -> dict[str, Any]:
    joint = "، " if writing.rtl() else ", "
    share = kept.told.share
    return {
        "when": writing.moment(kept.kept_at, zone=page.time_zone),
        "share": writing.percent(share) if share is not None else "–",
        "rivals": joint.join(name for name, _mentions, _reach in kept.told.rivals) or _("no rivals"),
    }


def _answer(found: Voices, words: str) -> str:
    own = found.spoken[0]
    if not own.mentions and not any(each.mentions for each in found.spoken):
        return _("Nobody spoke of you in public in the last %(days)s.") % {"days": words}
    said = ngettext(
        "You were spoken of %(count)s time in the last %(days)s", "You were spoken of %(count)s times in the last %(days)s",
        own.mentions,
    ) % {"count": formats.number(own.mentions), "days": words}  # fmt: skip
    if len(found.spoken) == 1:
        first = _("%(said)s. Name your rivals, and you see how much of the talk is yours.") % {"said": said}
    else:
        first = _("%(said)s: %(share)s of all that was said of you and %(rivals)s.") % {
            "said": said, "share": writing.percent(found.sov.share or 0), "rivals": _names(found),
        }  # fmt: skip
    mood = own.mood
    if not mood.texts:
        return first
    if mood.positive > mood.negative:
        second = _("More of it is kind than unkind: %(good)s positive, %(bad)s negative.")
    elif mood.positive < mood.negative:
        second = _("More of it is unkind than kind: %(bad)s negative, %(good)s positive.")
    else:
        second = _("As much of it is kind as unkind: %(good)s positive, %(bad)s negative.")
    told = second % {"good": formats.number(mood.positive), "bad": formats.number(mood.negative)}
    return f"{first} {told}"


@team(Permission.TRACK, "POST")
def mood(request: HttpRequest, page: OnTeam, post_id: int) -> HttpResponse:
    """A text sounds otherwise than it was read."""
    at = now()
    heard = telling.own_mentions(page, window=Window(at - _YEAR, at))
    saying.say_mood(page, heard, post_id=post_id, sound=request.POST.get("sound", ""), at=at)
    messages.success(request, _("Noted. It counts from now on."))
    return goto(request, _back(request, page, f"#mention-{post_id}"))


@team(Permission.TRACK, "POST")
def words(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """By which words the page is spoken of."""
    try:
        saying.keep_words(page, words=_listed(request.POST.get("words", "")), at=now())
    except BadInput as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return goto(request, _back(request, page))


@team(Permission.TRACK, "POST")
def keep(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Keep the number with its rivals."""
    at = now()
    saying.keep(page, telling.voices(page, window=days(request, page, "voice", at=at).window), at=at)
    messages.success(request, _("Kept, with the rivals it was told against."))
    return goto(request, _back(request, page))


def _back(request: HttpRequest, page: OnTeam, mark: str = "") -> str:
    asked = request.GET.get("days", "")
    return (
        path(page.handle, "voice") + (f"?days={asked}" if asked.isdigit() and len(asked) < 4 else "") + mark
    )


def _listed(text: str) -> list[str]:
    for mark in ("،", ";", "؛", "\n"):
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


@team(Permission.MEASURE, "GET", "POST", changing=Permission.TRACK)
def rivals(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Who the rivals are, and what they publish."""
    if request.method != "POST":
        return _rivals(request, page)
    try:
        naming.name_rival(
            page, name=request.POST.get("name", ""), acct=request.POST.get("acct", ""),
            words=_listed(request.POST.get("words", "")), at=now(),
        )  # fmt: skip
    except Refused as error:
        if error.status >= 500:
            raise
        return _rivals(request, page, error=error)
    return goto(request, path(page.handle, "rivals"))


def _rivals(request: HttpRequest, page: OnTeam, *, error: Refused | None = None) -> HttpResponse:
    looked = days(request, page, "rivals", at=now())
    found = telling.voices(page, window=looked.window)
    joint = "، " if writing.rtl() else ", "
    lines = [
        {
            "rival": each,
            "words": joint.join(isolate(word) for word in each.words),
            "typed": joint.join(each.words),
            "spoken": next((s for s in found.spoken if s.subject.rival_id == each.id), None),
        }
        for each in found.rivals
    ]
    context = frame(
        page, "rivals", _("Rivals"), looked=looked, found=found, answer=_rivals_answer(found, looked.words), lines=lines,
        sheet=plot.published(found, zone=page.time_zone), file=file_of(page, "published", days=looked.count),
        may_say=page.may(Permission.TRACK), typed=request.POST, error=sentence_of(error) if error else "",
        wrong=error.field if error else "", room=len(found.rivals) < naming.MOST_RIVALS,
    )  # fmt: skip
    return render(request, "web/studio/voice/rivals.html", context, status=error.status if error else 200)


def _rivals_answer(found: Voices, said: str) -> str:
    if not found.rivals:
        return _(
            "No rival is named yet. Name one, and you see what it publishes and how much it is spoken of."
        )
    own, *others = found.published
    if not others:
        return _("None of your rivals has a profile here; you see how much each is spoken of.")
    busiest = max(others, key=lambda each: each.posts)
    how = {
        "own": formats.number(own.posts), "name": isolate(busiest.name), "their": formats.number(busiest.posts),
        "days": said,
    }  # fmt: skip
    if own.posts >= busiest.posts:
        return (
            _("You published %(own)s posts in the last %(days)s; the busiest rival, %(name)s, %(their)s.")
            % how
        )
    return _("%(name)s published %(their)s posts in the last %(days)s; you published %(own)s.") % how


@team(Permission.TRACK, "POST")
def change(request: HttpRequest, page: OnTeam, rival_id: int) -> HttpResponse:
    """Other words for a rival, or none at all any more."""
    if request.POST.get("do") == "end":
        naming.let_go(page, rival_id=rival_id, at=now())
        messages.success(request, _("Compared with no longer."))
        return goto(request, path(page.handle, "rivals"))
    try:
        naming.change_words(page, rival_id=rival_id, words=_listed(request.POST.get("words", "")), at=now())
    except BadInput as error:
        return _rivals(request, page, error=error)
    messages.success(request, _("Saved."))
    return goto(request, path(page.handle, "rivals"))


@team(Permission.MEASURE, "GET")
def weight(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """What the name weighs, who comes back, what brought whom."""
    looked = days(request, page, "standing", at=now())
    found = telling.voices(page, window=looked.window)
    of, grown = standing.standing(page, found), standing.growth(page, window=looked.window)
    return render(request, "web/studio/voice/standing.html", frame(
        page, "standing", _("Standing"), looked=looked, answer=_weight_answer(of, grown), authority=of,
        score=writing.number(round(of.score)) if of.score is not None else "",
        parts=[_part(each) for each in of.parts],
        missing=[(standing.NAMES[each], standing.HOW[each]) for each in of.missing],
        loyalty=standing.loyalty(page, window=looked.window), grown=grown,
        plots=[plot.brought(grown, zone=page.time_zone)], file=file_of(page, "NAME", days=looked.count),
        recall=saying.recall(page), may_say=page.may(Permission.TRACK), today=clock.today(now(), zone=page.time_zone),
    ))  # fmt: skip


def _part(part: Any) -> dict[str, Any]:
    counted = part.aspect in (Aspect.PEOPLE_TALKING, Aspect.BRANDED_VISITS, Aspect.INBOUND_LINKS)
    return {
        "name": standing.NAMES[part.aspect], "how": standing.HOW[part.aspect],
        "score": writing.number(round(100 * part.score)),
        "value": writing.number(part.value) if counted else writing.percent(part.value),
    }  # fmt: skip


def _weight_answer(of: Authority, grown: standing.Growth) -> str:
    if of.score is None:
        first = _(
            "Too little is known yet to say what your name weighs; the parts that are known stand below."
        )
    else:
        ordered: Sequence[Any] = sorted(of.parts, key=lambda each: -each.score)
        first = _("Your name weighs %(score)s of 100. What helps most: %(best)s; what to work on first: %(worst)s.") % {
            "score": formats.number(round(of.score)), "best": standing.NAMES[ordered[0].aspect],
            "worst": standing.NAMES[ordered[-1].aspect],
        }  # fmt: skip
    best = next((each for each in grown.reasons if each.post_id and each.count), None)
    if grown.begun.why is Why.FEW or best is None:
        return first
    second = _("“%(post)s” brought the most new followers: %(count)s.") % {
        "post": isolate(writing.beginning(best.beginning, 60)), "count": formats.number(best.count or 0),
    }  # fmt: skip
    return f"{first} {second}"


@team(Permission.TRACK, "POST")
def recall(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """What a survey found."""
    at = now()
    try:
        asked, recalled = (_whole(request, name) for name in ("asked", "recalled"))
        day: date = clock.day_of(request.POST.get("day", "")) or clock.today(at, zone=page.time_zone)
        saying.keep_recall(page, asked=asked, recalled=recalled, day=day, at=at)
    except BadInput as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return goto(request, path(page.handle, "standing"))


def _whole(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "").strip().translate(_DIGITS)
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise BadInput(_("This is no number."), field=name)
    return int(typed)


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/voice", index),
    at_path("studio/<str:handle>/voice/words", words),
    at_path("studio/<str:handle>/voice/keep", keep),
    at_path("studio/<str:handle>/voice/mentions/<id:post_id>", mood),
    at_path("studio/<str:handle>/rivals", rivals),
    at_path("studio/<str:handle>/rivals/<id:rival_id>", change),
    at_path("studio/<str:handle>/standing", weight),
    at_path("studio/<str:handle>/standing/recall", recall),
]
