from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "majlis.studio"
    label = "studio"
