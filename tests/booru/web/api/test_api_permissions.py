import re

import pytest
from django.test import RequestFactory
from django.urls import resolve

from booru.web.api.permissions import all_permissions, permission_for


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/posts", "posts:index"),
        ("HEAD", "/posts.json", "posts:index"),
        ("GET", "/posts/5.json", "posts:show"),
        ("PUT", "/posts/5", "posts:update"),
        ("PATCH", "/posts/5.json", "posts:update"),
        ("POST", "/dmails", "dmails:create"),
        ("DELETE", "/tag_aliases/5", "tag_aliases:destroy"),
        ("GET", "/tag_implications", "tag_implications:index"),
        ("GET", "/users/5", "users:show"),
        ("DELETE", "/bulk_update_requests/5", "bulk_update_requests:destroy"),
        ("DELETE", "/forum_posts/5.json", "forum_posts:destroy"),
        ("GET", "/pool_versions.json", "pool_versions:index"),
        ("GET", "/jobs", "jobs:index"),
        ("POST", "/jobs/queues/pause", "job_queues:pause"),
        ("GET", "/jobs/01a1fcea-3c78-704b-9eb7-58fcd23d3d50", "jobs:show"),
        ("DELETE", "/jobs/01a1fcea-3c78-704b-9eb7-58fcd23d3d50.json", "jobs:destroy"),
        ("PUT", "/jobs/01a1fcea-3c78-704b-9eb7-58fcd23d3d50/cancel", "jobs:cancel"),
        ("GET", "/", "front_page:index"),
        ("DELETE", "/posts", None),
        ("GET", "/delayed_jobs", None),
    ],
)
def test_what_a_request_does_has_a_name(method, path, name):
    request = RequestFactory().generic(method, path)
    assert permission_for(request, resolve(path).func) == name
    assert name is None or name in all_permissions()


@pytest.mark.parametrize("path", ["/tags/5/edit", "/pools/new", "/api_keys", "/login"])
def test_what_is_of_no_use_to_programs_is_not_offered(path):
    name = permission_for(RequestFactory().get(path), resolve(path).func)
    assert name is not None
    assert name not in all_permissions()


def test_names_are_short_words_in_order():
    names = all_permissions()
    assert list(names) == sorted(set(names))
    assert all(re.fullmatch(r"(admin/)?[a-z_]+:[a-z_]+", name) for name in names)
