"""What a client sends, in whichever form: query, JSON, urlencoded or multipart, as one nested mapping.

Forms write nesting and lists as Rails does: ``media_ids[]=1``, ``poll[options][]=a``,
``fields_attributes[0][name]=x``, ``keywords_attributes[][keyword]=y``. What comes out is what the same
request as JSON would have given, except that every leaf is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import BadInput, Refused, TooLarge

MEGABYTE: Final = 1024 * 1024
MOST_FIELDS: Final = 1_000
DEEPEST_NAME: Final = 8

_NAME: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_PART: Final = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Sent:
    """Everything a request brought. Files are closed by whoever read them."""

    values: Mapping[str, Any]
    files: Mapping[str, UploadedFile[Any]] = field(default_factory=dict)

    def close(self) -> None:
        """Give back the temporary files."""
        for file in self.files.values():
            file.close()


def read_query(request: HttpRequest) -> dict[str, Any]:
    """The query string alone."""
    return _nested(_pairs(request.META.get("QUERY_STRING", "")))


def read(request: HttpRequest, *, largest: int = MEGABYTE) -> Sent:
    """Query and body; what stands in both is taken from the body. GET has no body.

    Raises:
        BadInput: the body is not what its type says, or its names contradict each other.
        TooLarge: more than ``largest`` bytes, a thousand fields or a hundred files.
    """
    query = read_query(request)
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return Sent(query)
    _check_length(request, largest)
    try:
        body = _read_body(request)
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
        raise _too_large(str(error)) from error
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
        raise _malformed(str(error)) from error
    return Sent({**query, **body.values}, body.files)


def _check_length(request: HttpRequest, largest: int) -> None:
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (stated.isascii() and stated.isdecimal()) or len(stated) > 15:
        raise _malformed(f"Content-Length {stated[:40]!r}")
    if int(stated) > largest:
        raise _too_large(f"{stated} bytes")


def _read_body(request: HttpRequest) -> Sent:
    if request.content_type == "application/json" or (request.content_type or "").endswith("+json"):
        return Sent(_json_object(request.body))
    if request.content_type == "application/x-www-form-urlencoded":
        return Sent(_nested(_pairs(request.body.decode("utf-8", "replace"))))
    if request.content_type == "multipart/form-data":
        fields, files = MultiPartParser(request.META, request, request.upload_handlers, "utf-8").parse()
        return Sent(_nested(_in_turn(fields)), _last_files(files))
    return Sent({})


def _json_object(body: bytes) -> dict[str, Any]:
    value = json.decode(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise BadInput(_("The data sent is not what is expected here."), cause="not an object")
    return value


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise _too_large(str(error)) from error


def _in_turn(fields: QueryDict) -> Iterator[tuple[str, str]]:
    """The first value of each field, then the second of each: Django groups by name, and the items of
    ``keywords_attributes[][…]`` have to come one after the other."""
    lists = list(fields.lists())
    for place in range(max((len(values) for _name, values in lists), default=0)):
        for name, values in lists:
            if place < len(values):
                yield name, str(values[place])


def _last_files(files: MultiValueDict[str, UploadedFile[Any]]) -> dict[str, UploadedFile[Any]]:
    last: dict[str, UploadedFile[Any]] = {}
    for name, given in files.lists():
        for file in given[:-1]:
            file.close()
        last[name] = given[-1]
    return last


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    top: dict[str, Any] = {}
    for name, value in pairs:
        path = _path(name)
        if len(path) > DEEPEST_NAME:
            raise _malformed(f"a name of {len(path)} parts")
        _place(top, path, value)
    return top


def _path(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    return [match[1], *_PART.findall(match[2])] if match else [name]


def _place(node: dict[str, Any], path: list[str], value: str) -> None:
    key, rest = path[0], path[1:]
    if not rest:
        if isinstance(node.get(key), dict | list):
            raise _malformed(f"{key} is both a value and more")
        node[key] = value
    elif rest[0]:
        _place(_child(node, key, dict), rest, value)
    elif len(rest) == 1:
        _child(node, key, list).append(value)
    else:
        _place(_item(_child(node, key, list), rest[1:]), rest[1:], value)


def _child(node: dict[str, Any], key: str, kind: type) -> Any:
    child = node.setdefault(key, kind())
    if not isinstance(child, kind):
        raise _malformed(f"{key} is two things at once")
    return child


def _item(items: list[Any], path: list[str]) -> dict[str, Any]:
    """The item of a list that a field belongs to: a new one begins when the field is there already."""
    if not items or not isinstance(items[-1], dict) or _has(items[-1], path):
        items.append({})
    last: dict[str, Any] = items[-1]
    return last


def _has(node: Any, path: list[str]) -> bool:
    for part in path:
        if not part:
            return False  # a list takes more
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


def _malformed(cause: str) -> BadInput:
    return BadInput(_("The data sent is not what is expected here."), code="malformed", cause=cause)


def _too_large(cause: str) -> Refused:
    return TooLarge(_("The data sent is too large."), cause=cause)
