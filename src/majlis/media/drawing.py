"""Drawing a plot for a file, in a bounded process of its own that is gone afterwards."""

from __future__ import annotations

from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow
from majlis.media.alone import Alone, Undone, fonts

Form = Literal["png", "svg"]
_alone: Final = Alone("majlis.media.drawing_child", seconds=45)


def draw(*, spec: bytes, form: Form) -> bytes:
    """The picture of a Vega-Lite specification.

    Raises:
        NotNow: others are being drawn, or this one took too long or too much.
    """
    try:
        return _alone.run(form, fonts(), given=spec)
    except Undone as error:
        raise NotNow(
            _("The picture cannot be drawn just now. Please try again in a minute; the table is there."),
            code="not_drawn", cause=str(error),
        ) from error  # fmt: skip
