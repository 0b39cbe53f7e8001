"""The icon sprite: which names exist is read from the file, which of them point is told here."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE: Final = "majlis/icons.svg"
#: Icons that point somewhere turn round in right-to-left text; those that depict a thing do not.
POINTING: Final = frozenset({"reply", "next", "back", "list", "poll", "leave", "quote", "article", "message"})
REACTIONS: Final = ("like", "love", "laugh", "wow", "sad", "angry")


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every icon of the sprite."""
    sprite = Path(__file__).parent / "static" / SPRITE
    return frozenset(re.findall(r'<symbol id="([a-z-]+)"', sprite.read_text("utf-8")))


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> SafeString:
    """The picture alone, hidden from screen readers: its meaning is always said in words beside it."""
    if name not in names():
        raise LookupError(f"There is no icon called {name!r} in {SPRITE}.")
    kind = " icon-points" if name in POINTING else ""
    kind += f" face-icon {name}" if name in REACTIONS else ""
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        kind,
        f" {classes}" if classes else "",
        static(SPRITE),
        name,
    )
