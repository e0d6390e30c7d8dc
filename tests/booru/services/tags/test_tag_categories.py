import pytest
from django.core.exceptions import ValidationError

from booru.models import Tag
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.services.tags.tag_categories import change_category
from tests.support.tag_factories import make_alias, make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def test_posts_and_aliases_follow():
    make_tag("old")
    post = make_post("next sky")
    make_alias("old", "next")
    change_category(Tag.objects.named("next"), TagCategory.ARTIST, PostEditor(make_user()))
    post.refresh_from_db()
    assert (post.tag_count_general, post.tag_count_artist) == (1, 1)
    assert Tag.objects.named("old").category == TagCategory.ARTIST


def test_an_aliased_tag_keeps_the_category_of_its_target():
    tag = make_tag("old")
    make_tag("next")
    make_alias("old", "next")
    with pytest.raises(ValidationError, match="Can't change the category of an aliased tag"):
        change_category(tag, TagCategory.META, PostEditor(make_user()))


def test_a_change_that_was_cut_short_is_finished_by_another():
    post, editor = make_post("foo"), PostEditor(make_user())
    tag = Tag.objects.named("foo")
    # The tag was changed, and then the worker died.
    tag.change(editor.credit, category=TagCategory.META)
    change_category(tag, TagCategory.META, editor)
    post.refresh_from_db()
    assert (post.tag_count_general, post.tag_count_meta) == (0, 1)
