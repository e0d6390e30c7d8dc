import pytest
from django.core.exceptions import ValidationError

from booru.models import Credit, WikiPage
from tests.support.tag_factories import make_tag, make_user, make_wiki_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def credit():
    return Credit(make_user())


def problems(**fields: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        WikiPage.objects.make(Credit(make_user()), **{"title": "one", "body": "Words.", **fields})
    return error.value.message_dict


def test_a_page_is_found_however_its_title_is_written():
    page = make_wiki_page("hair_ribbon")
    assert WikiPage.objects.titled("~Hair  Ribbon") == page


def test_only_links_to_the_tag_are_rewritten(credit):
    page = make_wiki_page("one", "[[Old tag]] and [[old tag too]]")
    other = make_wiki_page("two", "old tag")
    WikiPage.objects.rewrite_links("old_tag", "new_tag", credit)
    page.refresh_from_db()
    assert page.body == "[[New tag]] and [[old tag too]]"
    assert page.versions.get(version=2).updater == credit.user
    other.refresh_from_db()
    assert other.body == "old tag"
    assert not other.versions.exists()


def test_what_a_page_links_to_is_kept_in_step_with_its_text(credit):
    page = make_wiki_page("one", "[[ Old  Tag|this]], [[old_tag]], [[other (thing)|]]")
    assert page.linked_titles == ["old_tag", "other_(thing)"]
    assert list(WikiPage.objects.linking_to("old_tag")) == [page]
    WikiPage.objects.rewrite_links("old_tag", "new_tag", credit)
    assert list(WikiPage.objects.linking_to("new_tag")) == [page]
    assert not WikiPage.objects.linking_to("old_tag").exists()
    page.body = "none"
    page.save(update_fields=["body"])
    assert not WikiPage.objects.linking_to("new_tag").exists()


def test_links_are_rewritten_on_more_pages_than_a_batch_has(credit):
    for number in range(101):
        make_wiki_page(f"page_{number}", "[[aaa]]")
    WikiPage.objects.rewrite_links("aaa", "bbb", credit)
    assert WikiPage.objects.filter(body="[[bbb]]").count() == 101


def test_links_are_rewritten_in_a_page_that_breaks_a_rule(credit):
    page = make_wiki_page("one", "[[aaa]]" + "x" * 80_000)
    WikiPage.objects.rewrite_links("aaa", "bbb", credit)
    page.refresh_from_db()
    assert page.body.startswith("[[bbb]]")


def test_a_page_follows_its_tag(credit):
    page = make_wiki_page("aaa", "Words.")
    WikiPage.objects.rename_tag("aaa", "bbb", credit)
    page.refresh_from_db()
    assert (page.title, page.body) == ("bbb", "Words.")
    assert page.versions.get(version=2).title == "bbb"


def test_two_pages_become_one(credit):
    old = make_wiki_page("aaa", "first", other_names=["111", "222"])
    new = make_wiki_page("bbb", "second", other_names=["111", "333"])
    WikiPage.objects.rename_tag("aaa", "bbb", credit)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_deleted, old.other_names) == (True, [])
    assert old.body == "This tag has been moved to [[bbb]]."
    assert (new.is_deleted, new.other_names, new.body) == (False, ["111", "333", "222"], "second")


def test_an_empty_deleted_page_takes_the_text_over(credit):
    make_wiki_page("aaa", "first")
    new = make_wiki_page("bbb", " ", is_deleted=True)
    WikiPage.objects.rename_tag("aaa", "bbb", credit)
    new.refresh_from_db()
    assert (new.is_deleted, new.body) == (False, "first")


def test_a_deleted_page_stays_where_it_is(credit):
    old = make_wiki_page("aaa", "first", is_deleted=True)
    new = make_wiki_page("bbb", "second")
    WikiPage.objects.rename_tag("aaa", "bbb", credit)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.title, old.body, new.body) == ("aaa", "first", "second")
    assert not new.versions.exists()


def test_a_page_cannot_get_a_title_that_is_no_tag_name():
    assert problems(title="tag_") == {"title": ["'tag_' cannot end with an underscore"]}


def test_a_page_whose_title_breaks_a_rule_may_still_be_edited(credit):
    page = make_wiki_page("tag_")
    page.update(credit, body="More.")
    assert page.body == "More."


def test_a_page_cannot_get_the_title_of_another():
    make_wiki_page("two")
    assert problems(title="~Two") == {"title": ["has already been taken"]}


def test_a_page_needs_words_unless_it_has_other_names(credit):
    assert problems(body=" \u200b") == {"body": ["can't be blank"]}
    WikiPage.objects.make(credit, title="two", body="", other_names=["uno"])
    WikiPage.objects.make(credit, title="three", body="", is_deleted=True)


def test_other_names_are_normal_and_there_once(credit):
    page = WikiPage.objects.make(
        credit, title="one", other_names=["\uff35\uff4e\uff4f", "Uno", " eins  zwei ", ""]
    )
    assert page.other_names == ["Uno", "eins_zwei"]


def test_a_page_has_limits():
    assert problems(body="x" * 80_001) == {"body": ["is too long (maximum is 80000 characters)"]}
    assert problems(other_names=[f"n{n}" for n in range(81)]) == {
        "other_names": ["can't have more than 80 names"]
    }
    assert problems(other_names=["x" * 101]) == {
        "other_names": ["can't have a name longer than 100 characters"]
    }


def test_what_a_rename_touches_is_the_page_and_those_that_link_to_it():
    make_tag("aaa")
    own, linking = make_wiki_page("aaa"), make_wiki_page("one", "[[aaa]]")
    make_wiki_page("two")
    assert set(WikiPage.objects.touched_by_rename("aaa")) == {own, linking}
