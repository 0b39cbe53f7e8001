from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "majlis.notifications"
    label = "notifications"
