"""What an entry says: a post, the further parts of a thread, the first comment. And how it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import BadInput
from majlis.core.text.clean import clean_text
from majlis.posts.composing import PostParams, as_json, compose, from_json

MOST_PARTS: Final = 24
MOST_LETTERS: Final = 400_000
"""Code points of a draft, however unfinished; an article of the usual limit is far below."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A further part of a thread: what it says and shows. Without a warning or a language of its own it has those of
    the post."""

    text: str = ""
    photo_ids: tuple[int, ...] = ()
    warning: str = ""
    sensitive: bool = False
    language: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out at once: ``params`` the post, ``thread`` its further parts, in order, and ``first_comment`` what
    is answered to it in the same moment."""

    params: PostParams
    thread: tuple[Part, ...] = ()
    first_comment: str = ""

    def parts(self) -> Iterator[PostParams]:
        """The further parts as posts for the same readers."""
        return (self._answer(part) for part in self.thread)

    def comment(self) -> PostParams | None:
        """The first comment as a post for the same readers."""
        return self._answer(Part(text=self.first_comment)) if self.first_comment else None

    def _answer(self, part: Part) -> PostParams:
        return PostParams(
            text=part.text,
            photo_ids=part.photo_ids,
            sensitive=part.sensitive,
            audience=self.params.audience,
            circle_id=self.params.circle_id,
            warning=part.warning or self.params.warning,
            language=part.language or self.params.language,
            may_reply=self.params.may_reply,
            may_quote=self.params.may_quote,
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text it says: the post's, the first comment's, those of the parts in order."""
        return (self.params.text, self.first_comment, *(part.text for part in self.thread))

    @property
    def photo_ids(self) -> tuple[int, ...]:
        """Every photo it names, the cover of an article and those of the parts too."""
        cover = self.params.cover_id
        of_parts = (id_ for part in self.thread for id_ in part.photo_ids)
        return (*self.params.photo_ids, *((cover,) if cover else ()), *of_parts)

    def with_photos(self, renamed: Mapping[int, int]) -> Content:
        """The same with other photos in place of some."""
        thread = tuple(
            msgspec.structs.replace(part, photo_ids=tuple(renamed.get(id_, id_) for id_ in part.photo_ids))
            for part in self.thread
        )
        params = replace(
            self.params,
            photo_ids=tuple(renamed.get(id_, id_) for id_ in self.params.photo_ids),
            cover_id=renamed.get(self.params.cover_id, self.params.cover_id)
            if self.params.cover_id
            else None,
        )
        return msgspec.structs.replace(self, params=params, thread=thread)


def tidy(content: Content) -> Content:
    """What was typed, without what cannot be kept and without empty parts. Nothing is judged yet.

    Raises:
        BadInput: more than a draft takes.
    """
    thread = tuple(tidied for part in content.thread if (tidied := _tidied(part)).text or tidied.photo_ids)
    letters = sum(map(len, content.texts))
    if len(thread) > MOST_PARTS or letters > MOST_LETTERS:
        raise BadInput(_("This is more than a draft can hold."), field="text", code="too_long")
    params = replace(
        content.params,
        text=clean_text(content.params.text),
        title=clean_text(content.params.title)[:1_000],
        warning=clean_text(content.params.warning)[:1_000],
    )
    return Content(params=params, thread=thread, first_comment=clean_text(content.first_comment).strip())


def _tidied(part: Part) -> Part:
    return Part(
        text=clean_text(part.text).strip(),
        photo_ids=tuple(dict.fromkeys(part.photo_ids)),
        warning=clean_text(part.warning).strip()[:1_000],
        sensitive=part.sensitive,
        language=part.language[:16],
    )


def check(content: Content, *, by: int) -> None:
    """Whether all of it could go out, as far as that can be told before its hour.

    Raises:
        BadInput: with a sentence that says which part cannot be taken and why.
    """
    compose(content.params, by=by)
    for number, part in enumerate(content.parts(), start=2):
        try:
            compose(part, by=by)
        except BadInput as error:
            raise BadInput(_of_part(number, error.sentence), field="thread", code=error.code) from error
    if (comment := content.comment()) is not None:
        try:
            compose(comment, by=by)
        except BadInput as error:
            raise BadInput(_of_comment(error.sentence), field="first_comment", code=error.code) from error


def _of_part_now(number: int, sentence: object) -> str:
    return gettext("Part %(n)d of the thread: %(sentence)s") % {"n": number, "sentence": sentence}


def _of_comment_now(sentence: object) -> str:
    return gettext("The first comment: %(sentence)s") % {"sentence": sentence}


# Translated when they are shown, in the reader's language, not when they are raised.
_of_part: Final = lazy(_of_part_now, str)
_of_comment: Final = lazy(_of_comment_now, str)


def kept(content: Content) -> dict[str, str]:
    """As the columns of an entry or a version."""
    return {
        "params": json.encode(as_json(content.params)).decode(),
        "thread": json.encode([_kept_part(part) for part in content.thread]).decode(),
        "first_comment": content.first_comment,
    }


def _kept_part(part: Part) -> dict[str, Any]:
    return msgspec.structs.asdict(part) | {"photo_ids": [str(id_) for id_ in part.photo_ids]}


def _read_part(kept: Mapping[str, Any]) -> Part:
    return Part(**{**kept, "photo_ids": tuple(map(int, kept["photo_ids"]))})


def read(
    params: str | Mapping[str, Any], thread: str | Sequence[Mapping[str, Any]], first_comment: str
) -> Content:
    """The inverse of :func:`kept`."""
    found = json.decode_own(params) if isinstance(params, str) else params
    parts = json.decode_own(thread) if isinstance(thread, str) else thread
    return Content(params=from_json(found), thread=tuple(map(_read_part, parts)), first_comment=first_comment)
