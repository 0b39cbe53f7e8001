"""Codes of links and tokens of clicks: random, short, without letters that are mistaken for others."""

from __future__ import annotations

import re
import secrets
from typing import Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH: Final = 10
"""58 letters, ten of them: 58.6 bits. With a million links, one guess in 400 billion finds one."""
PATH: Final = "/l/"
PARAMETER: Final = "mj"
"""The name of the click's token in the address of the business's site."""

_CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16}")


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_code(text: str) -> bool:
    """Whether this could be a code at all; what could not is not looked up."""
    return _CODE.fullmatch(text) is not None


def new_token() -> str:
    """A token of a click: 96 bits, safe in an address."""
    return secrets.token_urlsafe(12)


def is_token(text: str) -> bool:
    """Whether this could be a click's token."""
    return _TOKEN.fullmatch(text) is not None
