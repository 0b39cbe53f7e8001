"""Sentences of the libraries that we word better in Arabic than they do.

Our catalogue comes before theirs, so a translation there wins; nothing imports these names, they
are here to be found by ``majlis.config.catalogues``.
"""

from django.utils.translation import gettext_noop

CODE = gettext_noop("Code")
AUTHENTICATOR_CODE = gettext_noop("Authenticator code")
EMAIL = gettext_noop("Email")
PASSWORD = gettext_noop("Password")
NEW_PASSWORD = gettext_noop("New Password")
CURRENT_PASSWORD = gettext_noop("Current Password")
FORGOT = gettext_noop("Forgot your password?")
