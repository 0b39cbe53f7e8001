"""Forms of pages that are nobody else's."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest


class JoinForm(forms.Form):
    """What joining asks besides mail address and password."""

    def signup(self, request: HttpRequest, user: object) -> None:
        """Called by allauth when the login has been made, in the same transaction."""
