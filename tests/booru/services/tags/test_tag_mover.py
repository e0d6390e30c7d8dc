from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import Level, Tag, TagAlias, TagImplication, WikiPage
from booru.models.tags.tag import TagCategory
from booru.posts.editing.editor import PostEditor
from booru.services.tags.tag_mover import TagMover
from tests.support.tag_factories import (
    make_alias,
    make_implication,
    make_post,
    make_tag,
    make_user,
    make_wiki_page,
)

pytestmark = pytest.mark.django_db


def move(old, new):
    TagMover(old, new, PostEditor(make_user(Level.MODERATOR))).move()


def active(model):
    return {str(relationship) for relationship in model.objects.active()}


def tags_of(post):
    post.refresh_from_db()
    return post.tag_string


def test_posts_of_every_status_follow():
    posts = [make_post("old x"), make_post("old", is_deleted=True), make_post("next old"), make_post("other")]
    move("old", "next")
    assert [tags_of(post) for post in posts] == ["next x", "next", "next", "other"]
    assert Tag.objects.named("old").post_count == 0
    assert Tag.objects.named("next").post_count == 3


@pytest.mark.parametrize(
    ("old", "new", "both"),
    [
        (TagCategory.ARTIST, TagCategory.GENERAL, (1, 1)),
        (TagCategory.GENERAL, TagCategory.ARTIST, (1, 1)),
        (TagCategory.COPYRIGHT, TagCategory.ARTIST, (3, 1)),
    ],
)
def test_a_general_tag_takes_the_category_of_the_other(old, new, both):
    make_tag("a", old)
    make_tag("g", new)
    move("a", "g")
    assert (Tag.objects.named("a").category, Tag.objects.named("g").category) == both


def test_posts_are_counted_in_the_new_category():
    post = make_post("g")
    make_tag("a", TagCategory.ARTIST)
    make_post("a")
    move("a", "g")
    post.refresh_from_db()
    assert (post.tag_count_general, post.tag_count_artist) == (0, 1)


def test_aliases_follow():
    make_alias("aaa", "bbb")
    move("bbb", "ccc")
    assert active(TagAlias) == {"aaa -> ccc"}


def test_an_alias_that_follows_keeps_its_age_and_its_makers():
    alias = make_alias("aaa", "bbb", approver=make_user(), created_at=timezone.now() - timedelta(days=900))
    move("bbb", "ccc")
    moved = TagAlias.objects.active().get()
    assert (moved.created_at, moved.creator, moved.approver) == (
        alias.created_at,
        alias.creator,
        alias.approver,
    )


def test_implications_follow_in_both_directions():
    make_implication("old", "up")
    make_implication("down", "old")
    move("old", "next")
    assert active(TagImplication) == {"next -> up", "down -> next"}


def test_an_implication_that_is_there_already_is_kept():
    make_implication("old", "up")
    there = make_implication("next", "up")
    move("old", "next")
    assert list(TagImplication.objects.active()) == [there]


def test_the_cosplay_tag_and_its_wiki_follow():
    post = make_post("toosaka_rin_(cosplay)")
    make_wiki_page("toosaka_rin_(cosplay)")
    move("toosaka_rin", "tohsaka_rin")
    assert tags_of(post) == "cosplay tohsaka_rin tohsaka_rin_(cosplay)"
    assert WikiPage.objects.get().title == "tohsaka_rin_(cosplay)"


def test_the_style_tag_of_an_artist_follows():
    make_tag("old", TagCategory.ARTIST)
    post = make_post("old_(style)")
    move("old", "next")
    assert tags_of(post) == "next_(style)"


def test_the_style_tag_of_something_else_stays():
    make_tag("old")
    post = make_post("old_(style)")
    move("old", "next")
    assert tags_of(post) == "old_(style)"


def test_a_wiki_page_gets_the_new_title():
    make_wiki_page("old", "About [[old]].")
    move("old", "next")
    page = WikiPage.objects.get()
    assert (page.title, page.body) == ("next", "About [[next]].")


def test_two_wiki_pages_become_one():
    old = make_wiki_page("aaa", "first", other_names=["111", "222"])
    new = make_wiki_page("bbb", "second", other_names=["111", "333"])
    move("aaa", "bbb")
    old.refresh_from_db()
    new.refresh_from_db()
    # The pointer is a link to the new name.
    assert (old.body, old.other_names, old.is_deleted) == ("This tag has been moved to [[bbb]].", [], True)
    assert (new.body, new.other_names, new.is_deleted) == ("second", ["111", "333", "222"], False)


def test_an_empty_wiki_page_takes_over_the_text_of_the_old_one():
    make_wiki_page("aaa", "first")
    new = make_wiki_page("bbb", "", is_deleted=True)
    move("aaa", "bbb")
    new.refresh_from_db()
    assert (new.body, new.is_deleted) == ("first", False)


def test_a_deleted_wiki_page_stays_where_it_is():
    make_wiki_page("aaa", "first", is_deleted=True)
    make_wiki_page("bbb", "second")
    move("aaa", "bbb")
    assert dict(WikiPage.objects.values_list("title", "body")) == {"aaa": "first", "bbb": "second"}


def test_links_in_other_pages_follow():
    page = make_wiki_page("other", "See [[Old tag]] and [[old_tag|this]].")
    move("old_tag", "new_tag")
    page.refresh_from_db()
    assert page.body == "See [[New tag]] and [[new tag|this]]."


def test_moving_twice_changes_nothing_more():
    post = make_post("old")
    make_implication("old", "up")
    make_wiki_page("old")
    move("old", "next")
    move("old", "next")
    assert tags_of(post) == "next up"
    assert active(TagImplication) == {"next -> up"}
