from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "majlis.care"
    label = "care"

    def ready(self) -> None:
        from majlis.care import jobs  # noqa: PLC0415, F401  # models must be loaded first
