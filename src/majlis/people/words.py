"""Text that members type about themselves and others, made fit to keep."""

from __future__ import annotations

from majlis.core.text.bidi import balanced, without_bidi_marks
from majlis.core.text.clean import clean_text
from majlis.core.text.length import MOST_CODE_POINTS, require_length, too_long


def one_line(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """A name or title: one line, single spaces, no mark that turns the text around it.

    Raises:
        BadInput: empty although required, or longer than ``longest`` code points.
    """
    if len(text) > longest * MOST_CODE_POINTS:  # before it is read
        raise too_long(most=longest, field=field)
    line = " ".join(without_bidi_marks(clean_text(text)).split())
    require_length(line, most=longest, field=field, least=1 if required else 0)
    if len(line) > longest:  # the column counts code points
        raise too_long(most=longest, field=field)
    return line


def many_lines(text: str, *, field: str, longest: int) -> str:
    """A longer text with its lines, every mark of direction that it opens closed.

    Raises:
        BadInput: longer than ``longest`` characters as people see them.
    """
    if len(text) > longest * MOST_CODE_POINTS:  # before it is read
        raise too_long(most=longest, field=field)
    text = balanced(clean_text(text)).strip()
    require_length(text, most=longest, field=field)
    return text
