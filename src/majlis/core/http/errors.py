"""What can go wrong outside, and whether trying again can help; decided here and nowhere else."""

from __future__ import annotations

from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import Refused

Code = Literal[
    "bad_url",  # not an address this client opens: scheme, port, user name, length, characters
    "address_refused",  # the name leads to a private or special address
    "unknown_host",  # the name leads nowhere
    "no_connection",
    "bad_certificate",
    "timeout",
    "protocol",  # what was answered is not HTTP, or breaks off
    "too_large",
    "encoding",  # compressed in a way that was not asked for
    "redirects",  # too many, or to where it may not go
    "status",  # an answer, and it is a refusal
]

_SENTENCES: Final[dict[Code, Promise]] = {
    "bad_url": _("This address cannot be opened."),
    "address_refused": _("This address cannot be opened."),
    "unknown_host": _("There is no server of this name."),
    "no_connection": _("The other server cannot be reached."),
    "bad_certificate": _("The other server cannot prove that it is who it says."),
    "timeout": _("The other server took too long."),
    "protocol": _("The other server's answer cannot be understood."),
    "too_large": _("The other server sent too much."),
    "encoding": _("The other server's answer cannot be understood."),
    "redirects": _("The other server sends in circles."),
    "status": _("The other server refused."),
}
_PERMANENT: Final[frozenset[Code]] = frozenset(
    {"bad_url", "address_refused", "too_large", "encoding", "redirects"}
)


class FetchFailed(Refused):
    """A request to outside that came to nothing. ``permanent``: asking again will not help."""

    status = 502
    default_code = "fetch_failed"

    def __init__(self, code: Code, *, url: str, cause: str, permanent: bool | None = None) -> None:
        super().__init__(_SENTENCES[code], code=code, cause=f"{url[:200]}: {cause}")
        self.url = url
        self.permanent = code in _PERMANENT if permanent is None else permanent
