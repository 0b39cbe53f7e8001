"""Forms of joining and of the password, as allauth's pages use them (ACCOUNT_FORMS)."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from majlis.accounts import actions as accounts
from majlis.accounts import joining
from majlis.core.clock import now
from majlis.people import actions as people


class JoinForm(account.SignupForm):
    """What joining asks. Login and profile are made in one transaction, or neither.

    For an address that has an account all is done just the same and then undone, so that neither the
    answer nor the time it takes says whose address it is; its owner gets a mail instead.
    """

    display_name = forms.CharField(label=_("Name"), max_length=120)
    handle = forms.CharField(
        label=_("Handle"),
        max_length=64,
        help_text=_("How others find and mention you: letters, digits and underscores."),
    )
    kind = forms.ChoiceField(
        label=_("This profile is for"),
        choices=[("person", _("a person")), ("business", _("a business"))],
        initial="person",
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    invitation = forms.CharField(label=_("Invitation code"), max_length=64, required=False)
    reason = forms.CharField(
        label=_("Why would you like to join?"), max_length=1000, required=False, widget=forms.Textarea
    )
    agreement = forms.BooleanField(label=_("I have read the rules and will keep them."))
    field_order = (
        "display_name", "handle", "email", "password1", "kind", "language",
        "invitation", "reason", "agreement",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = translation.get_language()
        for name, choice in (("invitation", "invitation"), ("reason", "approval")):
            if settings.MAJLIS.registrations == choice:
                self.fields[name].required = True
            else:
                del self.fields[name]

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        with transaction.atomic():
            if not self.account_already_exists:
                return self.save(request), None
            self.signup(request, joining.decoy(password=self.cleaned_data["password1"]))
            transaction.set_rollback(True)
        saved: tuple[Any, HttpResponse | None] = super().try_save(request)
        return saved

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Called by allauth when the login has been made, in the same transaction."""
        data, at = self.cleaned_data, now()
        accounts.set_terms_of_joining(
            user_id=user.pk,
            language=data["language"] or translation.get_language(),
            invitation=data.get("invitation", ""),
            reason=data.get("reason", ""),
            at=at,
        )
        people.create_profile(
            user_id=user.pk,
            handle=data["handle"],
            display_name=data["display_name"],
            kind=data["kind"] or "person",
            at=at,
        )
        accounts.hide_until_open(user_id=user.pk, at=at)
        user.refresh_from_db()


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password signs out all other browsers, and all apps unless she wants to keep them."""

    keep_apps = forms.BooleanField(label=_("Keep my apps signed in"), required=False)

    def save(self) -> None:
        context.request.keeps_apps = self.cleaned_data["keep_apps"]
        super().save()


class ResetPasswordForm(account.ResetPasswordForm):
    """The code goes to the address as it is stored, never to one that only looks alike (CVE-2019-19844)."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = get_adapter().clean_email(self.cleaned_data["email"])
        return str(super().clean_email())
