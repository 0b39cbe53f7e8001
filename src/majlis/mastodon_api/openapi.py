"""The document of our own API (OpenAPI 3.1), made from the addresses and what stands behind them.

Nothing in it is written a second time: addresses come from ``urls.FAMILIES``, everything else from the declaration
that an endpoint is read by (``described.py``) and from the structs that it takes and gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import get_language, override

from majlis.accounts import scopes
from majlis.core import addresses, json
from majlis.mastodon_api.described import Description, Id
from majlis.mastodon_api.entities.account import Account
from majlis.mastodon_api.entities.instance import VERSION
from majlis.mastodon_api.request import JSON, View, respond, route

ADDRESS: Final = "/api/openapi.json"
_PAGING: Final = ("max_id", "since_id", "min_id")
_LICENSE: Final = "AGPL-3.0-or-later"
_REF: Final = "#/components/schemas/{name}"
_BROAD: Final = re.compile(r"studio(:|$)|(read|write):(accounts|reports)$")


class Refusal(msgspec.Struct, frozen=True):
    """What is refused: a sentence for people in the language asked for, and a word for programs."""

    error: str
    code: str


class Operation(NamedTuple):
    """A method of an address, and what it says of itself."""

    method: str
    path: str
    view: Any
    description: Description

    @property
    def family(self) -> str:
        """To which part it belongs: the file it stands in."""
        return str(self.view.__module__).rpartition(".")[2]

    @property
    def id(self) -> str:
        """Its name in the document."""
        return f"{self.family}_{self.view.__name__}"


def operations(families: Iterable[Iterable[URLPattern]]) -> Iterator[Operation]:
    """Every endpoint that says something of itself. PATCH does what PUT does and is not told again."""
    for pattern in (pattern for family in families for pattern in family):
        for path, method, view in addressed(pattern):
            description = getattr(view, "description", None)
            if description is not None and method not in ("HEAD", "PATCH"):
                yield Operation(method, path, view, description)


def addressed(pattern: URLPattern) -> Iterator[tuple[str, str, View]]:
    """The methods of an address that ``route`` made, with names in braces."""
    path = re.sub(r"\(\?P<(\w+)>\[\^/\]\+\)", r"{\1}", str(pattern.pattern))
    path = "/" + path.removeprefix("^").removesuffix(r"/?\Z").replace(r"\.", ".")
    partial: Any = getattr(pattern.callback, "__wrapped__", None)
    if partial is not None:
        yield from ((path, method, view) for method, view in partial.args[0].items())


def document(families: Iterable[Iterable[URLPattern]]) -> dict[str, Any]:
    """The document, in the language that is active."""
    found = list(operations(families))
    schemas, components = _schemas(found)
    paths: dict[str, dict[str, Any]] = {}
    for each in found:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Majlis", "version": VERSION, "license": {"name": _LICENSE, "identifier": _LICENSE}},
        "servers": [{"url": addresses.absolute("")}],
        "tags": [{"name": name} for name in dict.fromkeys(each.family for each in found)],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _security()},
    }  # fmt: skip


def _schemas(found: list[Operation]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """The schema of each type, and those that they name."""
    types: list[Any] = [Refusal, Account]
    for each in found:
        said = each.description
        types += [kind for kind in (said.takes, said.sends, said.conflict) if kind is not None]
        types += [] if isinstance(said.gives, str) else [said.gives]
    types = list(dict.fromkeys(types))
    made, components = msgspec.json.schema_components(types, schema_hook=_schema_of_id, ref_template=_REF)
    return dict(zip(types, made, strict=True)), components


def _schema_of_id(kind: type) -> dict[str, Any]:
    if kind is not Id:
        raise NotImplementedError(kind)
    return {"type": ["string", "integer"], "pattern": "^[0-9]+$"}


def _operation(each: Operation, schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    said = each.description
    made: dict[str, Any] = {
        "operationId": each.id,
        "tags": [each.family],
        "summary": str(said.says),
        "security": [{"oauth": [said.scope]}, *([{}] if said.public else [])],
        "parameters": [*_of_path(each.path), *_of_query(each, schemas), *_of_headers(said)],
        "responses": _responses(said, schemas),
    }
    if said.needs:
        made["x-team-permission"] = said.needs
    body = _body(each, schemas)
    return made | ({"requestBody": body} if body else {})


def _of_path(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        }


def _of_query(each: Operation, schemas: dict[Any, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    said = each.description
    if said.paged:
        for name in _PAGING:
            yield {"name": name, "in": "query", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
        yield {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    if said.takes and _in_query(each):
        fields = _fields(said.takes)
        for field in msgspec.structs.fields(said.takes):
            yield {
                # lists are written as forms do: tags[]=a&tags[]=b
                "name": f"{field.encode_name}[]"
                if _is_list(fields[field.encode_name])
                else field.encode_name,
                "in": "query",
                "required": field.required,
                "schema": fields[field.encode_name],
            }


def _in_query(each: Operation) -> bool:
    return each.method in ("GET", "DELETE")


def _is_list(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "array"


def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schemas of the fields of a struct."""
    _ref, components = msgspec.json.schema_components([kind], schema_hook=_schema_of_id, ref_template=_REF)
    found: dict[str, Any] = components[kind.__name__]["properties"]
    return found


