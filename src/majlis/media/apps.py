from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "majlis.media"
    label = "media"

    def ready(self) -> None:
        from majlis.media import jobs  # noqa: PLC0415, F401  # models must be loaded first
