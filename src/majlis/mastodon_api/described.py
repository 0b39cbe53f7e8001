"""What an endpoint says of itself, once: what it is for, what it takes, what it answers.

The same declaration reads what was sent and makes the document (``openapi.py``), so the two cannot differ:

    @own("read:accounts", says=_("…"), takes=Window, gives=Measured)
    def show(call: Call, sent: Window) -> Measured: …

Fields of ``takes`` come from the query or the body. One that has a default need not be sent; ``null`` is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Concatenate, Final, TypedDict, TypeVar, Unpack

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.accounts import repeats
from majlis.core import json
from majlis.core.errors import BadInput
from majlis.core.paging import HIGHEST
from majlis.mastodon_api.bodies import MEGABYTE
from majlis.mastodon_api.params import as_id
from majlis.mastodon_api.request import JSON, Answer, Arguments, Call, View, endpoint, respond

T = TypeVar("T", bound=msgspec.Struct)

Key = Annotated[str, Meta(pattern="^[0-9]+$", description="An id")]
"""An id in an answer."""
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""A moment in an answer: UTC, milliseconds, Z."""
Html = Annotated[str, Meta(description="Sanitised HTML")]
AccountJson = Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/Account"})]
When = Annotated[datetime, Meta(tz=True)]
"""A moment that is sent. Its zone is sent with it: which one is meant is nobody's guess."""

_WHERE: Final = re.compile(r"\$\.(\w+)|field `(\w+)`")
_YEARS: Final = range(1970, 9000)
_LARGEST: Final = Decimal(10) ** 15


class Id(int):
    """An id that is sent, as text or number; nonsense becomes an id that nothing has."""


class Nothing(msgspec.Struct, frozen=True):
    """It was done, and there is nothing to say about it."""


NOTHING: Final = Nothing()


class Told(TypedDict, total=False):
    """The keywords of a declaration."""

    says: str | Promise
    takes: type[msgspec.Struct]
    gives: Any
    paged: bool
    once: bool
    conflict: Any
    sends: type[msgspec.Struct]
    file: str
    largest: int | Callable[[], int]


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """``paged``: a page of a list, with a Link header. ``once``: an Idempotency-Key is heeded. ``conflict``: what
    is answered with 409. ``file``: the field of a multipart body that is a file. ``sends``: a body that the endpoint
    reads itself. ``gives`` may be ``"text/csv"``."""

    scope: str
    public: bool = False
    needs: str = ""
    says: str | Promise = ""
    takes: type[msgspec.Struct] | None = None
    gives: Any = Nothing
    paged: bool = False
    once: bool = False
    conflict: Any = None
    sends: type[msgspec.Struct] | None = None
    file: str = ""
    largest: int | Callable[[], int] = MEGABYTE

    def read(self, call: Call) -> Any:
        """What was sent, as the one argument of the endpoint; none for one that takes nothing.

        Raises:
            BadInput: it is not what is expected; the sentence names the field.
        """
        return (read(self.takes, call.params.values),) if self.takes else ()

    def answer(self, call: Call, do: Callable[[], Any]) -> Any:
        """What the endpoint answers, or what it answered when this was asked with the same key before. In the
        caller's transaction."""
        key = call.request.headers.get("Idempotency-Key", "") if self.once else ""
        if not key:
            return do()
        asked = json.encode([call.request.method, call.request.path, call.params.values])
        kept = repeats.before(profile_id=call.me, key=key, asked=asked, at=call.at)
        if kept is not None:
            return HttpResponse(kept, content_type=JSON)
        response = respond(do())
        if response.status_code < 300:
            repeats.keep(profile_id=call.me, key=key, answer=response.content)
        return response


Own = Callable[Concatenate[Call, Arguments], Any]


def own(
    scope: str, *, public: bool = False, writes: bool = False, **told: Unpack[Told]
) -> Callable[[Own[Arguments]], View]:
    """An endpoint of our own that no team's door guards. With ``writes`` it is one transaction."""

    def make(answer: Own[Arguments]) -> View:
        description = Description(scope=scope, public=public, **told)

        @endpoint(scope, public=public, largest=description.largest)
        def asked(call: Call, *arguments: Any, **named: Any) -> Any:
            do = partial(answer, call, *description.read(call), *arguments, **named)
            if not writes:
                return do()
            with transaction.atomic():
                return description.answer(call, do)

        return described(asked, answer, description)

    return make


def described(asked: View, answer: Callable[..., Any], description: Description) -> View:
    """The view with its description, under the name of the endpoint."""

    def view(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return asked(request, *arguments, **named)

    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.description = description  # type: ignore[attr-defined]
    view.__name__, view.__module__ = answer.__name__, answer.__module__
    return view


def read(kind: type[T], values: Mapping[str, Any]) -> T:
    """What was sent as a struct. Numbers and truths may come as text, as forms send them.

    Raises:
        BadInput: see :meth:`Description.read`.
    """
    names = kind.__struct_fields__
    given = {name: value for name in names if (value := values.get(name)) is not None}
    for name, value in given.items():
        _require_sound(name, value)
    try:
        found = msgspec.convert(given, kind, strict=False, dec_hook=_id)
    except msgspec.ValidationError as error:
        match = _WHERE.search(str(error))
        name = (match[1] or match[2]) if match else "data"
        raise _unfit(name, missing="missing required" in str(error), cause=str(error)) from error
    for name in names:
        _require_sound(name, getattr(found, name))
    return found


def _id(kind: type, value: object) -> object:
    if kind is not Id:
        raise NotImplementedError(kind)
    return Id(as_id(value))


def _require_sound(name: str, value: Any) -> None:
    """Nothing that the database or a calendar cannot hold."""
    if isinstance(value, msgspec.Struct):
        value = [getattr(value, each) for each in value.__struct_fields__]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for each in value:
            _require_sound(name, each)
    elif not _is_sound(value):
        raise _unfit(name, missing=False, cause=repr(value)[:80])


def _is_sound(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < _LARGEST and int(value.as_tuple().exponent) >= -15
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, int):
        return abs(value) <= HIGHEST
    return value.year in _YEARS if isinstance(value, date) else True


def _unfit(name: str, *, missing: bool, cause: str) -> BadInput:
    sentence = _("{field} is needed.") if missing else _("{field} is not what is expected here.")
    return BadInput(format_lazy(sentence, field=name), field=name, cause=cause)


def conflict(error: Any, body: Any) -> Answer:
    """A refusal that says more than its sentence."""
    return Answer(body, status=error.status)
