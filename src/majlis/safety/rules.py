"""The rules of the house, for reading."""

from __future__ import annotations

from dataclasses import dataclass

from majlis.safety.models import Rule


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in both languages; the Arabic is empty where the operator wrote none."""

    id: int
    text: str
    hint: str
    text_ar: str
    hint_ar: str


def rules() -> list[RuleView]:
    """The rules in force, in their order."""
    found = Rule.objects.filter(withdrawn_at=None).order_by("position", "id")
    return [RuleView(*row) for row in found.values_list("id", "text", "hint", "text_ar", "hint_ar")]
