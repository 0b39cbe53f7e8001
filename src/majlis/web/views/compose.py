"""Writing: posts, replies, quotes, articles, drafts, posts for later, and changing what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from majlis.accounts import zones
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed, NotThere, Refused
from majlis.core.paging import Page
from majlis.core.text.html import article_html
from majlis.feeds import lists as feeds
from majlis.people.queries import Viewer
from majlis.posts import access, actions
from majlis.posts import queries as posts
from majlis.posts.composing import MOST_PHOTOS, PostParams
from majlis.posts.queries import DraftView, PostView
from majlis.web import cards, composer, photos
from majlis.web.composer import Sent, number
from majlis.web.doors import goto, member, sentence_of

_ALL = Page(limit=300)
#: The title of an article's draft that has none yet: it makes an article, and nobody sees it.
_UNTITLED: Final = " "


# the empty form -----------------------------------------------------------------------------------


@member("GET", "POST")
def compose(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A page to write on, for a post, a reply (``reply_to``), a quote (``quote``) or a draft."""
    if request.method == "POST":
        return _take(request, viewer)
    begun = _begun(request, viewer)
    if begun.params.is_article:
        return goto(request, f"/articles/new?draft={begun.draft_id}")
    return _form(request, viewer, begun.params, draft_id=begun.draft_id, due=begun.due)


