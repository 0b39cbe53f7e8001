"""Typed access to what a client sent. Each getter raises BadInput with a sentence that names the field.

A number given as text and text given as a number are one thing, because forms know only text; a list where
one value is due, or a truth that is neither true nor false, is refused (CVE-2026-27491: coercion is how
permissions were bypassed elsewhere).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.core.paging import HIGHEST, Page

NO_ID: Final = -1
"""What a nonsense id becomes: nothing ever has it, so it is answered like every unknown id. Not 0, which
would read as "none given"."""
MOST_IDS: Final = 100

_TRUE: Final = frozenset({"true", "1", "on", "t", "yes"})
_FALSE: Final = frozenset({"false", "0", "off", "f", "no", ""})
_SIMPLE: Final = (str, int, float)


def as_id(given: object) -> int:
    """An id from outside as a number; :data:`NO_ID` for everything that is none."""
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return NO_ID
    number = int(text)
    return number if number <= HIGHEST else NO_ID


class Params:
    """What was sent, by name. ``none`` and absent are the same, except to :meth:`has`."""

    def __init__(
        self, values: Mapping[str, Any], files: Mapping[str, UploadedFile[Any]] | None = None
    ) -> None:
        self.values = values
        self._files = files or {}

    def has(self, *names: str) -> bool:
        """Whether one of the fields was sent at all, empty or not."""
        return any(name in self.values or name in self._files for name in names)

    def maybe_text(self, name: str) -> str | None:
        """Text, or None when it was not sent. U+0000 is refused: no text of people has it."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, _SIMPLE):
            raise _unfit(name)
        if "\x00" in (text := str(value)):
            raise _unfit(name)
        return text

    def text(self, name: str, default: str = "") -> str:
        """Text, or the default when it was not sent."""
        value = self.maybe_text(name)
        return default if value is None else value

    def maybe_flag(self, name: str) -> bool | None:
        """True or false, also as ``"true"``, ``"1"``, ``"on"`` and their contraries."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        word = str(value).lower() if isinstance(value, str | int) else "neither"
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise BadInput(format_lazy(_("{field} is either true or false."), field=name), field=name)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false, or the default when it was not sent."""
        value = self.maybe_flag(name)
        return default if value is None else value

    def whole(
        self, name: str, default: int | None = None, *, least: int = 0, most: int = HIGHEST
    ) -> int | None:
        """A whole number between ``least`` and ``most``; the default when nothing was sent."""
        text = self.text(name).strip()
        if not text:
            return default
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 19):
            raise BadInput(format_lazy(_("{field} is a whole number."), field=name), field=name)
        if not least <= (number := int(text)) <= most:
            sentence = _("{field} lies between {least} and {most}.")
            raise BadInput(format_lazy(sentence, field=name, least=least, most=most), field=name)
        return number

    def number(self, name: str) -> float | None:
        """A finite number, or None when nothing was sent."""
        text = self.text(name).strip()
        if not text:
            return None
        return _finite(text, name)

    def choice(self, name: str, of: Collection[str], default: str) -> str:
        """One of some words; the default when nothing was sent."""
        word = self.text(name) or default
        if word != default and word not in of:
            raise BadInput(
                format_lazy(_("{field} is one of: {words}."), field=name, words=", ".join(sorted(of))),
                field=name,
            )
        return word

    def moment(self, name: str) -> datetime | None:
        """A moment (ISO 8601; UTC where no zone is given), or None when nothing was sent."""
        text = self.text(name).strip()
        if not text:
            return None
        try:
            parsed = datetime.fromisoformat(text[:64])
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            sentence = _("{field} is a moment such as 2026-11-22T18:30:00Z.")
            raise BadInput(format_lazy(sentence, field=name), field=name, cause=str(error)) from error

    def id(self, name: str) -> int | None:
        """An id; None when nothing was sent, :data:`NO_ID` for nonsense."""
        value = self.values.get(name)
        if isinstance(value, dict | list):
            raise _unfit(name)
        return None if value is None or value == "" else as_id(value)

    def ids(self, name: str, *, most: int = MOST_IDS) -> list[int]:
        """Ids, each once, in the order given. One without a list is taken as a list of one."""
        return list(dict.fromkeys(as_id(value) for value in self._list(name, most) if value != ""))

    def texts(self, name: str, *, most: int = MOST_IDS) -> list[str]:
        """A list of texts."""
        return [Params({name: value}).text(name) for value in self._list(name, most)]

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.values.get(name)
        if value is None:
            return []
        items = (
            _by_number(value) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        )
        if len(items) > most:
            raise BadInput(
                format_lazy(_("{field} has too many entries: {most} are the most."), field=name, most=most),
                field=name,
            )
        return items

    def nested(self, name: str) -> Params | None:
        """An object in it, or None when it was not sent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _unfit(name)
        return Params(value)

    def items(self, name: str, *, most: int = MOST_IDS) -> list[Params]:
        """A list of objects, also when it was sent as ``name[0][…]``, ``name[1][…]``."""
        found = self._list(name, most)
        if not all(isinstance(item, dict) for item in found):
            raise _unfit(name)
        return [Params(item) for item in found]

    def file(self, name: str) -> UploadedFile[Any] | None:
        """An uploaded file."""
        return self._files.get(name)

    def page(self, *, default: int = 20, most: int = 40) -> Page:
        """The page asked for, see core.paging."""
        given = {name: self.maybe_text(name) for name in ("max_id", "since_id", "min_id", "limit")}
        return Page.parse(given, default=default, most=most)


def _by_number(value: Mapping[str, Any]) -> list[Any]:
    """``{"0": a, "1": b}`` as a list: how Rails forms write one."""
    if not all(key.isascii() and key.isdecimal() and len(key) < 10 for key in value):
        return [value]
    return [value[key] for key in sorted(value, key=int)]


def _finite(text: str, name: str) -> float:
    try:
        number = float(text[:64])
    except ValueError:
        number = float("nan")
    if number - number != 0:
        raise BadInput(format_lazy(_("{field} is a number."), field=name), field=name)
    return number


def _unfit(name: str) -> BadInput:
    return BadInput(format_lazy(_("{field} is not what is expected here."), field=name), field=name)
