from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "majlis.media"
    label = "media"
