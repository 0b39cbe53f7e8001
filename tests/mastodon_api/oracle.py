"""The published shape of every entity, as a list of facts: what is required, of which type.

Read from ``mastodon/entities.tsv`` and ``endpoints.tsv`` of the shared data, which never ship.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_PLAIN: Final = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "OAuthScopes": list,
}


@dataclass(frozen=True)
class Field:
    """One field of an entity."""

    name: str
    type: str
    required: bool
    nullable: bool


class Oracle:
    """Checks values against entities."""

    def __init__(self, shared: Path) -> None:
        self.entities: dict[str, list[Field]] = defaultdict(list)
        with (shared / "mastodon" / "entities.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                field = Field(row["field"], row["type"], row["required"] == "yes", row["nullable"] == "yes")
                self.entities[row["entity"]].append(field)

    def problems(self, entity: str, value: Any, where: str = "") -> list[str]:
        """What is wrong with a value that should be such an entity; nothing when all is well."""
        where = where or entity
        if not isinstance(value, dict):
            return [f"{where} is {type(value).__name__}"]
        found = []
        for field in self.entities[entity]:
            if field.name not in value:
                found += [f"{where}.{field.name} is missing"] if field.required else []
            else:
                found += self._of_field(field, value[field.name], f"{where}.{field.name}")
        return found

    def _of_field(self, field: Field, value: Any, where: str) -> list[str]:
        if value is None:
            return [] if field.nullable or "null" in field.type else [f"{where} is null"]
        return self._of_type(field.type.removesuffix("|null"), value, where)

    def _of_type(self, kind: str, value: Any, where: str) -> list[str]:
        if match := re.fullmatch(r"array<(.+)>", kind):
            if not isinstance(value, list):
                return [f"{where} is {type(value).__name__}"]
            return [
                problem
                for place, item in enumerate(value)
                for problem in self._of_type(match[1], item, f"{where}[{place}]")
            ]
        if kind in self.entities:
            return self.problems(kind, value, where)
        wanted = _PLAIN.get(kind, str if kind.endswith("Enum") else object)
        if not isinstance(value, wanted) or (kind == "integer" and isinstance(value, bool)):
            return [f"{where} is {type(value).__name__}, not {kind}"]
        return []


@dataclass(frozen=True)
class Endpoint:
    """One method of one address: ``scopes`` are the alternatives of a user's token, if one is needed."""

    method: str
    path: str
    tier: str
    oauth: str

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(re.findall(r"`([a-z_:]+)`", self.oauth))

    @property
    def needs_member(self) -> bool:
        return self.oauth.startswith("User") and "Public" not in self.oauth

    def address(self, **parts: object) -> str:
        """The address with ids in place of names."""
        return re.sub(r":(\w+)", lambda match: str(parts.get(match[1], 1)), self.path)


def endpoints(shared: Path) -> Iterator[Endpoint]:
    """All published endpoints."""
    with (shared / "mastodon" / "endpoints.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Endpoint(row["method"], row["path"], row["tier"], row["oauth"] or "")
