"""The addresses of the product and the gallery, which a server outside debug does not have."""

from django.urls import include, path

from majlis.web.urls import gallery_urls

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *gallery_urls,
    path("", include("majlis.web.urls")),
]
handler404 = "majlis.web.views.errors.not_found"
