"""An entry: written, compared, scheduled, approved, talked about. The one page and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.insights import windows
from majlis.insights.figures import Figure
from majlis.studio import access, actions, moments, queries, states
from majlis.studio.actions import Answer, ChangedMeanwhile
from majlis.studio.content import Content
from majlis.studio.entries import Entry
from majlis.studio.experiments import actions as experiments
from majlis.studio.money import results
from majlis.studio.money.figures import of_part
from majlis.studio.money.hours import Place
from majlis.studio.planning import plans
from majlis.web import photos
from majlis.web.composer import number
from majlis.web.doors import came_from, goto, sentence_of
from majlis.web.studio import clock, entry_form, expected
from majlis.web.studio.calendar import PART
from majlis.web.studio.chips import chip
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.entry_form import Typed
from majlis.web.studio.frame import frame, path
from majlis.web.studio.shown import pictures_of, shown
from majlis.web.studio.timing import timer
from majlis.web.toasts import toast

_FORM_ONLY: Final = frozenset({"photos", "expect"})


def address(page: OnTeam, entry_id: int | str) -> str:
    """The page of an entry."""
    return path(page.handle, f"entries/{entry_id}")


# writing ------------------------------------------------------------------------------------------


@team(Permission.WRITE, "GET", "POST")
@in_page_time
def new(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Begin an entry; ``?photo=`` begins with one of the library."""
    if request.method == "POST":
        return _save(request, page, None)
    content = entry_form.blank()
    if (photo := number(request.GET.get("photo"))) and photos.own(entry_form.as_page(request, page), [photo]):
        content = _with_photo(content, photo)
    return _page(request, page, None, content)


def _with_photo(content: Content, photo_id: int) -> Content:
    params = replace(content.params, photo_ids=(*content.params.photo_ids, photo_id))
    return msgspec.structs.replace(content, params=params)


@team(Permission.READ, "GET", "POST", changing=Permission.WRITE)
@in_page_time
def entry(request: HttpRequest, page: OnTeam, entry_id: int) -> HttpResponse:
    """The page of an entry; sent, it is saved."""
    found = access.entry(team=page, entry_id=entry_id)
    if request.method == "POST":
        return _save(request, page, found)
    return _page(request, page, found, found.content)


def _save(request: HttpRequest, page: OnTeam, found: Entry | None) -> HttpResponse:
    sent: Typed | None = None
    try:
        sent = entry_form.typed(request, page)
        if {"remove_media", "move_media"} & request.POST.keys() or sent.sent.do in _FORM_ONLY:
            return _page(request, page, found, sent.content, sent=sent)
        entry_id = _saved(page, found, sent)
    except ChangedMeanwhile as error:
        assert sent is not None  # noqa: S101  # it was read before it was saved
        return _conflict(request, page, error, sent)
    except Refused as error:
        if error.status >= 500 or sent is None:
            raise
        return _page(request, page, found, sent.content, sent=sent, error=error)
    messages.success(request, _("Saved."))
    return goto(request, address(page, entry_id))


def _saved(page: OnTeam, found: Entry | None, sent: Typed) -> int:
    if found is None:
        return actions.make(team=page, draft=sent.draft, at=now())
    actions.change(team=page, entry_id=found.id, read_version=sent.read_version, draft=sent.draft, at=now())
    return found.id


def _conflict(request: HttpRequest, page: OnTeam, error: ChangedMeanwhile, sent: Typed) -> HttpResponse:
    """Both texts side by side; hers is in the form, to be saved over the other or brought together with it."""
    present = error.present
    pictures = pictures_of([present.content, sent.content], page_id=page.page_id)
    return _page(
        request,
        page,
        present,
        sent.content,
        sent=sent,
        error=error,
        version=present.version,
        theirs=shown(present.content, pictures),
        mine=shown(sent.content, pictures),
    )


