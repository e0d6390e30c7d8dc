"""How to reach us, and what we keep."""

import pytest

pytestmark = pytest.mark.django_db


def test_contact_names_the_addresses(browser, settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    page = browser().get("/contact").content.decode()
    assert "mailto:webmaster@booru.example" in page
    assert "mailto:security@booru.example" in page
    assert 'href="/dmca"' in page


def test_every_page_links_to_both(browser):
    for path in ("/", "/privacy", "/contact", "/dmca"):
        page = browser().get(path).content.decode()
        for link in ("/privacy", "/contact", "/dmca"):
            assert f'href="{link}"' in page
