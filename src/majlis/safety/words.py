"""Text that members and operators write here: cleaned, never longer than it may be, plain.

It is kept as typed and escaped wherever it is shown (Mastodon showed report comments to moderators
unescaped, MASTO-346); only announcements become HTML, through the sanitiser.
"""

from __future__ import annotations

from majlis.core.text.bidi import balanced
from majlis.core.text.clean import clean_text
from majlis.core.text.length import MOST_CODE_POINTS, require_length, too_long


def plain(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """The text with its lines, every mark of direction that it opens closed.

    Raises:
        BadInput: empty although required, or longer than ``longest`` characters as people see them.
    """
    if len(text) > longest * MOST_CODE_POINTS:  # before it is read
        raise too_long(most=longest, field=field)
    text = balanced(clean_text(text)).strip()
    require_length(text, most=longest, field=field, least=1 if required else 0)
    return text