@member("GET", "POST")
def new_article(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A page to write an article on."""
    if request.method == "POST":
        return _take(request, viewer, article=True)
    begun = _begun(request, viewer)
    return _form(request, viewer, begun.params, draft_id=begun.draft_id, due=begun.due, article=True)


class _Begun(NamedTuple):
    """A post as it begins; ``due`` is the hour that a scheduled one waits for."""

    params: PostParams
    draft_id: int | None = None
    due: datetime | None = None


def _begun(request: HttpRequest, viewer: Viewer) -> _Begun:
    """The post as it begins, from the address: a draft, a reply with its mentions, a quote, a mention."""
    if draft_id := number(request.GET.get("draft")):
        draft = posts.draft(by=viewer.id, draft_id=draft_id)
        if draft is None:
            raise NotThere(_("This draft is not there, or not yours."))
        return _Begun(draft.params, draft.id, None if draft.failure else draft.due_at)
    begun = composer.blank(viewer)
    if reply_to := number(request.GET.get("reply_to")):
        begun = _as_reply(begun, reply_to, viewer)
    if quoted := number(request.GET.get("quote")):
        begun = replace(begun, quote_of_id=access.quotable(post_id=quoted, by=viewer.id).id)
    if mentioned := request.GET.get("mention", "")[:320]:
        begun = replace(begun, text=f"@{mentioned.removeprefix('@')} ")
    if text := request.GET.get("text", ""):
        begun = replace(begun, text=text)
    return _Begun(begun)


def _as_reply(begun: PostParams, reply_to: int, viewer: Viewer) -> PostParams:
    """No wider than what it answers; it begins with the names of those who talk there, and its warning."""
    parent = access.replyable(post_id=reply_to, by=viewer.id)
    view = feeds.by_ids(ids=[parent.id], viewer=viewer.id, at=now()).posts[parent.id]
    accts = _talking(view, viewer)
    audience = begun.audience if _WIDTH[parent.audience] >= _WIDTH[begun.audience] else parent.audience
    audience = "mentioned" if audience == "circle" else audience
    return replace(
        begun,
        reply_to_id=parent.id,
        audience=audience,
        warning=parent.warning,
        language=begun.language or parent.language,
        text="".join(f"@{acct} " for acct in accts),
    )


_WIDTH = {"mentioned": 0, "circle": 1, "friends": 2, "followers": 3, "unlisted": 4, "public": 5}


def _talking(parent: PostView, viewer: Viewer) -> list[str]:
    author = feeds.by_ids(ids=[parent.id], viewer=viewer.id, at=now()).people[parent.author_id]
    accts = [author.acct, *(who.acct for who in parent.mentions)]
    return [acct for acct in dict.fromkeys(accts) if acct != viewer.handle]


# what was sent ------------------------------------------------------------------------------------


def _take(request: HttpRequest, viewer: Viewer, *, article: bool = False) -> HttpResponse:
    what = composer.sent(request, viewer)
    try:
        what = _with_uploads(request, viewer, what)
        if {"remove_media", "move_media"} & request.POST.keys() or what.do in ("photos", "preview"):
            return _again(request, viewer, what, article=article)
        if what.do == "draft":
            return _keep(request, viewer, what, article=article)
        if what.problem:
            raise what.problem
        if article and not what.params.title.strip():
            raise BadInput(_("An article needs a title."), field="title")
        return _publish(request, viewer, what)
    except Refused as error:
        if error.status >= 500:
            raise
        return _again(request, viewer, what, article=article, error=error)


def _with_uploads(request: HttpRequest, viewer: Viewer, what: Sent) -> Sent:
    """Photos that came with the form are taken in; what was said about those there already is noted."""
    photos.describe(viewer, what.descriptions)
    files = request.FILES.getlist("photos")
    if len(what.params.photo_ids) + len(files) > MOST_PHOTOS:
        raise BadInput(_("A post takes 16 photos at the most."), field="photos")
    for file in files:
        what = composer.with_photos(what, [photos.take_in(viewer, file)])
    if cover := request.FILES.get("cover_file"):
        what = replace(what, params=replace(what.params, cover_id=photos.take_in(viewer, cover)))
    return what


def _publish(request: HttpRequest, viewer: Viewer, what: Sent) -> HttpResponse:
    at = now()
    if what.due:
        with transaction.atomic():
            _forget_draft(viewer, what)  # first: its photos are free then, and held again for what waits
            actions.schedule(by=viewer.id, params=what.params, due=what.due, at=at, key=what.key)
        return _done(request, _("It waits for its hour."), "/drafts")
    published = actions.publish(by=viewer.id, params=what.params, at=at, key=what.key)
    _forget_draft(viewer, what)
    if request.headers.get("HX-Target") == "feed":
        return _prepended(request, viewer, published.post_id, at=at)
    batch = feeds.by_ids(ids=[published.post_id], viewer=viewer.id, at=at)
    post = batch.posts[published.post_id]
    return goto(request, cards.post_path(batch.author(post), post.id))


def _forget_draft(viewer: Viewer, what: Sent) -> None:
    if what.draft_id and posts.draft(by=viewer.id, draft_id=what.draft_id):
        actions.discard(by=viewer.id, draft_id=what.draft_id)


def _prepended(request: HttpRequest, viewer: Viewer, post_id: int, *, at: datetime) -> HttpResponse:
    """The new card for the top of the feed, and an empty composer in place of the one that was sent."""
    batch = feeds.by_ids(ids=[post_id], viewer=viewer.id, at=at)
    fresh = composer.composer(viewer, composer.blank(viewer), draft_key="home", htmx=True)
    context = {"items": cards.Reading(batch, at=at).items([post_id]), "composer": fresh, "newest": post_id}
    return render(request, "web/home/composed.html", context)


def _keep(request: HttpRequest, viewer: Viewer, what: Sent, *, article: bool) -> HttpResponse:
    """A draft; what waited for its hour waits no longer."""
    params = replace(what.params, title=what.params.title or _UNTITLED) if article else what.params
    with transaction.atomic():
        kept = posts.draft(by=viewer.id, draft_id=what.draft_id) if what.draft_id else None
        if kept and kept.due_at:
            actions.discard(by=viewer.id, draft_id=kept.id)
        present = what.draft_id if not (kept and kept.due_at) else None
        actions.keep_draft(by=viewer.id, params=params, at=now(), draft_id=present)
    return _done(request, _("Kept as a draft."), "/drafts")


def _done(request: HttpRequest, sentence: str, address: str) -> HttpResponse:
    messages.success(request, sentence)
    return goto(request, address)


def _again(
    request: HttpRequest, viewer: Viewer, what: Sent, *, article: bool, error: Refused | None = None
) -> HttpResponse:
    """The form with all that was typed, and what is wrong with it."""
    return _form(
        request, viewer, what.params, draft_id=what.draft_id, article=article, sent=what, error=error
    )


# the page -----------------------------------------------------------------------------------------


def _form(
    request: HttpRequest,
    viewer: Viewer,
    params: PostParams,
    *,
    draft_id: int | None = None,
    due: datetime | None = None,
    article: bool = False,
    edit_of: int | None = None,
    sent: Sent | None = None,
    error: Refused | None = None,
) -> HttpResponse:
    article = article or params.is_article
    more = _around(viewer, params)
    made = composer.composer(
        viewer,
        params,
        draft_key="home"
        if request.headers.get("HX-Request")
        else _draft_key(params, draft_id=draft_id, edit_of=edit_of, article=article),
        action=request.path,
        key=sent.key if sent else "",
        poll_draft=sent.poll_draft if sent else None,
        media=photos.own(viewer, params.photo_ids),
        draft_id=str(draft_id or ""),
        edit_of=str(edit_of or ""),
        scheduled_at=_hour(request, sent.due if sent else due),
        error=sentence_of(error) if error else "",
        polls_allowed=not article,
        htmx=bool(request.headers.get("HX-Request")),
        **more,
    )
    if article:
        made.limit = settings.MAJLIS.article_characters
    context = {
        "composer": made,
        "page_title": _title(params, article=article, edit_of=edit_of),
        "back_url": "/home",
        "here": "write",
        "robots": "noindex",
        "cover": _cover(viewer, params),
        "preview": _preview(params) if sent and sent.do == "preview" else None,
    }
    status = error.status if error else 200
    if request.headers.get("HX-Request"):
        return _in_its_box(request, context, status=422 if error else 200)
    return render(
        request, "web/compose/article.html" if article else "web/compose/compose.html", context, status=status
    )


def _hour(request: HttpRequest, due: datetime | None) -> str:
    """When it is to appear, in the time zone of this page; what cannot be read stays as it was typed."""
    return zones.for_input(due) if due else request.POST.get("scheduled_at", "")


def _in_its_box(request: HttpRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The composer of the page she is on, with what was typed, in place of the one that was sent."""
    response = render(request, "web/compose/composer_box.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer-box", "innerHTML"
    return response


def _draft_key(params: PostParams, *, draft_id: int | None, edit_of: int | None, article: bool) -> str:
    """What the browser keeps the words under: each reply, edit and draft has its own."""
    for name, id_ in (
        ("edit", edit_of),
        ("draft", draft_id),
        ("reply", params.reply_to_id),
        ("quote", params.quote_of_id),
    ):
        if id_:
            return f"{name}-{id_}"
    return "article" if article else "compose"


def _title(params: PostParams, *, article: bool, edit_of: int | None) -> str:
    if edit_of:
        return _("Edit")
    if article:
        return _("Write an article")
    return _("Reply") if params.reply_to_id else _("Write a post")


def _around(viewer: Viewer, params: PostParams) -> dict[str, Any]:
    """The post that is answered, as a card, and the one that is quoted."""
    wanted = [id_ for id_ in (params.reply_to_id, params.quote_of_id) if id_]
    if not wanted:
        return {}
    batch = feeds.by_ids(ids=wanted, viewer=viewer.id, at=now())
    reading = cards.Reading(batch, at=now())
    answered, quoted = batch.posts.get(params.reply_to_id or 0), batch.posts.get(params.quote_of_id or 0)
    return {
        "reply_to": reading.quote(answered) if answered else None,
        "quote": reading.quote(quoted) if quoted else None,
    }


def _cover(viewer: Viewer, params: PostParams) -> cards.Media | None:
    found = photos.own(viewer, [params.cover_id]) if params.cover_id else []
    return found[0] if found else None


def _preview(params: PostParams) -> dict[str, Any]:
    """The article as it would look; mentions are not looked up for it."""
    html = article_html(
        params.text, mentions={}, tag_url=addresses.tag_url, image_prefixes=(addresses.media_url(""),)
    )
    return {
        "title": params.title,
        "html": html,
        "reading_minutes": max(1, round(len(params.text.split()) / 200)),
    }


@member("POST")
def add_photos(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Photos taken in while she writes: their lines with alt text and focus, for the composer."""
    if len(request.POST.getlist("media_ids")) + len(request.FILES.getlist("photos")) > MOST_PHOTOS:
        raise BadInput(_("A post takes 16 photos at the most."), field="photos")
    made = [photos.take_in(viewer, file) for file in request.FILES.getlist("photos")]
    return render(
        request, "web/compose/photos.html", {"media": photos.own(viewer, made), "fresh_input": True}
    )


# editing ------------------------------------------------------------------------------------------


@member("GET", "POST")
def edit(request: HttpRequest, viewer: Viewer, post_id: int) -> HttpResponse:
    """Change one's own post."""
    present = _present(viewer, post_id)
    if request.method == "GET":
        return _form(request, viewer, present, edit_of=post_id)
    what = _as_edit(composer.sent(request, viewer), present)
    try:
        what = _with_uploads(request, viewer, what)
        if {"remove_media", "move_media"} & request.POST.keys() or what.do in ("photos", "preview"):
            return _form(request, viewer, what.params, edit_of=post_id, sent=what)
        actions.edit(
            by=viewer.id, post_id=post_id, params=what.params, at=now(), descriptions=what.descriptions
        )
    except Refused as error:
        if error.status >= 500 or isinstance(error, NotThere):
            raise
        return _form(request, viewer, what.params, edit_of=post_id, sent=what, error=error)
    messages.success(request, _("Changed. What it said before stays readable."))
    return goto(request, f"/posts/{post_id}")


def _as_edit(what: Sent, present: PostParams) -> Sent:
    """What a form for editing does not show stays as it was: what is answered and quoted, who may quote."""
    return replace(
        what,
        params=replace(
            what.params,
            reply_to_id=present.reply_to_id,
            quote_of_id=present.quote_of_id,
            may_quote=present.may_quote,
            # a poll that is sent again begins again, so one that was not touched is not sent
            poll=None if _same_poll(what.params, present) else what.params.poll,
        ),
    )


def _same_poll(typed: PostParams, present: PostParams) -> bool:
    if typed.poll is None or present.poll is None:
        return False
    return (typed.poll.options, typed.poll.multiple) == (present.poll.options, present.poll.multiple)


def _present(viewer: Viewer, post_id: int) -> PostParams:
    """A post of hers as the parameters it would be made of.

    Raises:
        NotThere: not there, or not hers.
    """
    try:
        post = access.own(post_id=post_id, by=viewer.id, lock=False)
    except NotAllowed as error:
        raise access.not_there() from error
    view = posts.hydrate([post_id])[post_id]
    return PostParams(
        text=post.text,
        audience=post.audience,
        circle_id=post.circle_id,
        title=post.title,
        warning=post.warning,
        sensitive=post.sensitive,
        language=post.language,
        reply_to_id=post.reply_to_id,
        quote_of_id=post.quote_of_id,
        photo_ids=tuple(photo.id for photo in view.photos),
        cover_id=post.cover_id,
        poll=composer.poll_params(view.poll, at=now()) if view.poll else None,
        may_reply=post.may_reply,
        may_quote=post.may_quote,
    )


# drafts -------------------------------------------------------------------------------------------


@member("GET")
def drafts(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What she keeps, and what waits for its hour."""
    waiting = posts.scheduled(by=viewer.id, page=_ALL)
    context = {
        "drafts": [_line(draft) for draft in posts.drafts(by=viewer.id)],
        "scheduled": [
            _line(draft) for draft in sorted(waiting, key=lambda draft: draft.due_at or draft.made_at)
        ],
        "page_title": _("Drafts and scheduled posts"),
        "back_url": "/compose",
        "here": "write",
        "robots": "noindex",
    }
    return render(request, "web/compose/drafts.html", context)


def _line(draft: DraftView) -> dict[str, Any]:
    """A draft with the editor it belongs to."""
    editor = "/articles/new" if draft.params.is_article else "/compose"
    return {
        "draft": draft,
        "words": draft.params.title.strip() or draft.params.text,
        "url": f"{editor}?draft={draft.id}",
        "hour": zones.for_input(draft.due_at),
    }


@member("POST")
def discard(request: HttpRequest, viewer: Viewer, draft_id: int) -> HttpResponse:
    """Throw a draft or a scheduled post away."""
    actions.discard(by=viewer.id, draft_id=draft_id)
    return _done(request, _("Thrown away."), "/drafts")


@member("POST")
def reschedule(request: HttpRequest, viewer: Viewer, draft_id: int) -> HttpResponse:
    """Another hour for what waits."""
    due = composer.due(request.POST.get("scheduled_at", ""), request.POST.get("time_zone", ""))
    if due is None:
        raise BadInput(_("This is no date and time."), field="scheduled_at")
    actions.reschedule(by=viewer.id, draft_id=draft_id, due=due, at=now())
    return _done(request, _("It waits for its new hour."), "/drafts")
