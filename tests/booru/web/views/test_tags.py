from booru.models import TagAlias, WikiPage
from tests.factories import TagFactory, UserFactory


def test_tags_are_listed_by_count_and_found_by_pattern(browser, db):
    TagFactory(name="blue_hair", post_count=5)
    TagFactory(name="red_hair", post_count=9)
    TagFactory(name="hairband", post_count=1)
    page = browser().get("/tags").content.decode()
    assert page.index(">red hair<") < page.index(">blue hair<") < page.index(">hairband<")
    found = (
        browser().get("/tags", {"search[name_matches]": "*_hair", "search[order]": "name"}).content.decode()
    )
    assert found.index(">blue hair<") < found.index(">red hair<")
    assert "hairband" not in found


def test_underscores_are_no_wildcards(browser, db):
    TagFactory(name="a_b")
    TagFactory(name="axb")
    assert "axb" not in browser().get("/tags", {"search[name_matches]": "a_b"}).content.decode()


def test_a_wiki_page_shows_its_text_and_aliases(browser, db):
    WikiPage.objects.create(title="touhou", body="A [b]series[/b] of [[shoot_em_up]] games.")
    TagFactory(name="touhou", category=3, post_count=7)
    TagAlias.objects.create(antecedent_name="touhou_project", consequent_name="touhou", creator=UserFactory())
    page = browser().get("/wiki_pages/Touhou").content.decode()
    assert "<strong>series</strong>" in page
    assert "7 posts" in page
    assert "touhou_project" in page


def test_a_tag_without_a_page_is_shown_and_an_unknown_one_is_not_found(browser, db):
    TagFactory(name="solo")
    TagFactory(name="fate/stay_night")
    assert browser().get("/wiki_pages/solo").status_code == 200
    assert browser().get("/wiki_pages/fate/stay_night").status_code == 200
    response = browser().get("/wiki_pages/nothing_at_all")
    assert response.status_code == 404
    assert "Nobody has written this page yet." in response.content.decode()
