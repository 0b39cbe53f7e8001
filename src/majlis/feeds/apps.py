from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "majlis.feeds"
    label = "feeds"
