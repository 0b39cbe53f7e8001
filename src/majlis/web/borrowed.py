"""Sentences of the libraries that we word better in Arabic than they do.

Our catalogue comes before theirs, so a translation there wins; nothing imports these names, they
are here to be found by ``majlis.config.catalogues``.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

CODE = gettext_noop("Code")
AUTHENTICATOR_CODE = gettext_noop("Authenticator code")
EMAIL = gettext_noop("Email")
PASSWORD = gettext_noop("Password")
NEW_PASSWORD = gettext_noop("New Password")
CURRENT_PASSWORD = gettext_noop("Current Password")
FORGOT = gettext_noop("Forgot your password?")
NOT_CORRECT = gettext_noop("The email address and/or password you specified are not correct.")
NOT_LIKE_YOU = gettext_noop("Your password can’t be too similar to your other personal information.")
NOT_COMMON = gettext_noop("Your password can’t be a commonly used password.")
NOT_NUMBERS = gettext_noop("Your password can’t be entirely numeric.")
IS_LIKE_YOU = gettext_noop("The password is too similar to the %(verbose_name)s.")
IS_COMMON = gettext_noop("This password is too common.")
IS_NUMBERS = gettext_noop("This password is entirely numeric.")
LENGTH = ngettext_lazy(
    "Your password must contain at least %(min_length)d character.",
    "Your password must contain at least %(min_length)d characters.",
    "min_length",
)
TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)
