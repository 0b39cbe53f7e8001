from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "majlis.brands"
    label = "brands"

    def ready(self) -> None:
        from majlis.brands import jobs  # noqa: PLC0415, F401  # models must be loaded first
