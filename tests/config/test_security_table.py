"""docs/security.md names every published flaw, and tests that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<id>[^|]+) \| [^|]+ \| (?P<safe>[^|]+) \| (?P<tests>[^|]*)\|$", re.MULTILINE)


def rows() -> Iterator[re.Match[str]]:
    return ROW.finditer((ROOT / "docs" / "security.md").read_text("utf-8"))


def test_every_test_that_is_named_exists() -> None:
    named = [name for row in rows() for name in re.findall(r"`([\w/]+\.py)::(\w+)`", row["tests"])]
    assert len(named) > 200
    missing = {
        (file, name)
        for file, name in named
        if not re.search(rf"^(async )?def {name}\(", (ROOT / "tests" / file).read_text("utf-8"), re.MULTILINE)
    }
    assert not missing


def test_what_has_no_test_waits_for_its_part() -> None:
    untested = [
        row["id"] for row in rows() if not row["tests"].strip() and not row["safe"].startswith("when ")
    ]
    assert not untested


def test_no_published_flaw_is_left_out(shared_data: Path) -> None:
    lines = (shared_data / "security" / "advisories.tsv").read_text("utf-8").splitlines()[1:]
    listed = {row["id"] for row in rows()}
    assert {line.split("\t")[0] for line in lines} - listed == set()
