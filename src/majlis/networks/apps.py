from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "majlis.networks"
    label = "networks"

    def ready(self) -> None:
        from majlis.networks import jobs  # noqa: PLC0415, F401  # models must be loaded first
