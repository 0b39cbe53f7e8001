from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "majlis.safety"
    label = "safety"

    def ready(self) -> None:
        from majlis.safety import jobs  # noqa: PLC0415, F401  # models must be loaded first
