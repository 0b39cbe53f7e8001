"""Letters to members who have been away: how many things happened, and the newest of them in a line each.

A letter says who and what, never what a post says: mail is read in more places than the page.
"""

from __future__ import annotations

from django.core import signing
from django.utils.translation import gettext_lazy as _

from majlis.core.addresses import absolute
from majlis.core.errors import NotThere

_SALT = "majlis.notifications.digest"


def stop_url(profile_id: int) -> str:
    """The address that ends the letters of a profile, signed under the server's secret; it does not expire."""
    return absolute(f"/notifications/digest/stop/{stop_token(profile_id)}")


def stop_token(profile_id: int) -> str:
    """What the address carries."""
    return signing.Signer(salt=_SALT).sign(str(profile_id))


def profile_of(token: str) -> int:
    """Whose letters the token ends.

    Raises:
        NotThere: it was not made here.
    """
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotThere(_("This link is not, or no longer, good."), cause=str(error)) from None
