from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "majlis.feeds"
    label = "feeds"

    def ready(self) -> None:
        from majlis.feeds import jobs  # noqa: PLC0415, F401  # models must be loaded first
