"""Whether an answer is the entity it should be, by the table of Mastodon's entities (``../shared``)."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

_PLAIN = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
}
# Mastodon sends null for "all languages"; its table says so in a column that is set for every optional field.
_MAY_BE_NULL = {"Relationship.languages"}


class Rule(NamedTuple):
    """One field of an entity."""

    type: str
    required: bool


def shared_folder() -> Path:
    """Where the table is, when it is there."""
    beside = Path(__file__).parent.parent.parent.parent / "shared"
    return Path(os.environ.get("MAJLIS_SHARED", beside))


class Entities:
    """The table. Where it is missing nothing is found wrong, and that is said loudly once."""

    def __init__(self, shared: Path) -> None:
        self.rules: dict[str, dict[str, Rule]] = defaultdict(dict)
        if not shared.is_dir():
            sys.stderr.write(
                f"\nNOT RUN: no entity is compared with Mastodon's table, there is no {shared}\n"
            )
            return
        with (shared / "mastodon" / "entities.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                self.rules[row["entity"]][row["field"]] = Rule(row["type"], row["required"] == "yes")

    def faults(self, entity: str, value: Any, where: str = "") -> list[str]:
        """What is missing from or wrong in a value that should be an ``entity``; empty when all is well."""
        where = where or entity
        if not isinstance(value, dict):
            return [f"{where} is {type(value).__name__}, not {entity}"]
        missing = [
            f"{where}.{name} is missing"
            for name, rule in self.rules[entity].items()
            if rule.required and name not in value
        ]
        wrong = [
            fault
            for name, rule in self.rules[entity].items()
            if name in value
            for fault in self._type_faults(rule.type, value[name], f"{where}.{name}")
        ]
        return missing + wrong

    def _type_faults(self, wanted: str, value: Any, where: str) -> list[str]:
        choices = wanted.split("|")
        if value is None:
            return [] if "null" in choices or where in _MAY_BE_NULL else [f"{where} is null"]
        found = [self._one_type(choice, value, where) for choice in choices if choice != "null"]
        return min(found, key=len, default=[])

    def _one_type(self, wanted: str, value: Any, where: str) -> list[str]:
        if match := re.fullmatch(r"array<(.*)>", wanted):
            if not isinstance(value, list):
                return [f"{where} is {type(value).__name__}, not a list"]
            return [
                fault
                for place, item in enumerate(value)
                for fault in self._type_faults(match[1], item, f"{where}[{place}]")
            ]
        if wanted in _PLAIN:
            fits = isinstance(value, _PLAIN[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
            return [] if fits else [f"{where} is {value!r}, not a {wanted}"]
        if wanted.endswith("Enum"):
            return [] if isinstance(value, str) else [f"{where} is {value!r}, not a word"]
        return self.faults(wanted, value, where) if wanted in self.rules else []
