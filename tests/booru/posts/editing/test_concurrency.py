from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from booru.models import Credit, Favorite, Pool, Post, Tag
from booru.posts.editing.editor import PostEditor
from booru.posts.post_fields import FieldEdit
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.services.tags.tag_mover import TagMover
from tests.support.at_once import at_once
from tests.support.tag_factories import make_post, make_tag, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def true_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag, count(*) FROM posts, unnest(string_to_array(tag_string, ' ')) tag GROUP BY 1"
        )
        return dict(cursor.fetchall())


def test_overlapping_moves_neither_deadlock_nor_lose_anything():
    user = make_user()
    for number in range(60):
        make_post(f"old_a old_b shared z{number % 7} a{number % 5}", user)
    errors = at_once(
        lambda: TagMover("old_a", "new_a", PostEditor(make_user(), batch_size=7)).move(),
        lambda: TagMover("old_b", "new_b", PostEditor(make_user(), batch_size=9)).move(),
        lambda: PostEditor(make_user(), batch_size=11).edit(
            Post.objects.all(), TagEdit.parse("zz aa -shared")
        ),
    )
    assert errors == [None, None, None]
    assert all({"new_a", "new_b", "zz", "aa"} <= set(post.tags) for post in Post.objects.all())
    assert not Post.objects.tagged("old_a").exists()
    counts = dict(Tag.objects.filter(post_count__gt=0).values_list("name", "post_count"))
    assert counts == true_counts()


def test_a_single_edit_beside_a_move_is_kept():
    posts = [make_post("old") for _ in range(40)]
    make_tag("next")

    def edit_singly() -> None:
        user = make_user()
        for post in reversed(posts):
            PostEditor(user).edit_post(post, TagEdit.parse("mine"))

    mover = TagMover("old", "next", PostEditor(make_user(), batch_size=5))
    assert at_once(edit_singly, mover.move) == [None, None]
    assert set(Post.objects.values_list("tag_string", flat=True)) == {"mine next"}


def test_the_same_new_tag_is_made_once():
    posts = [make_post("a") for _ in range(4)]
    edit = TagEdit.parse("brand_new and_another")
    errors = at_once(*(partial(PostEditor(make_user()).edit_post, post, edit) for post in posts))
    assert errors == [None] * 4
    assert Tag.objects.get(name="brand_new").post_count == 4


def test_two_edits_of_one_post_merge():
    post = make_post("a b c")
    edits = [TagEdit.between("a b c", "a b c one"), TagEdit.between("a b c", "b c two"), TagEdit.parse("-c")]
    fields = [FieldEdit(rating="e"), FieldEdit(source="https://a.b"), None]
    tasks = [
        partial(PostEditor(make_user()).edit_post, Post(pk=post.pk), edit, field_edit)
        for edit, field_edit in zip(edits, fields, strict=True)
    ]
    assert at_once(*tasks) == [None] * 3
    post.refresh_from_db()
    assert post.tag_string == "b one two"
    assert (post.rating, post.source) == ("e", "https://a.b")
    assert list(post.versions.order_by("version").values_list("version", flat=True)) == [1, 2, 3, 4]
    counts = dict(Tag.objects.filter(post_count__gt=0).values_list("name", "post_count"))
    assert counts == true_counts()


def test_batches_and_single_edits_with_the_same_new_tags_do_not_wait_for_each_other_in_a_circle():
    posts = [make_post(f"a x{number}") for number in range(30)]
    new = [f"new{number}" for number in range(12)]

    def edit_singly(names: list[str]) -> None:
        user = make_user()
        for post in reversed(posts):
            PostEditor(user).edit_post(Post(pk=post.pk), TagEdit.parse(" ".join(names)))

    def edit_all(text: str) -> None:
        PostEditor(make_user(), batch_size=4).edit(Post.objects.all(), TagEdit.parse(text))

    errors = at_once(
        partial(edit_singly, new),
        partial(edit_singly, new[::-1]),
        partial(edit_all, " ".join(f"char:{name}" for name in reversed(new))),
        partial(edit_all, " ".join(new)),
    )
    assert errors == [None] * 4
    assert all(set(new) <= set(post.tags) for post in Post.objects.all())
    counts = dict(Tag.objects.filter(post_count__gt=0).values_list("name", "post_count"))
    assert counts == true_counts()


def test_parents_children_pools_and_favorites_changed_at_once():
    posts = [make_post("a") for _ in range(20)]
    user = make_user()
    Pool.objects.make(Credit(user), name="first")
    Pool.objects.make(Credit(user), name="second")
    first, last = posts[0].pk, posts[-1].pk

    def edit_all(text: str) -> None:
        editor = PostEditor(user, batch_size=3)
        editor.edit(Post.objects.all(), TagEdit.parse(text), skips_invalid=True)

    def favor() -> None:
        for post in reversed(posts):
            Favorite.objects.add(user, [post.pk])

    errors = at_once(
        partial(edit_all, f"parent:{first} pool:first pool:second b"),
        partial(edit_all, f"child:{last},{first} pool:second pool:first upvote:me"),
        partial(edit_all, "fav:me pool:none char:b"),
        favor,
    )
    assert errors == [None] * 4
    user.refresh_from_db()
    assert user.favorite_count == 20
    assert set(Post.objects.values_list("fav_count", "score", "up_score")) == {(1, 1, 1)}
    counts = dict(Tag.objects.filter(post_count__gt=0).values_list("name", "post_count"))
    assert counts == true_counts()
