"""The published list of endpoints: which there are, who needs them, what a token must be allowed.

Read from ``mastodon/endpoints.tsv`` of the shared data, which never ships.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from majlis.accounts import scopes as scope_rules


@dataclass(frozen=True)
class Endpoint:
    """One method of one address."""

    method: str
    path: str
    tier: str
    oauth: str

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that are named; one of them is enough."""
        return tuple(name for name in re.findall(r"`([a-z_:]+)`", self.oauth) if name in scope_rules.ALL)

    @property
    def needs_member(self) -> bool:
        """Whether nobody is answered without a member's token."""
        return self.oauth.startswith("User") and "Public" not in self.oauth

    def at(self, **parts: object) -> str:
        """The address with its names filled in; names that are not given become 4711, which nothing has."""
        return re.sub(r"(?<=/):(\w+)", lambda match: str(parts.get(match[1], 4711)), self.path)


def endpoints(shared: Path) -> list[Endpoint]:
    """All of them."""
    with (shared / "mastodon" / "endpoints.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Endpoint(row["method"], row["path"], row["tier"], row["oauth"] or "") for row in rows]
