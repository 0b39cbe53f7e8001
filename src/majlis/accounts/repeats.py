"""Requests that an app sends again because it heard no answer: the key it gives them makes them one.

Invariant: of the requests of one profile with one key, one is done; the others get its answer. The row is written
in the transaction of the deed, so that what failed can be sent again, and two at once wait for one another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.core import sealing, sql
from majlis.core.errors import BadInput, Conflict

LASTS: Final = timedelta(days=1)
_LONGEST: Final = 255
_SQL: Final = sql.load("majlis.accounts")
_PURPOSE: Final = "majlis repeated answer"


def before(*, profile_id: int, key: str, asked: bytes, at: datetime) -> bytes | None:
    """The answer that was given to this request; None when it is the first, which :func:`keep` answers then.

    Raises:
        BadInput: the key is too long.
        Conflict: another request came with this key.
    """
    if len(key) > _LONGEST:
        raise BadInput(_("The idempotency key is too long."), field="key")
    digest = sha256(asked).digest()
    if sql.execute(_SQL["claim_repeat"], profile=profile_id, key=_hash(key), asked=digest, at=at):
        return None
    row = sql.one(_SQL["repeat"], profile=profile_id, key=_hash(key))
    answer = sealing.unseal(bytes(row[1]), purpose=_PURPOSE) if row and bytes(row[0]) == digest else None
    if answer is None:  # or the server's secret is another one since
        raise Conflict(_("This idempotency key came with another request already."), code="key_reused")
    return answer


def keep(*, profile_id: int, key: str, answer: bytes) -> None:
    """Keep the answer for whoever asks again, sealed: it may hold a secret that is shown once."""
    sealed = sealing.seal(answer, purpose=_PURPOSE)
    sql.execute(_SQL["keep_repeat"], profile=profile_id, key=_hash(key), answer=sealed)


def forget(*, before: datetime) -> int:
    """Forget answers given before a moment; how many."""
    return sql.execute(_SQL["forget_repeats"], before=before)


def _hash(key: str) -> bytes:
    return sha256(key.encode("utf-8", "replace")).digest()
