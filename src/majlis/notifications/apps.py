from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "majlis.notifications"
    label = "notifications"

    def ready(self) -> None:
        from majlis.notifications import jobs  # noqa: PLC0415, F401  # models must be loaded first
