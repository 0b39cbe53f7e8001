"""Mail addresses that reach exactly one mailbox, as typed."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Stricter than RFC 5321: no quotes, comments, "%" and "!" (old ways of routing), no letters beyond ASCII,
# whose case rules have sent other people's mail to attackers (CVE-2019-19844).
_ATOM: Final = r"[A-Za-z0-9_+&'=~$#*?^{}|/-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]\Z"
)


def clean_address(typed: str) -> str:
    """The address in lower case.

    Raises:
        ValidationError: it is none, or one that mail servers read in more than one way.
    """
    address = typed.strip(" ")
    if not _ADDRESS.match(address):
        raise ValidationError(
            _("Please enter a plain e-mail address, such as name@example.org."), code="invalid"
        )
    return address.lower()
