from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "majlis.insights"
    label = "insights"

    def ready(self) -> None:
        from majlis.insights import jobs  # noqa: PLC0415, F401  # models must be loaded first
