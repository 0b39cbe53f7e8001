"""The web client as a Django application. It must stand before allauth in INSTALLED_APPS:
its templates replace theirs."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "majlis.web"
    label = "web"
