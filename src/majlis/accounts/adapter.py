"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Joining follows the operator's choice; mail speaks the reader's language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether the form is shown at all; an invitation is checked by the form itself."""
        return settings.MAJLIS.registrations != "closed"
