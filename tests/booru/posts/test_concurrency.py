from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from booru.models import Post, Tag
from booru.posts.editor import PostEditor
from booru.posts.tag_edit import TagEdit
from booru.services.tag_mover import TagMover
from tests.at_once import at_once
from tests.tag_factories import make_post, make_tag, make_user

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
