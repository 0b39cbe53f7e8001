from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "majlis.discovery"
    label = "discovery"

    def ready(self) -> None:
        from majlis.discovery import jobs  # noqa: PLC0415, F401  # models must be loaded first
