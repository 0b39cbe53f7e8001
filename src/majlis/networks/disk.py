"""What the disk said, as a sentence for whoever waits and a code for programs.

Who may not write can do something about it at once, who has no room only later: one sentence for all sends
people to look in the wrong place. Paths go to the log alone.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow

_CODES: Final[Mapping[int, str]] = {
    errno.ENOSPC: "no_room",
    errno.EDQUOT: "no_room",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EROFS: "not_allowed",
    errno.ENOENT: "not_there",
}
_OTHER: Final = "disk_away"
WHY_NOT_KEPT: Final[Mapping[str, Promise]] = {
    "no_room": _("There is no room left on this server for the file."),
    "not_allowed": _("The file may not be written: permission is missing, or the disk is read-only."),
    "not_there": _("The folder that the file belongs in is not there."),
    _OTHER: _("The file cannot be kept just now. Please try again in a minute."),
}
_WHY_NOT_TAKEN: Final[Mapping[str, Promise]] = {
    "no_room": _("There is no room on the disk to read the archive. Nothing was taken."),
    "not_allowed": _(
        "The archive may not be read, or its parts may not be kept: permission is missing, or the disk is read-only. "
        "Nothing was taken."
    ),
    "not_there": _(
        "The archive, or the folder in which its parts are kept, is not there any more. Nothing was taken."
    ),
    _OTHER: _(
        "The disk cannot be read or written just now. Nothing was taken. Please try again in a minute."
    ),
}


def not_kept(error: OSError) -> NotNow:
    """A file could not be written."""
    code = _code(error)
    return NotNow(WHY_NOT_KEPT[code], code=code, cause=str(error))


def not_taken(error: OSError) -> NotNow:
    """An archive could not be taken in."""
    code = _code(error)
    return NotNow(_WHY_NOT_TAKEN[code], code=f"import_{code}", cause=str(error))


def _code(error: OSError) -> str:
    return _CODES.get(error.errno or 0, _OTHER)
