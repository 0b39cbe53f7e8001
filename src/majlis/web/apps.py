"""The web client as a Django application. It must stand before allauth in INSTALLED_APPS:
its templates replace theirs."""

from django.apps import AppConfig

from majlis.web import converters


class WebConfig(AppConfig):
    name = "majlis.web"
    label = "web"

    def ready(self) -> None:
        # before any list of addresses is read
        converters.register()
