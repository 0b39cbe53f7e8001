"""What the columns of a plan are called, in the languages of the house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.core.text.arabic import fold

#: Every column, in the order in which a plan is written; the words above it.
HEADINGS: Final[dict[str, str | Promise]] = {
    "date": pgettext_lazy("column of a plan", "Date"),
    "time": pgettext_lazy("column of a plan", "Time"),
    "text": pgettext_lazy("column of a plan", "Text"),
    "link": pgettext_lazy("column of a plan", "Link"),
    "image": pgettext_lazy("column of a plan", "Picture"),
    "campaign": pgettext_lazy("column of a plan", "Campaign"),
    "audience": pgettext_lazy("column of a plan", "Audience"),
    "language": pgettext_lazy("column of a plan", "Language"),
    "title": pgettext_lazy("column of a plan", "Title"),
    "warning": pgettext_lazy("column of a plan", "Warning"),
    "thread": pgettext_lazy("column of a plan", "Thread"),
    "comment": pgettext_lazy("column of a plan", "First comment"),
    "state": pgettext_lazy("column of a plan", "State"),
}
_CALLED: Final[dict[str, str]] = {
    "date": "date day datum تاريخ يوم",
    "time": "time hour at وقت ساعة توقيت",
    "text": "text post caption content message copy نص منشور محتوى رسالة",
    "link": "link url address رابط عنوان_الرابط",
    "image": "image picture photo file media image_url صورة صور ملف_الصورة",
    "campaign": "campaign حملة",
    "audience": "audience visibility for جمهور لمن",
    "language": "language lang لغة",
    "title": "title headline عنوان",
    "warning": "warning content_warning cw تحذير تحذير_المحتوى",
    "thread": "thread further_parts سلسلة تتمة",
    "comment": "comment first_comment تعليق اول_تعليق",
    "state": "state status حالة",
}
_ARTICLE: Final = re.compile(r"(^|_)ال(?=\w{2})")
_BETWEEN: Final = re.compile(r"[\s_\-*:]+")


def _key(name: str) -> str:
    """One form of a heading: case, hamza, article, spaces and stars do not matter."""
    joined = _BETWEEN.sub("_", fold(name.replace("\ufeff", "")).strip()).strip("_")
    return _ARTICLE.sub(r"\1", joined)


_BY_NAME: Final = {_key(word): column for column, words in _CALLED.items() for word in words.split()}


def columns_of(headings: Sequence[str]) -> list[str | None]:
    """Which column each heading names; None for an empty heading, whose cells are not read.

    Raises:
        BadInput: one is unknown or there twice, or there is no column for the text.
    """
    found = [_BY_NAME.get(_key(name)) if _key(name) else None for name in headings]
    unknown = [
        name.strip()[:60] for name, column in zip(headings, found, strict=True) if _key(name) and not column
    ]
    named = [column for column in found if column]
    if "text" not in named:
        raise BadInput(_no_text(unknown), code="columns", field="file")
    if unknown:
        raise BadInput(_unknown(unknown), code="columns", field="file")
    if len(set(named)) < len(named):
        raise BadInput(_("Two columns have the same name."), code="columns", field="file")
    return found


def _known() -> str:
    return gettext(", ").join(str(words) for words in HEADINGS.values())


def _no_text_now(unknown: Sequence[str]) -> str:
    return gettext(
        "There is no column for the text. The first line of the table names its columns; known are: %(known)s."
    ) % {"known": _known()}


def _unknown_now(unknown: Sequence[str]) -> str:
    return gettext("These columns are not known: %(unknown)s. Known are: %(known)s.") % {
        "unknown": gettext(", ").join(unknown[:10]),
        "known": _known(),
    }


# Translated when they are shown, in the reader's language, not when they are raised.
_no_text: Final = lazy(_no_text_now, str)
_unknown: Final = lazy(_unknown_now, str)
