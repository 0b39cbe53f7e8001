from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "majlis.brands"
    label = "brands"
