"""Refusals: what went wrong as a sentence for the person, and the private cause for the log.

A domain function raises one of these and changes nothing. Edges turn it into their own form
(JSON, a page, a line on the terminal) with the status given here.
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise


class Refused(Exception):
    """Something was asked for that will not be done.

    ``sentence`` is shown to the person, in her language (a lazy translation is best);
    ``code`` is stable and for programs; ``field`` names the input at fault; ``cause`` is for the log.
    """

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "refused"

    def __init__(
        self,
        sentence: str | Promise,
        *,
        code: str | None = None,
        field: str | None = None,
        cause: str | None = None,
    ) -> None:
        super().__init__(str(sentence) if isinstance(sentence, str) else code or self.default_code)
        self.sentence = sentence
        self.code = code or self.default_code
        self.field = field
        self.cause = cause


class BadInput(Refused):
    """The input itself cannot be used."""

    status = 422
    default_code = "bad_input"


class NotSignedIn(Refused):
    """Nobody is signed in, or the token is not (or no longer) good."""

    status = 401
    default_code = "not_signed_in"


class NotAllowed(Refused):
    """She is known, and what she asks is not hers to do, and saying so gives nothing away."""

    status = 403
    default_code = "not_allowed"


class NotThere(Refused):
    """Not there, or not for her: the two are never told apart."""

    status = 404
    default_code = "not_there"


class Conflict(Refused):
    """It cannot be done because of what was done before."""

    status = 409
    default_code = "conflict"


class TooLarge(Refused):
    """More bytes, pixels or items than are taken."""

    status = 413
    default_code = "too_large"


class TooMany(Refused):
    """Too often. ``retry_after`` is in seconds."""

    status = 429
    default_code = "too_many"

    def __init__(self, sentence: str | Promise, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.retry_after = retry_after


class NotNow(Refused):
    """A part of the house is full or away (disk, database, hashing); trying later may work."""

    status = 503
    default_code = "not_now"
