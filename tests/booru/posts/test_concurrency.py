"""Two connections at once, on a real PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections

from booru.models import Post, Tag
from booru.posts.editor import PostEditor
from booru.posts.tag_edit import TagEdit
from booru.services.tag_mover import TagMover
from tests.tag_factories import make_post, make_tag, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks: Callable[[], object]) -> None:
    """Run the tasks in threads that start together; raises what the first of them raised."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        try:
            start.wait()
            task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for future in [pool.submit(run, task) for task in tasks]:
            future.result(timeout=60)


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
    at_once(
        lambda: TagMover("old_a", "new_a", PostEditor(make_user(), batch_size=7)).move(),
        lambda: TagMover("old_b", "new_b", PostEditor(make_user(), batch_size=9)).move(),
        lambda: PostEditor(make_user(), batch_size=11).edit(
            Post.objects.all(), TagEdit.parse("zz aa -shared")
        ),
    )
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

    at_once(edit_singly, lambda: TagMover("old", "next", PostEditor(make_user(), batch_size=5)).move())
    assert set(Post.objects.values_list("tag_string", flat=True)) == {"mine next"}


def test_the_same_new_tag_is_made_once():
    posts = [make_post("a") for _ in range(4)]
    at_once(
        *(
            lambda post=post: PostEditor(make_user()).edit_post(post, TagEdit.parse("brand_new and_another"))
            for post in posts
        )
    )
    assert Tag.objects.get(name="brand_new").post_count == 4
