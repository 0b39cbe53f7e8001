"""The common ground of all endpoints: who asks, what was sent, how it is answered.

An endpoint is a function of a :class:`Call` that returns bytes (finished JSON), an :class:`Answer`, or
anything ``core.json`` can write. ``@endpoint(scope)`` says what a token must be allowed; ``route`` gives it
an address. Refusals of the domain become ``{"error": sentence, "code": …}`` with their status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from majlis.accounts import bearers
from majlis.accounts.tokens import Bearer
from majlis.core import addresses, json
from majlis.core.clock import now
from majlis.core.errors import NotAllowed, NotSignedIn, NotThere, Refused, TooMany
from majlis.core.paging import Page, Slice
from majlis.feeds.home import FeedPage
from majlis.feeds.hydration import load_people
from majlis.mastodon_api import bodies, rate
from majlis.mastodon_api.bodies import MEGABYTE, Sent
from majlis.mastodon_api.params import Params, as_id

JSON: Final = "application/json; charset=utf-8"
#: Never repeated in a Link header: the cursors are replaced, and a token has no business in a link.
_NOT_KEPT: Final = frozenset({"max_id", "since_id", "min_id", "access_token"})

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with something beside it: a status other than 200, a Link header, further headers."""

    body: Any
    status: int = 200
    link: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an endpoint. ``viewer`` is the profile that asks, None for nobody and for apps."""

    request: HttpRequest
    params: Params
    bearer: Bearer | None
    viewer: int | None
    at: datetime

    @property
    def me(self) -> int:
        """The profile that asks, where there has to be one.

        Raises:
            NotSignedIn: nobody asks.
        """
        if self.viewer is None:
            raise NotSignedIn(_("This method requires an authenticated user."), code="no_member")
        return self.viewer

    def page(self, *, default: int = 20, most: int = 40) -> Page:
        """The page asked for."""
        return self.params.page(default=default, most=most)

    def link(self, found: Slice[Any]) -> str:
        """The Link header of a page of anything: the address asked, its parameters, other cursors."""
        url = addresses.absolute(self.request.path.rstrip("/"))
        kept = {name: values for name, values in self.request.GET.lists() if name not in _NOT_KEPT}
        return found.link_header(url, kept)

    def feed_link(self, found: FeedPage, page: Page) -> str:
        """The Link header of a page of a feed, whose rules may have left out some of the stretch."""
        more = found.more or page.upward
        return self.link(Slice((), newest=found.newest, oldest=found.oldest, full=more))

    def listed(self, found: Slice[Any], body: Any) -> Answer:
        """A page as an answer."""
        return Answer(body, link=self.link(found))


Endpoint = Callable[Concatenate[Call, Arguments], Any]
View = Callable[..., HttpResponse]


def endpoint(
    scope: str, *, public: bool = False, largest: int | Callable[[], int] = MEGABYTE
) -> Callable[[Endpoint[Arguments]], View]:
    """Make a Django view of an endpoint.

    ``scope``: what a token must be allowed; empty when every token is good enough. ``public``: also
    without a token, and for apps on their own behalf; a token that is given must be good all the same.
    ``largest``: bytes of a body, or what says how many.
    """

    def make(answer: Endpoint[Arguments]) -> View:
        @csrf_exempt
        def view(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            at = now()
            most = largest() if callable(largest) else largest
            headers: dict[str, str] = {}
            sent: Sent | None = None
            try:
                bearer, sent = _identify(request, public=public, largest=most, at=at)
                headers = rate.count(request, token_id=bearer.token_id if bearer else None, at=at)
                viewer = _viewer(bearer, scope=scope, public=public)
                sent = sent or bodies.read(request, largest=most)
                call = Call(request, Params(sent.values, sent.files), bearer, viewer, at)
                response = respond(answer(call, *arguments, **named))
            except Refused as error:
                response = refuse(error)
            finally:
                if sent:
                    sent.close()
            for name, value in headers.items():
                response[name] = value
            return response

        return view

    return make


def _identify(
    request: HttpRequest, *, public: bool, largest: int, at: datetime
) -> tuple[Bearer | None, Sent | None]:
    """Whose token came along: in the header, the query, or a body that is no upload (RFC 6750 section 2).

    The body is read here only when it has to be, so that a stranger's bytes are not worth much work.
    """
    sent = None
    token = bearer_token(request) or str(bodies.read_query(request).get("access_token", ""))
    if not token and request.content_type != "multipart/form-data":
        sent = bodies.read(request, largest=min(largest, MEGABYTE))
        token = str(sent.values.get("access_token", ""))
    if not token:
        if public:
            return None, sent
        raise NotSignedIn(_("The access token is invalid."), code="invalid_token")
    return bearers.require(token, at=at), sent


def bearer_token(request: HttpRequest) -> str:
    """The token of the Authorization header, empty when there is none."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _viewer(bearer: Bearer | None, *, scope: str, public: bool) -> int | None:
    if bearer is None:
        return None
    if scope and not bearer.allows(scope):
        raise NotAllowed(_("This action is outside the authorized scopes."), code="outside_scopes")
    if bearer.profile_id is None:
        if public:
            return None
        raise NotAllowed(_("This method requires an authenticated user."), code="no_member")
    own = load_people([bearer.profile_id]).get(bearer.profile_id)
    if own is None or own.withdrawn:
        raise NotAllowed(_("This profile is not in use."), code="withdrawn")
    return own.id


def respond(result: Any) -> HttpResponse:
    """What an endpoint returned, as a response."""
    if isinstance(result, HttpResponse):
        return result
    answer = result if isinstance(result, Answer) else Answer(result)
    body = answer.body if isinstance(answer.body, bytes) else json.encode(answer.body)
    response = HttpResponse(body, content_type=JSON, status=answer.status)
    if answer.link:
        response["Link"] = answer.link
    for name, value in answer.headers.items():
        response[name] = value
    return response


def refuse(error: Refused) -> HttpResponse:
    """A refusal in the form of the API."""
    body = {"error": error.sentence, "code": error.code}
    response = HttpResponse(json.encode(body), content_type=JSON, status=error.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response


def route(path: str, **methods: View) -> URLPattern:
    """An address with what answers it: ``route("api/v1/lists/<list_id>", GET=show, PUT=change)``.

    A trailing slash is forgiven. ``<…_id>`` reaches the endpoint as a number, nonsense as an id
    that nothing has; other parts as text. PATCH does what PUT does, and the reverse; HEAD what GET does.
    Views that are no endpoints (registration) can stand here too.
    """
    views = dict(methods)
    for one, other in (("PUT", "PATCH"), ("PATCH", "PUT"), ("GET", "HEAD")):
        if one in views:
            views.setdefault(other, views[one])
    pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path.replace(".", r"\."))
    return re_path(rf"^{pattern}/?\Z", csrf_exempt(partial(_dispatch, views)))


def _dispatch(views: dict[str, View], request: HttpRequest, **parts: str) -> HttpResponse:
    view = views.get(request.method or "")
    if view is None:
        response = refuse(Refused(_("This address does not take this method."), code="method"))
        response.status_code = 405
        response["Allow"] = ", ".join(sorted(views))
        return response
    numbered: dict[str, Any] = {
        name: as_id(value) if name.endswith("_id") else value for name, value in parts.items()
    }
    return view(request, **numbered)


def unknown(request: HttpRequest, **_parts: str) -> HttpResponse:
    """What no endpoint answers."""
    return refuse(NotThere(_("This address does not exist.")))
