import pytest
from django.core.exceptions import ValidationError

from booru.models import WikiPage
from tests.tag_factories import make_wiki_page

pytestmark = pytest.mark.django_db


def test_a_page_is_found_however_its_title_is_written():
    page = make_wiki_page("hair_ribbon")
    assert WikiPage.objects.titled("~Hair  Ribbon") == page


def test_only_links_to_the_tag_are_rewritten():
    page = make_wiki_page("one", "[[Old tag]] and [[old tag too]]")
    other = make_wiki_page("two", "old tag")
    WikiPage.objects.rewrite_links("old_tag", "new_tag")
    page.refresh_from_db()
    assert page.body == "[[New tag]] and [[old tag too]]"
    assert list(WikiPage.objects.linking_to("old_tag_too")) == [page]
    other.refresh_from_db()
    assert other.body == "old tag"


def test_links_are_rewritten_in_a_page_that_breaks_a_rule():
    page = make_wiki_page("one", "[[aaa]]" + "x" * 80_000)
    WikiPage.objects.rewrite_links("aaa", "bbb")
    page.refresh_from_db()
    assert page.body.startswith("[[bbb]]")


def test_a_page_cannot_get_a_title_that_is_no_tag_name():
    page = make_wiki_page("one")
    with pytest.raises(ValidationError) as error:
        page.rename("tag_")
    assert error.value.message_dict == {"title": ["'tag_' cannot end with an underscore"]}


def test_a_page_cannot_get_the_title_of_another():
    make_wiki_page("two")
    with pytest.raises(ValidationError) as error:
        make_wiki_page("one").rename("two")
    assert error.value.message_dict == {"title": ["has already been taken"]}


def test_a_page_needs_words_unless_it_has_other_names():
    with pytest.raises(ValidationError):
        WikiPage(title="one", body=" ").validate()
    WikiPage(title="one", body="", other_names=["uno"]).validate()
    WikiPage(title="one", body="", is_deleted=True).validate()
