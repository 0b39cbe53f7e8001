"""Setting a document as a PDF, in a bounded process of its own that is gone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import NotNow
from majlis.media.alone import Alone, Undone, fonts

_alone: Final = Alone("majlis.media.printing_child", seconds=60)


def printed(*, template: Path, document: dict[str, Any]) -> bytes:
    """The PDF (PDF/UA-1: tagged, for screen readers) of a document: ``template`` is typst, a file of the house, and reads
    the document as data (``sys.inputs.data``, JSON); nothing in that is markup.

    Raises:
        NotNow: others are being set, or this one took too long or too much.
    """
    try:
        return _alone.run(str(template), fonts(), given=json.encode(document))
    except Undone as error:
        raise NotNow(
            _("The report cannot be printed just now. Please try again in a minute; the page of it is there."),
            code="not_printed", cause=str(error),
        ) from error  # fmt: skip