def _page(
    request: HttpRequest,
    page: OnTeam,
    found: Entry | None,
    content: Content,
    *,
    sent: Typed | None = None,
    error: Refused | None = None,
    version: int | None = None,
    **more: Any,
) -> HttpResponse:
    editable = page.may(Permission.WRITE) and (found is None or found.open)
    proposed = _proposed(page, found)
    context = frame(page, PART, entry_form.heading(found), back_url=path(page.handle, PART), **more)
    context["timer"] = timer(page, _place(page, found), entry_id=found.id if found else None)
    if editable:
        context |= entry_form.form_context(
            request,
            page,
            content,
            entry=found,
            title=sent.title if sent else found.title if found else "",
            campaign_id=sent.campaign_id if sent else found.campaign_id if found else None,
            version=version
            if version is not None
            else sent.read_version
            if sent
            else found.version
            if found
            else 0,
            sent=sent.sent if sent else None,
            error=sentence_of(error) if error and not isinstance(error, ChangedMeanwhile) else "",
        ) | expected.beside(page, content.params, due=_asked_hour(request, page, found, proposed))
    if found is not None:
        context |= _about(page, found, proposed)
    context |= {"editable": editable, "may_write": page.may(Permission.WRITE)}
    return render(request, "web/studio/entry.html", context, status=error.status if error else 200)


def _place(page: OnTeam, found: Entry | None) -> Place:
    """Whether she writes here, or reads what waits for her yes."""
    others = found is not None and states.waits(found) and found.changed_by != page.by
    reads = not page.may(Permission.WRITE) or (others and page.may(Permission.APPROVE))
    return Place.APPROVALS if reads else Place.COMPOSER


def _proposed(page: OnTeam, found: Entry | None) -> datetime | None:
    """The hour that the plan proposed for an entry that has none."""
    if found is None or found.due_at or found.queued_at or not found.open:
        return None
    return plans.proposed_hour(page, entry_id=found.id)


def _asked_hour(
    request: HttpRequest, page: OnTeam, found: Entry | None, proposed: datetime | None
) -> datetime | None:
    """The hour that an expectation is for: the one that was typed, else the entry's own, else the plan's."""
    try:
        return clock.moment_of(request.POST.get("if_due", ""), zone=page.time_zone)
    except BadInput:
        return (found.due_at if found else None) or proposed


def _about(page: OnTeam, found: Entry, proposed: datetime | None) -> dict[str, Any]:
    """State, hour, what was said: all beside the form. An hour that the plan proposed stands in the field for it."""
    hour = found.due_at or proposed
    own = page.approval_needed and found.changed_by == page.by
    measured = found.post_id is not None and page.may(Permission.MEASURE)
    waiting = states.lacks_yes(found, approval_needed=page.approval_needed)
    return {
        "entry": found,
        "chip": chip(found, page),
        "shown": shown(found.content, pictures_of([found.content], page_id=page.page_id)),
        "entry_url": address(page, found.id),
        "talk": queries.talk(entries=[found]).get(found.id, []),
        "due_value": moments.on_the_wall(hour, zone=page.time_zone).strftime("%Y-%m-%dT%H:%M")
        if hour
        else "",
        "proposed": proposed,
        "may_publish": page.may(Permission.PUBLISH) and found.open,
        "may_ask": page.may(Permission.WRITE)
        and found.open
        and not states.waits(found)
        and not states.approved(found),
        "may_withdraw": page.may(Permission.WRITE) and found.open and found.asked_at is not None,
        "may_decide": page.may(Permission.APPROVE) and found.open,
        "may_mark": page.may(Permission.WRITE) and found.open,
        "about_safety": found.open and experiments.is_about_safety(entry_id=found.id),
        "own": own,
        "lacks_yes": waiting and found.open,
        "post_url": f"/posts/{found.post_id}" if found.post_id else "",
        "measured_url": path(page.handle, f"posts/{found.post_id}") if measured else "",
        "links_url": path(page.handle, f"links/posts/{found.id}") if measured else "",
        "told": queries.told_of_failure(entry=found) if found.failed_at and not found.post_id else [],
        "figures": _figures(page, found),
        "may_budget": page.may(Permission.BUDGET),
    }


def _figures(page: OnTeam, found: Entry) -> tuple[Figure, ...]:
    """What it took and brought, for who keeps the money."""
    if not page.may(Permission.MONEY):
        return ()
    at = now()
    window = windows.last_days(365, at=at + timedelta(minutes=1), zone=page.time_zone)
    return of_part(results.part(page, window=window, entry_id=found.id))


