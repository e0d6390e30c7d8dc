"""Caches are told what else than the address decides what a page says."""

import pytest

from booru.models import ApiKey
from tests.booru.web.api.test_api_authentication import program

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/posts", "/posts.json", "/jobs", "/jobs.json", "/jobs/nonsense", "/login", "/no/such/page"),
    "/settings",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_varies_by_who_asks_and_how(browser, member, page):
    _, key = ApiKey.objects.make(member)
    for client in (browser(), browser(member), program(member.name, key)):
        varies = {name.strip() for name in client.get(page)["Vary"].split(",")}
        assert {"Accept", "Cookie", "Authorization", "HX-Request"} <= varies


@pytest.mark.parametrize("page", ["/posts", "/jobs", "/jobs.json", "/settings", "/no/such/page"])
def test_what_somebody_sees_who_is_logged_in_is_kept_for_nobody(browser, member, page):
    assert "private" in browser(member).get(page)["Cache-Control"]
    _, key = ApiKey.objects.make(member)
    assert "private" in program(member.name, key).get(page)["Cache-Control"]