def _of_headers(said: Description) -> Iterator[dict[str, Any]]:
    if said.once:
        yield {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}


def _body(each: Operation, schemas: dict[Any, dict[str, Any]]) -> dict[str, Any] | None:
    said = each.description
    kind = said.takes or said.sends
    if said.file:
        file = {
            "type": "object",
            "required": [said.file],
            "properties": {said.file: {"type": "string", "format": "binary"}},
        }
        schema = {"allOf": [schemas[kind], file]} if kind else file
        return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    if kind is None or _in_query(each):
        return None
    return {"required": True, "content": {"application/json": {"schema": schemas[kind]}}}


def _responses(said: Description, schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    gives = (
        {said.gives: {"schema": {"type": "string"}}}
        if isinstance(said.gives, str)
        else {"application/json": {"schema": schemas[said.gives]}}
    )
    done: dict[str, Any] = {"description": str(said.says), "content": gives}
    if said.paged:
        done["headers"] = {"Link": {"description": "RFC 8288: next and prev", "schema": {"type": "string"}}}
    refused = {"description": "Refused", "content": {"application/json": {"schema": schemas[Refusal]}}}
    found = {"200": done, "default": refused}
    if said.conflict is not None:
        schema = {"anyOf": [schemas[said.conflict], schemas[Refusal]]}
        found["409"] = {
            "description": "Changed meanwhile",
            "content": {"application/json": {"schema": schema}},
        }
    if said.sends is not None:
        schema = {"anyOf": [schemas[said.gives], schemas[Refusal]]}
        found["422"] = {"description": "None was taken", "content": {"application/json": {"schema": schema}}}
    return found


def _security() -> dict[str, Any]:
    told = {scope: scope for scope in sorted(scopes.OF_MEMBERS) if _BROAD.match(scope)}
    flow = {
        "authorizationUrl": addresses.absolute("/oauth/authorize"),
        "tokenUrl": addresses.absolute("/oauth/token"),
        "scopes": told,
    }
    return {"oauth": {"type": "oauth2", "flows": {"authorizationCode": flow}}}


@cache
def in_language(language: str) -> dict[str, Any]:
    """The document of this server."""
    from majlis.mastodon_api import urls  # noqa: PLC0415  # which names this file

    with override(language):
        return document(urls.FAMILIES)


def here() -> dict[str, Any]:
    """The document in the language that is active, for the readable page."""
    return in_language((get_language() or "en")[:2])


def show(request: HttpRequest) -> HttpResponse:
    """``/api/openapi.json``, in the language asked for; whoever asks."""
    response = respond(json.encode(here()))
    response["Content-Type"] = JSON
    return response


urls: list[URLPattern] = [route("api/openapi.json", GET=show)]
