"""Encryption of push tokens, which are stored and must be read again."""

from __future__ import annotations

from typing import Final

from majlis.core import sealing

_PURPOSE: Final = "majlis push token"


def seal(text: str) -> str:
    """The text, encrypted; nothing stays nothing."""
    return sealing.seal(text.encode(), purpose=_PURPOSE).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text; nothing when the server's secret has changed since."""
    return (sealing.unseal(sealed.encode(), purpose=_PURPOSE) or b"").decode() if sealed else ""
