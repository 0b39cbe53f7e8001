"""Django's own settings, all derived from ``config.settings``. Nothing is read from the environment here."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from majlis.config.settings import get_settings

_settings = get_settings()
MAJLIS = _settings

SECRET_KEY = _settings.secret_key()
DEBUG = _settings.debug
ALLOWED_HOSTS = [
    urlsplit(_settings.base_url).hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, (host.strip() for host in _settings.allowed_hosts.split(","))),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    # ours before the libraries, so that our templates win
    "majlis.web",
    "majlis.backoffice",
    "majlis.mastodon_api",
    "majlis.studio",
    "majlis.care",
    "majlis.insights",
    "majlis.brands",
    "majlis.safety",
    "majlis.networks",
    "majlis.discovery",
    "majlis.notifications",
    "majlis.feeds",
    "majlis.posts",
    "majlis.media",
    "majlis.people",
    "majlis.accounts",
    "majlis.core",
    "majlis.core.jobs",
    "majlis.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "django_htmx",
]
SITE_ID = 1

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "majlis.mastodon_api.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "majlis.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # it insists on standing here
    "majlis.config.pages.PagesOrPrograms",
    "majlis.config.away.DatabaseAway",
]

ROOT_URLCONF = "majlis.config.urls"
WSGI_APPLICATION = "majlis.config.server.wsgi"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "majlis.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "majlis.core.database",
        "NAME": unquote(parts.path.lstrip("/")) or "majlis",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # held, not pooled: a pool that resets on every acquire doubles the cost of a query
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # parameters go apart from the statement, and what is asked often is prepared once per connection
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, **query},
        "TEST": {"NAME": None},
    }


DATABASES = {"default": _database(_settings.database_url or "postgresql:///majlis")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if _settings.fast_hashing
    else ["majlis.accounts.hashing.BoundedArgon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home"
LOGOUT_REDIRECT_URL = "/"

# allauth: sign in by mail address, confirmed by a code
ACCOUNT_ADAPTER = "majlis.accounts.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "majlis.accounts.adapter.SessionsAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "majlis.web.forms.JoinForm",
    "change_password": "majlis.web.forms.ChangePasswordForm",
    "reset_password": "majlis.web.forms.ResetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_MAX_RESEND_COUNT = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# by address and by account ("key" is the mail address); counted in the database cache below
ACCOUNT_RATE_LIMITS = (
    {
        "login": "30/m/ip,200/h/ip",
        "login_failed": "10/m/ip,25/5m/ip,5/5m/key,25/h/key",
        "signup": "5/m/ip,30/h/ip",
        "reset_password": "20/m/ip,5/30m/key",
        "confirm_email": "1/10s/key,5/30m/key",
        "change_password": "5/m/user",
        "manage_email": "10/m/user,30/h/user",
        "reauthenticate": "10/m/user,30/h/user",
    }
    if _settings.limits
    else False
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = _settings.server_name
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS: dict[str, str] | bool = {} if _settings.limits else False
# browsers allow passkeys on plain http for localhost only
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _settings.secure
USERSESSIONS_TRACK_ACTIVITY = False
# allauth counts its limits in the default cache, so that one must be shared by all server processes
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# OAuth 2 for Mastodon apps
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "accounts.AccessToken"  # noqa: S105  # a model's name
OAUTH2_PROVIDER_GRANT_MODEL = "accounts.Grant"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "accounts.RefreshToken"  # noqa: S105  # a model's name
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "accounts.IDToken"  # noqa: S105  # a model's name
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "accounts.DeviceGrant"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "majlis.accounts.provider.Server",
    "OAUTH2_VALIDATOR_CLASS": "majlis.accounts.provider.Validator",
    "OAUTH2_BACKEND_CLASS": "majlis.accounts.provider.Core",
    "SCOPES_BACKEND_CLASS": "majlis.accounts.provider.Scopes",
    "ACCESS_TOKEN_GENERATOR": "majlis.accounts.provider.new_access_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 20 * 365 * 24 * 3600,  # as good as never: Mastodon's do not expire
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 10 * 60,
    "PKCE_REQUIRED": False,  # every client has a secret; those that send a challenge are held to it
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

# mail
_smtp = urlsplit(_settings.smtp_url)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if _settings.smtp_url else "majlis.core.mail.SpoolBackend"
)
EMAIL_FILE_PATH = str(_settings.data_dir / "mail")
EMAIL_HOST = _smtp.hostname or "localhost"
EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp" and bool(_smtp.username)
EMAIL_TIMEOUT = 20
_host_name = urlsplit(_settings.base_url).hostname or "localhost"
DEFAULT_FROM_EMAIL = parseaddr(_settings.mail_from)[1] or f"majlis@{_host_name}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# language and time
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LANGUAGE_CODE = _settings.default_language
LOCALE_PATHS = [str(Path(__file__).parent.parent / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _settings.time_zone
LANGUAGE_COOKIE_NAME = "majlis_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"

# files
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = _settings.debug
WHITENOISE_MAX_AGE = 3600
MEDIA_URL = "/media/"
MEDIA_ROOT = str(_settings.media_dir)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(_settings.uploads_dir())
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "majlis.config.uploads.UploadOnDisk",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# the browser's side of safety
SESSION_COOKIE_NAME = "majlis_session"
SESSION_COOKIE_AGE = 60 * 24 * 3600
SESSION_COOKIE_SECURE = _settings.secure
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _settings.secure
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [_settings.base_url]
CSRF_FAILURE_VIEW = "majlis.web.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63072000 if _settings.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _settings.log_level.upper()},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        # anybody can send another Host: a line for each, of many with the whole stack, would fill the log
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
