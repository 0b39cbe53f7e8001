"""Addresses of OAuth and of joining through an app. A trailing slash is forgiven: toot sends one."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from majlis.mastodon_api import applications, oauth, registration

urlpatterns: list[URLPattern] = [
    re_path(r"^oauth/authorize/?$", oauth.authorize, name="oauth_authorize"),
    re_path(r"^oauth/token/?$", oauth.token, name="oauth_token"),
    re_path(r"^oauth/revoke/?$", oauth.revoke, name="oauth_revoke"),
    re_path(r"^oauth/userinfo/?$", oauth.userinfo, name="oauth_userinfo"),
    re_path(r"^\.well-known/oauth-authorization-server/?$", oauth.metadata, name="oauth_metadata"),
    re_path(r"^api/v1/apps/?$", applications.create, name="api_apps"),
    re_path(r"^api/v1/apps/verify_credentials/?$", applications.verify_credentials, name="api_apps_verify"),
    re_path(r"^api/v1/accounts/?$", registration.register, name="api_register"),
    re_path(r"^api/v1/emails/confirmations/?$", registration.send_confirmation, name="api_send_confirmation"),
    re_path(
        r"^api/v1/emails/check_confirmation/?$",
        registration.check_confirmation,
        name="api_check_confirmation",
    ),
]
