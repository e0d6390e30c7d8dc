"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("jobs.engine.urls")),
    path("", include("mailers.urls")),
    path("", include("booru.web.urls")),
]

handler400 = "booru.web.http.error_pages.bad_request"
handler403 = "booru.web.http.error_pages.permission_denied"
handler404 = "booru.web.http.error_pages.page_not_found"
handler500 = "booru.web.http.error_pages.server_error"
