from __future__ import annotations

import pytest

from booru.models import BulkUpdateRequest, Level, Post, PostVersion, Tag, TagAlias, User
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from tests.booru.services.revert.reverting import counts, revert, tags_of, true_counts
from tests.support.tag_factories import apply_script, make_alias, make_implication, make_post, make_user

pytestmark = pytest.mark.django_db


def edit(post: Post, text: str = "", **fields: tuple[str, ...]) -> None:
    PostEditor(make_user(Level.BUILDER)).edit_post(post, TagEdit(**fields) if fields else TagEdit.parse(text))


def test_every_post_is_as_it_was():
    posts = [make_post("a x"), make_post("a b"), make_post("b")]
    bur = apply_script("alias a -> b")
    assert tags_of(*posts) == ["b x", "b", "b"]
    result = revert(bur)
    assert tags_of(*posts) == ["a x", "a b", "b"]
    assert counts() == true_counts()
    assert (result.status, result.problems) == ("done", [])
    assert (result.posts_done, result.posts_total, result.posts_changed) == (2, 2, 2)


def test_what_has_been_changed_since_is_kept():
    put_back, taken_away, grown = make_post("a"), make_post("a x"), make_post("a y")
    bur = apply_script("alias a -> b")
    TagAlias.objects.update(status="deleted")
    edit(put_back, "a c")
    edit(taken_away, "-b -x")
    edit(grown, "z -y")
    revert(bur)
    assert tags_of(put_back, taken_away, grown) == ["a c", "a tagme", "a z"]


def test_the_new_versions_belong_to_the_request_and_to_who_undid_it():
    post, admin = make_post("a"), make_user(Level.ADMIN)
    bur = apply_script("alias a -> b")
    revert(bur, admin)
    last = post.versions.order_by("-version").first()
    assert (last.version, last.updater, last.bulk_update_request) == (3, admin, bur)
    assert (last.added_tags, last.removed_tags) == (["a"], ["b"])


def test_to_do_it_twice_is_harmless():
    post, other = make_post("a"), make_post("a x")
    bur = apply_script("alias a -> b")
    revert(bur)
    edit(post, add=("b",))
    edit(other, drop=("a",))
    versions = PostVersion.objects.count()
    again = revert(bur)
    assert tags_of(post, other) == ["a b", "x"]
    assert (again.posts_changed, PostVersion.objects.count()) == (0, versions)


def test_a_request_that_is_applied_again_is_undone_again():
    post = make_post("a")
    bur = apply_script("alias a -> b")
    revert(bur)
    bur.refresh_from_db()
    type(bur).objects.filter(pk=bur.pk).update(status="failed")
    bur.approve(make_user(Level.ADMIN), from_start=True)
    bur.process()
    assert tags_of(post) == ["b"]
    revert(bur)
    assert tags_of(post) == ["a"]


def test_a_name_that_stands_for_another_tag_now_is_not_given_back():
    post = make_post("a x")
    bur = apply_script("alias a -> b")
    TagAlias.objects.update(status="deleted")
    make_alias("a", "z")
    result = revert(bur)
    assert tags_of(post) == ["x"]
    assert result.problems == [
        f"post #{post.pk} does not get [[a]] back, which is an alias of [[z]] now",
    ]


def test_a_tag_that_others_imply_stays():
    post = make_post("a x")
    bur = apply_script("alias a -> b")
    make_implication("x", "b")
    result = revert(bur)
    assert tags_of(post) == ["a b x"]
    assert result.problems == [f"post #{post.pk} keeps [[b]], which its other tags or its file imply"]


def test_a_deprecated_tag_is_given_back():
    post = make_post("a")
    bur = apply_script("alias a -> b")
    Tag.objects.filter(name="a").update(is_deprecated=True)
    revert(bur)
    assert tags_of(post) == ["a"]


