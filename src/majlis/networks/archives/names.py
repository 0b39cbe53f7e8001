"""File names inside an archive: which are usable, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from majlis.networks.archives.limits import Limits

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_PART_BYTES: Final = 255
_SHOWN: Final = 120
_NESTED: Final = (
    ".zip",
    ".gz",
    ".tgz",
    ".tar",
    ".bz2",
    ".xz",
    ".7z",
    ".rar",
    ".zst",
    ".lz4",
    ".lzma",
    ".cab",
)


class UnusableNameError(Exception):
    """The name is refused; ``code`` is a key of ``reasons.NOT_TAKEN``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def usable(name: str, *, limits: Limits) -> str:
    """The name with ``/`` between its parts and without empty or ``.`` parts.

    Raises UnusableNameError for whatever leaves the archive (absolute, drive letter, ``..``) or is no text.
    Backslashes separate: some packers for Windows write them.
    """
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        raise UnusableNameError("name_unusable")
    path = name.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or _DRIVE.match(path) or ".." in (part.strip() for part in parts):
        raise UnusableNameError("name_outside")
    sizes = [len(part.encode()) for part in parts]
    if not parts or max(sizes) > _PART_BYTES or sum(sizes) + len(parts) > limits.name_bytes:
        raise UnusableNameError("name_unusable")
    return "/".join(parts)


def is_nested_archive(name: str) -> bool:
    """Whether the name is one of an archive."""
    return name.lower().endswith(_NESTED)


def shown(name: str) -> str:
    """The name as it may stand in a report: no control characters, no half characters, not long."""
    visible = "".join("\ufffd" if unicodedata.category(sign) in ("Cc", "Cs", "Cf") else sign for sign in name)
    return visible if len(visible) <= _SHOWN else visible[: _SHOWN - 1] + "…"
