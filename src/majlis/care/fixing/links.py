"""The link by which a customer answers without signing in: it names one question to one person, and is signed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils.translation import gettext_lazy as _

from majlis.core import addresses
from majlis.core.errors import NotThere

LASTS: Final = timedelta(days=60)
_SALT: Final = "majlis.care.asked"


def link(asked_id: int) -> str:
    """The address for a question."""
    return addresses.absolute(f"/care/{signing.dumps(asked_id, salt=_SALT)}")


def hidden(text: str) -> str:
    """A text without the links of this kind: the team reads what was said, and cannot answer in her name."""
    return re.sub(re.escape(addresses.absolute("/care/")) + r"\S+", "…", text)


def asked_of(token: str) -> int:
    """The question that a link names.

    Raises:
        NotThere: it is none of ours, or it is older than sixty days.
    """
    try:
        return int(signing.loads(token, salt=_SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotThere(_("This link does not work any more."), cause=str(error)) from error