def test_it_goes_on_after_the_post_where_it_was_interrupted():
    posts = [make_post("a") for _ in range(3)]
    bur = apply_script("alias a -> b")
    result = revert(bur)
    # As a worker leaves it that dies after the first post.
    Post.objects.filter(pk__in=[post.pk for post in posts[1:]]).update(tag_string="b")
    PostVersion.objects.filter(post__in=posts[1:], version=3).delete()
    type(result).objects.update(status="running", posts_done=1, posts_changed=1, resume_after=posts[0].pk)
    bur.refresh_from_db()
    bur.revert.process()
    assert tags_of(*posts) == ["a"] * 3
    assert (bur.revert.posts_done, bur.revert.posts_total, bur.revert.posts_changed) == (3, 3, 3)


def test_many_posts_take_few_statements(django_assert_max_num_queries):
    for number in range(30):
        make_post(f"a x{number} y{number % 3}")
    bur = apply_script("alias a -> b")
    with django_assert_max_num_queries(75):
        revert(bur)


def test_a_request_that_changed_no_post_is_undone():
    bur = apply_script("alias a -> b")
    assert revert(bur).status == "done"
    assert not TagAlias.objects.active().exists()


def edit_for_a_request(post: Post, text: str) -> BulkUpdateRequest:
    """As a mass update does."""
    user = User.objects.system()
    bur = BulkUpdateRequest.objects.create(user=user, script="update x -> y", status="approved")
    PostEditor(user, bur).edit_post(post, TagEdit.parse(text))
    return bur


def fields_of(post: Post) -> tuple[str, str, int | None]:
    post.refresh_from_db()
    return post.rating, post.source, post.parent_id


def test_rating_source_and_parent_are_as_they_were():
    post, first, second = make_post("a", source="https://before.example"), make_post("p"), make_post("p")
    edit(post, f"parent:{first.pk}")
    before = fields_of(post)
    bur = edit_for_a_request(post, f"rating:q source:https://after.example parent:{second.pk}")
    assert fields_of(post) == ("q", "https://after.example", second.pk)
    assert revert(bur).problems == []
    assert fields_of(post) == before
    assert post.versions.count() == 4
    assert revert(bur).posts_changed == 0


def test_a_rating_that_was_changed_since_is_kept():
    post = make_post("a")
    bur = edit_for_a_request(post, "rating:q source:there b")
    edit(post, "rating:e")
    result = revert(bur)
    assert fields_of(post) == ("e", "", None)
    assert tags_of(post) == ["a"]
    assert result.problems == [f"post #{post.pk} keeps its rating, which was changed since"]


def test_a_parent_that_a_post_may_not_have_any_more_is_not_given_back():
    post, parent = make_post("a"), make_post("p")
    edit(post, f"parent:{parent.pk}")
    bur = edit_for_a_request(post, "parent:none b")
    top = parent
    for _ in range(3):
        above = make_post("p")
        edit(top, f"parent:{above.pk}")
        top = above
    edit(make_post("p"), "z")
    child = make_post("c")
    edit(child, f"parent:{post.pk}")
    result = revert(bur)
    assert (fields_of(post)[2], tags_of(post)) == (None, ["a"])
    too_deep = "Post cannot have a parent-child chain more than 4 levels deep"
    assert result.problems == [f"post #{post.pk} does not get its former parent back: {too_deep}"]


def test_a_post_that_cannot_be_saved_stays_as_it_is():
    post, other = make_post("a"), make_post("a")
    bur = edit_for_a_request(post, "-a")
    PostEditor(User.objects.system(), bur).edit_post(other, TagEdit.parse("-a"))
    many = " ".join(f"t{number}" for number in range(1250))
    Post.objects.filter(pk=post.pk).update(tag_string=many)
    result = revert(bur)
    assert tags_of(post, other) == [many, "a"]
    assert result.problems == [f"post #{post.pk} stays as it is: Post cannot have more than 1250 tags"]
