"""Who may change tags and delete aliases, for every kind of visitor."""

import pytest

from booru.models import Artist, Tag, TagAlias, WikiPage
from booru.web.tags.policies import TagPolicy, TagRelationshipPolicy
from tests.booru.web.visitors import ADMINS, GOOD_STANDING, STAFF, allowed
from tests.support.factories import WikiPageFactory


def test_aliases_and_implications_are_deleted_by_admins():
    assert allowed(TagRelationshipPolicy, "can_destroy", TagAlias()) == ADMINS


@pytest.mark.parametrize(
    ("post_count", "who"),
    [(49, GOOD_STANDING), (50, {"builder", *STAFF}), (999, {"builder", *STAFF}), (1000, ADMINS)],
)
def test_the_more_posts_a_tag_has_the_fewer_change_its_category(post_count, who):
    assert allowed(TagPolicy, "can_change_category", Tag(name="a", post_count=post_count)) == who


@pytest.mark.django_db
def test_the_category_of_an_artist_with_an_entry_stays():
    Artist.objects.create(name="a")
    assert allowed(TagPolicy, "can_change_category", Tag(name="a", category=1)) == set()


@pytest.mark.django_db
def test_admins_deprecate_tags_that_have_a_wiki_page():
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == set()
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a", is_deprecated=True)) == ADMINS
    page = WikiPageFactory(title="a")
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == ADMINS
    WikiPage.objects.filter(pk=page.pk).update(is_deleted=True)
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == set()
