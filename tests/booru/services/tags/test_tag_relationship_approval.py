import pytest

from booru.models import Artist, Tag, TagAlias, TagImplication, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.services.tags.tag_relationship_approval import approve_alias, approve_implication
from tests.support.tag_factories import make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def editor():
    return PostEditor(User.objects.system())


def tags_of(post):
    post.refresh_from_db()
    return post.tag_string


def test_an_alias_is_made_once_and_moves_posts_every_time():
    first, approver = make_post("old"), make_user()
    approve_alias("old", "next", editor(), approver=approver)
    late = make_post("x")
    # As somebody saves it who read the aliases a moment too early.
    type(late).objects.filter(pk=late.pk).update(tag_string="old x")
    Tag.objects.filter(name="old").update(post_count=1)
    approve_alias("old", "next", editor(), approver=make_user())
    alias = TagAlias.objects.get()
    assert (alias.creator, alias.approver, alias.created_by_request) == (approver, approver, None)
    assert [tags_of(first), tags_of(late)] == ["next", "next x"]
    assert Tag.objects.named("old").post_count == 0


def test_an_implication_is_made_once_and_completes_posts_every_time():
    posts = [make_post("a"), make_post("a b"), make_post("c"), make_post("a", is_deleted=True)]
    for _ in range(2):
        approve_implication("a", "b", editor(), approver=make_user())
    assert TagImplication.objects.count() == 1
    assert [tags_of(post) for post in posts] == ["a b", "a b", "c", "a b"]
    assert [post.versions.count() for post in posts] == [2, 1, 1, 2]
    assert posts[0].versions.latest("version").updater == User.objects.system()


def test_all_implications_of_a_post_are_applied():
    post = make_post("a")
    approve_implication("b", "c", editor(), approver=make_user())
    approve_implication("a", "b", editor(), approver=make_user())
    assert tags_of(post) == "a b c"


def test_an_empty_consequent_is_of_the_kind_of_the_antecedent():
    make_tag("a", TagCategory.CHARACTER, post_count=3)
    approve_implication("a", "b", editor(), approver=make_user())
    assert Tag.objects.named("b").category == TagCategory.CHARACTER


def test_a_consequent_on_posts_keeps_its_kind():
    make_tag("a", TagCategory.CHARACTER)
    make_post("b")
    approve_implication("a", "b", editor(), approver=make_user())
    assert Tag.objects.named("b").category == TagCategory.GENERAL


def test_a_consequent_that_must_stay_an_artist_stays_one():
    post = make_post("a")
    make_tag("b", TagCategory.ARTIST)
    Artist.objects.create(name="b")
    Tag.objects.filter(name="a").update(category=TagCategory.CHARACTER)
    approve_implication("a", "b", editor(), approver=make_user())
    assert (tags_of(post), Tag.objects.named("b").category) == ("a b", TagCategory.ARTIST)
