"""The report of a month on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from majlis.media import printing

_TEMPLATE: Final = Path(__file__).with_name("report.typ")


def printed(document: dict[str, Any]) -> bytes:
    """The PDF of a document as :mod:`majlis.studio.owner.document` makes it.

    Raises:
        NotNow: others are being set, or this one took too long or too much.
    """
    return printing.printed(template=_TEMPLATE, document=document)
