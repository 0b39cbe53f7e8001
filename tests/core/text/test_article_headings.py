"""Headings of an article begin at the second level and skip none, whatever the writer counted from."""

from __future__ import annotations

import re

import pytest

from majlis.core.text.html import article_html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# a\n\n## b", ["h2", "h3"]),
        ("## a\n\n## b", ["h2", "h2"]),
        ("### a\n\n# b\n\n###### c", ["h2", "h2", "h3"]),
        ("no heading", []),
    ],
)
def test_levels(written: str, shown: list[str]) -> None:
    html = article_html(written, mentions={}, tag_url=lambda key: f"https://m.example/tags/{key}")
    assert re.findall(r"<(h\d)>", html) == shown
