"""An app that holds every answer of our own API against the document."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from api_client import App
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from majlis.core import json as house
from majlis.mastodon_api import openapi


@cache
def document() -> dict[str, Any]:
    """The document as it leaves the house."""
    found: dict[str, Any] = json.loads(house.encode(openapi.in_language("en")))
    return found


@cache
def _registry() -> Registry[Any]:
    made: Resource[Any] = Resource.from_contents(document(), default_specification=DRAFT202012)
    return Registry().with_resource("document", made)


def schema_of(method: str, path: str, status: int) -> tuple[str, Any]:
    """The operation of a request, and the schema of its answer."""
    for template, methods in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in methods:
            if "{" in template and any(path == other for other in document()["paths"]):
                continue
            told = methods[method.lower()]
            answer = told["responses"].get(str(status)) or told["responses"]["default"]
            assert str(status) in told["responses"] or status >= 400, (
                f"{told['operationId']} answers {status}"
            )
            return told["operationId"], answer["content"]
    raise AssertionError(f"{method} {path} is not described")


def faults(method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer."""
    name, content = schema_of(method, path, status)
    schema = json.loads(
        json.dumps(content["application/json"]["schema"]).replace("#/components", "document#/components")
    )
    found = Draft202012Validator(schema, registry=_registry()).iter_errors(body)
    return [f"{name} {status}: {each.json_path}: {each.message}"[:400] for each in found]


class DescribedApp(App):
    """Every answer is looked at; ``seen`` are the operations whose good answers were."""

    seen: set[str] = set()  # of all apps together

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = super().call(method, path, **options)
        plain = path.partition("?")[0]
        if plain.startswith(("/api/v1/studio", "/api/v1/pages", "/api/v1/majlis")):
            name, content = schema_of(method, plain, answer.status_code)
            if "application/json" in content:
                assert faults(method, plain, answer.status_code, answer.json()) == []
            if answer.status_code < 300:
                self.seen.add(name)
        return answer
