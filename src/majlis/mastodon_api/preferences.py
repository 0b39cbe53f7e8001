"""What the viewer prefers when composing and reading. Set through update_credentials and on the page."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotSignedIn
from majlis.feeds.hydration import load_viewer
from majlis.mastodon_api.entities import person
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people.views import Viewer


def acting(call: Call) -> Viewer:
    """The viewer with her preferences.

    Raises:
        NotSignedIn: nobody asks, or her profile is withdrawn at this moment.
    """
    user_id = call.bearer.user_id if call.bearer else None
    viewer = load_viewer(call.me, user_id=user_id) if user_id else None
    if viewer is None:
        raise NotSignedIn(_("This method requires an authenticated user."), code="no_member")
    return viewer


@endpoint("read:accounts")
def show(call: Call) -> Any:
    """All of them."""
    return person.preferences(acting(call).preferences)


urls: Final = [route("api/v1/preferences", GET=show)]