@team(Permission.READ, "GET")
@in_page_time
def versions(request: HttpRequest, page: OnTeam, entry_id: int) -> HttpResponse:
    """Everything an entry ever said, the newest first."""
    found = access.entry(team=page, entry_id=entry_id)
    said = queries.versions(entry=found)
    pictures = pictures_of((each.content for each in said), page_id=page.page_id)
    context = frame(
        page,
        PART,
        _("Versions"),
        back_url=address(page, found.id),
        entry=found,
        entry_url=address(page, found.id),
        lines=[{"version": each, "shown": shown(each.content, pictures)} for each in said],
        may_restore=page.may(Permission.WRITE) and found.open,
    )
    return render(request, "web/studio/versions.html", context)


@team(Permission.WRITE, "POST")
def add_photos(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Photos taken in while somebody writes: their lines, for the form."""
    ids = entry_form.taken(request, page, "photos", room=16 - len(request.POST.getlist("media_ids")))
    media = photos.own(entry_form.as_page(request, page), ids)
    context = {"media": media, "fresh_input": True, "photos_url": path(page.handle, "entries/photos")}
    return render(request, "web/compose/photos.html", context)


# what the buttons do ------------------------------------------------------------------------------


class Done(NamedTuple):
    """What to say, and where to go then (back to the entry without)."""

    sentence: str | Promise
    address: str = ""


Act = Callable[[HttpRequest, OnTeam, int, datetime], Done]


def _button(needs: Permission, act: Act) -> Callable[..., HttpResponse]:
    """A button of the page of an entry: one action, a word about it, and the page again. What cannot be done
    is said on that page."""

    @team(needs, "POST")
    @in_page_time
    def pressed(request: HttpRequest, page: OnTeam, entry_id: int) -> HttpResponse:
        try:
            done = act(request, page, entry_id, now())
        except NotThere:
            raise
        except Refused as error:
            if error.status >= 500 or request.headers.get("HX-Request"):
                raise
            messages.error(request, sentence_of(error))
            return goto(request, address(page, entry_id))
        messages.success(request, str(done.sentence))
        return goto(request, done.address or address(page, entry_id))

    return pressed


def _ask(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.ask(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("It waits for somebody's yes now."))


def _withdraw(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.withdraw(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("Nobody is asked any more."))


def _decide(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.decide(team=page, entry_id=entry_id, answer=answer_of(request), at=at)
    return Done(said_of(request))


def answer_of(request: HttpRequest) -> Answer:
    """Yes or no, as it was sent."""
    return Answer(
        version=number(request.POST.get("version")) or 0,
        approved=request.POST.get("answer") == "yes",
        text=request.POST.get("text", ""),
    )


def said_of(request: HttpRequest) -> str | Promise:
    """What to say of it."""
    if request.POST.get("answer") == "yes":
        return gettext_lazy("Approved. Whoever changes a word takes that back.")
    return gettext_lazy("You asked for changes.")


def _comment(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.comment(team=page, entry_id=entry_id, text=request.POST.get("text", ""), at=at)
    return Done(gettext_lazy("Your comment stands beside it."))


def _restore(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    version = number(request.POST.get("version")) or 0
    actions.restore(team=page, entry_id=entry_id, version=version, at=at)
    return Done(gettext_lazy("It says again what it said then. What it said meanwhile is kept."))


def _copy(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    made = actions.copy(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("This is the copy: a draft of its own."), address(page, made))


def _discard(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.discard(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("Thrown away. You can bring it back below for thirty days."))


def _bring_back(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.bring_back(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("It is back in the plan."))


def _schedule(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    again = {
        "again_every": number(request.POST.get("again_every")),
        "again_left": number(request.POST.get("again_left")) or 0,
    }
    if request.POST.get("do") == "queue":
        actions.enqueue(team=page, entry_id=entry_id, at=at, **again)  # type: ignore[arg-type]
        return Done(gettext_lazy("It is in the queue and takes the next free hour."))
    due = clock.moment_of(request.POST.get("due", ""), zone=page.time_zone)
    actions.schedule(team=page, entry_id=entry_id, due=due, at=at, **again)  # type: ignore[arg-type]
    return Done(gettext_lazy("It has its hour."))


def _unschedule(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.unschedule(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("It has no hour any more and is a draft again."))


def _earlier(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.one_earlier(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("One place earlier."), path(page.handle, "calendar/queue"))


def _publish(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    actions.publish_now(team=page, entry_id=entry_id, at=at)
    return Done(gettext_lazy("It is out."))


def _add_photo(request: HttpRequest, page: OnTeam, entry_id: int, at: datetime) -> Done:
    found = access.open_entry(team=page, entry_id=entry_id)
    content = _with_photo(found.content, number(request.POST.get("photo")) or 0)
    draft = actions.Draft(content=content, title=found.title, campaign_id=found.campaign_id)
    actions.change(team=page, entry_id=entry_id, read_version=found.version, draft=draft, at=at)
    return Done(gettext_lazy("The photo is in the entry."))


@team(Permission.PUBLISH, "POST")
@in_page_time
def move(request: HttpRequest, page: OnTeam, entry_id: int) -> HttpResponse:
    """Another day, another time of day, or both; what was dragged comes here too, and its undoing."""
    found = access.entry(team=page, entry_id=entry_id)
    due = _moved_to(request, page, found)
    before = actions.move(team=page, entry_id=entry_id, due=due, at=now())
    sentence = _("Moved to %(day)s, %(time)s.") % {
        "day": clock.day_words(clock.today(due, zone=page.time_zone)),
        "time": clock.clock(due),
    }
    if request.headers.get("HX-Request"):
        undo = f"{address(page, entry_id)}/move?to={before.strftime('%Y-%m-%dT%H:%M:%SZ')}" if before else ""
        return toast(HttpResponse(status=204), sentence, undo=undo)
    messages.success(request, sentence)
    return goto(request, came_from(request, path(page.handle, PART)))


def _moved_to(request: HttpRequest, page: OnTeam, found: Entry) -> datetime:
    if exact := request.GET.get("to"):  # undoing: a moment, not a time on the wall
        try:
            wanted = datetime.fromisoformat(exact)
        except ValueError:
            wanted = None
        if wanted is None or wanted.tzinfo is None:
            raise BadInput(_("This is no date and time."), field="due")
        return wanted
    if typed := request.POST.get("due"):
        return clock.moment_of(typed, zone=page.time_zone)
    wall = moments.on_the_wall(found.due_at or now(), zone=page.time_zone)
    day = clock.day_of(request.POST.get("day", "")) or wall.date()
    at_time = clock.time_of(request.POST.get("time", "")) or wall.time()
    return moments.moment(day, at_time, zone=page.time_zone)


_BUTTONS: Final[dict[str, Callable[..., HttpResponse]]] = {
    "ask": _button(Permission.WRITE, _ask),
    "ask-no-more": _button(Permission.WRITE, _withdraw),
    "decide": _button(Permission.APPROVE, _decide),
    "comment": _button(Permission.READ, _comment),
    "restore": _button(Permission.WRITE, _restore),
    "copy": _button(Permission.WRITE, _copy),
    "discard": _button(Permission.WRITE, _discard),
    "bring-back": _button(Permission.WRITE, _bring_back),
    "schedule": _button(Permission.PUBLISH, _schedule),
    "unschedule": _button(Permission.PUBLISH, _unschedule),
    "earlier": _button(Permission.PUBLISH, _earlier),
    "publish": _button(Permission.PUBLISH, _publish),
    "add-photo": _button(Permission.WRITE, _add_photo),
    "move": move,
}

urls: list[URLPattern] = [
    at_path("studio/<str:handle>/entries/new", new),
    at_path("studio/<str:handle>/entries/photos", add_photos),
    at_path("studio/<str:handle>/entries/<id:entry_id>", entry),
    at_path("studio/<str:handle>/entries/<id:entry_id>/versions", versions),
    *(at_path(f"studio/<str:handle>/entries/<id:entry_id>/{name}", view) for name, view in _BUTTONS.items()),
]
