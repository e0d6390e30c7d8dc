"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("jobs", include("jobs.engine.urls")),
    path("", include("booru.web.urls")),
]
