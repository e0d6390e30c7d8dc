from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import Level, Post, Tag
from booru.models.tags.tag import TagCategory
from booru.posts.editing.drafts import MAX_TAGS
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.posts.walking.journal import NoJournal, SkippedPost
from tests.support.factories import PostFactory
from tests.support.tag_factories import (
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


def edit(post, text, user=None):
    PostEditor(user or make_user()).edit_post(post, TagEdit.parse(text))
    return post.tag_string


def counts():
    return dict(Tag.objects.values_list("name", "post_count"))


def test_tags_are_sorted_and_unique():
    assert edit(make_post("c a"), "b a b") == "a b c"


def test_aliases_apply_to_what_is_added_and_not_to_what_is_there():
    post = make_post("old x")
    make_alias("old", "next")
    make_alias("x", "y")
    assert edit(post, "old -y") == "old x"
    assert edit(post, "x") == "old x"
    assert edit(make_post("a"), "old") == "a next"


def test_implications_are_followed():
    make_implication("a", "b")
    make_implication("b", "c")
    make_implication("c", "d", status="deleted")
    assert edit(make_post("x"), "a") == "a b c x"


def test_an_implied_tag_cannot_be_removed_alone():
    make_implication("a", "b")
    post = make_post("a")
    assert edit(post, "-b") == "a b"
    assert edit(post, "-a -b c") == "c"


@pytest.mark.parametrize(
    ("added", "tags"),
    [
        ("miku_(cosplay)", "cosplay miku miku_(cosplay)"),
        ("navy_school_uniform", "navy_school_uniform school_uniform"),
        ("potato_(meme)", "meme potato_(meme)"),
    ],
)
def test_some_tags_bring_others(added, tags):
    assert make_post(added).tag_string == tags


def test_what_follows_from_an_automatic_tag_is_added_too():
    make_implication("school_uniform", "uniform")
    assert make_post("navy_school_uniform").tag_string == "navy_school_uniform school_uniform uniform"


def test_deprecated_tags_are_not_added_but_stay():
    make_tag("vague")
    there = make_post("vague")
    Tag.objects.filter(name="vague").update(is_deprecated=True)
    assert edit(make_post("a"), "b vague") == "a b"
    assert edit(there, "a") == "a vague"


def test_bad_names_are_not_added():
    assert edit(make_post("a"), "b tag_ rating:s ,") == "a b"
    assert not Tag.objects.filter(name="tag_").exists()


def test_new_tags_are_made():
    make_post("brand_new")
    assert Tag.objects.named("brand_new").words == ["brand", "new"]


def test_tags_are_counted_by_category():
    make_tag("kantoku", TagCategory.ARTIST)
    make_tag("touhou", TagCategory.COPYRIGHT)
    make_tag("reimu", TagCategory.CHARACTER)
    make_tag("highres", TagCategory.META)
    post = make_post("kantoku touhou reimu highres sky tree")
    assert (post.tag_count, post.tag_count_general) == (6, 2)
    assert (post.tag_count_artist, post.tag_count_copyright) == (1, 1)
    assert (post.tag_count_character, post.tag_count_meta) == (1, 1)


def test_an_empty_edit_counts_anew_without_a_version():
    post = make_post("a")
    Tag.objects.filter(name="a").update(category=TagCategory.META)
    PostEditor(make_user()).edit_post(post, TagEdit())
    assert (post.tag_count_general, post.tag_count_meta) == (0, 1)
    assert post.versions.count() == 1


def test_tags_count_their_posts():
    post = make_post("a b")
    make_post("b")
    edit(post, "c -a")
    assert counts() == {"a": 0, "b": 2, "c": 1}


def test_posts_of_every_status_are_edited():
    for flag in ("is_deleted", "is_pending", "is_flagged", "is_banned"):
        make_post("a", **{flag: True})
    assert PostEditor(make_user()).edit(Post.objects.tagged("a"), TagEdit.parse("b")) == 4
    assert Post.objects.tagged("a", "b").count() == 4


def test_posts_are_edited_batch_by_batch():
    posts = [make_post(f"a t{number}") for number in range(7)]
    editor = PostEditor(make_user(), batch_size=2)
    assert editor.edit(Post.objects.tagged("a"), TagEdit.move("a", "b"), only_tagged="a") == 7
    for number, post in enumerate(posts):
        post.refresh_from_db()
        assert post.tag_string == f"b t{number}"
    assert counts()["a"] == 0
    assert counts()["b"] == 7


def test_a_post_that_lost_the_tag_meanwhile_is_left_alone():
    post = make_post("x")
    PostEditor(make_user()).edit_batch([post.pk], TagEdit.move("a", "b"), only_tagged="a")
    post.refresh_from_db()
    assert post.tag_string == "x"


def test_a_version_says_what_changed():
    post, user = make_post("a b"), make_user()
    request = make_request("alias xxx -> yyy")
    PostEditor(user, request).edit_post(post, TagEdit.parse("c -a"))
    first, second = post.versions.order_by("version")
    assert (first.added_tags, first.removed_tags) == (["a", "b"], [])
    assert (second.version, second.updater, second.bulk_update_request) == (2, user, request)
    assert (second.tags, second.added_tags, second.removed_tags) == ("b c", ["c"], ["a"])
    assert second.tags_before == ["a", "b"]


def test_an_edit_that_changes_no_tags_writes_no_version():
    post, user = make_post("a"), make_user()
    edit(post, "a", user)
    user.refresh_from_db()
    assert post.versions.count() == 1
    assert user.post_update_count == 0


def test_each_changed_post_counts_for_its_editor():
    user = make_user()
    make_post("a")
    make_post("a b")
    PostEditor(user).edit(Post.objects.tagged("a"), TagEdit.parse("b"))
    user.refresh_from_db()
    assert user.post_update_count == 1


def test_edits_of_one_hour_become_one_version():
    post, user = make_post("a"), make_user()
    edit(post, "b c", user)
    edit(post, "-a -b d", user)
    version = post.versions.get(version=2)
    assert (version.tags, version.added_tags, version.removed_tags) == ("c d", ["c", "d"], ["a"])
    post.versions.update(updated_at=timezone.now() - timedelta(minutes=61))
    edit(post, "e", user)
    assert post.versions.count() == 3


def test_versions_of_two_requests_stay_apart():
    post, user = make_post("a"), make_user()
    for number in range(2):
        request = make_request(f"alias xxx{number} -> yyy")
        PostEditor(user, request).edit_post(post, TagEdit.parse(f"b{number}"))
    assert post.versions.count() == 3


def test_a_post_cannot_have_too_many_tags():
    post = make_post(" ".join(f"t{number}" for number in range(1250)))
    with pytest.raises(ValidationError, match="Post cannot have more than 1250 tags"):
        edit(post, "one_more")
    post.refresh_from_db()
    assert post.tag_count == 1250


def test_a_moved_tag_may_turn_into_nothing():
    make_tag("next", is_deprecated=True)
    post = make_post("a old")
    PostEditor(make_user(Level.ADMIN)).edit_post(post, TagEdit.move("old", "next"))
    assert post.tag_string == "a"


class Notes(NoJournal):
    """Keeps what it is told of posts that were skipped."""

    def __init__(self):
        self.skipped = []

    def batch_done(self, last_id, looked_at, changed, skipped=()):
        self.skipped += skipped


def test_posts_that_cannot_be_saved_are_skipped_and_named():
    full = PostFactory(tag_string=" ".join(["a", *(f"t{number}" for number in range(MAX_TAGS - 1))]))
    others = [make_post("a"), make_post("a x")]
    notes = Notes()
    editor = PostEditor(make_user(), journal=notes)
    with pytest.raises(ValidationError):
        editor.edit(Post.objects.tagged("a"), TagEdit.parse("b"))
    assert editor.edit(Post.objects.tagged("a"), TagEdit.parse("b"), skips_invalid=True) == 2
    assert list(Post.objects.tagged("a", "b").order_by("id")) == others
    full.refresh_from_db()
    assert "b" not in full.tags
    assert counts()["b"] == 2
    message = f"Post cannot have more than {MAX_TAGS} tags"
    assert notes.skipped == [SkippedPost(full.pk, message)]
