from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "majlis.insights"
    label = "insights"
