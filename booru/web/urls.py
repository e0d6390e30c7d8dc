"""The site's addresses, room by room; in each, one line a page, with a function for each method."""

from django.urls import include, path

urlpatterns = [
    path("", include("booru.web.site.urls")),
    path("", include("booru.web.login.urls")),
    path("", include("booru.web.accounts.urls")),
    path("", include("booru.web.security.urls")),
    path("", include("booru.web.api.urls")),
    path("", include("booru.web.mailbox.urls")),
    path("", include("booru.web.forum.urls")),
    path("", include("booru.web.bulk_update_requests.urls")),
    path("", include("booru.web.posts.urls")),
    path("", include("booru.web.tags.urls")),
    path("", include("booru.web.pages.urls")),
    path("", include("booru.web.moderation.urls")),
]
