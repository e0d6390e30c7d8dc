"""Requests over the same posts and tags, in processes of their own, with people who edit those posts."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import pairwise

import pytest
from django.db import connection

from booru.models import BulkUpdateRequest, Level, Post, PostVersion, Tag, User
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.seeds.posts import add_posts
from tests.support.clusters import database_url
from tests.support.tag_factories import make_request, make_user
from tests.support.waiting import PATIENCE

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

POSTS = 2500
# Each takes the tags in another order; all end in the same tag, whose count all of them change.
SCRIPTS = [
    "alias a1 -> all\nalias a2 -> all_b",
    "alias b2 -> all_b\nalias b1 -> all",
    "alias c1 -> all\nalias c2 -> all_b",
    "alias d2 -> all_b\nalias d1 -> all",
]
OLD = frozenset(["a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2"])


@pytest.fixture
def posts() -> list[int]:
    chosen = random.Random(5)
    tags = (OLD | {f"own{chosen.randrange(50)}", f"z{chosen.randrange(9)}", "solo"} for _ in range(POSTS))
    add_posts(tags, POSTS, [make_user()], chosen)
    for name, count in true_counts().items():
        Tag.objects.filter(name=name).update(post_count=count)
    return list(Post.objects.order_by("id").values_list("id", flat=True))


def test_four_requests_and_people_get_along(posts):
    deadlocks = deadlocks_so_far()
    processes = [applying(request) for request in approved_requests()]
    edited = edit_while(processes, posts)
    assert [process.wait(PATIENCE) for process in processes] == [0] * 4
    assert edited, "somebody edited posts meanwhile"
    assert deadlocks_so_far() == deadlocks
    for post in Post.objects.all():
        assert {"all", "all_b"} <= set(post.tags), post.tag_string
        assert not OLD & set(post.tags), post.tag_string
        assert ("mine" in post.tags, "solo" not in post.tags) == (post.pk in edited,) * 2
    assert dict(Tag.objects.exclude(post_count=0).values_list("name", "post_count")) == true_counts()
    assert set(BulkUpdateRequest.objects.values_list("status", flat=True)) == {"approved"}
    check_versions()


def approved_requests() -> list[BulkUpdateRequest]:
    admin = make_user(Level.ADMIN)
    requests = [make_request(script) for script in SCRIPTS]
    for request in requests:
        request.approve(admin)
    return requests


def applying(request: BulkUpdateRequest) -> subprocess.Popen[bytes]:
    """Past its job, whose lock keys would keep it from running beside the others."""
    command = [sys.executable, "-m", "tests.booru.bulk_update.applying", str(request.pk)]
    return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": database_url()})


def edit_while(processes: list[subprocess.Popen[bytes]], posts: list[int]) -> set[int]:
    """Edit one post after the other as long as a request is applied; the posts."""
    editors = [PostEditor(user) for user in (make_user(Level.BUILDER), User.objects.system())]
    edited: set[int] = set()
    while any(process.poll() is None for process in processes):
        post_id = random.choice(posts)
        random.choice(editors).edit_post(Post(pk=post_id), TagEdit.parse("mine -solo"))
        edited.add(post_id)
    return edited


def check_versions() -> None:
    """Every version leads from the one before it to the next, and the last to the post."""
    histories: dict[int, list[PostVersion]] = {}
    for version in PostVersion.objects.order_by("post_id", "version"):
        histories.setdefault(version.post_id, []).append(version)
    now = dict(Post.objects.values_list("id", "tag_string"))
    for post_id, versions in histories.items():
        assert [version.version for version in versions] == list(range(1, len(versions) + 1))
        assert all(after.tags_before == before.tags.split() for before, after in pairwise(versions))
        assert versions[-1].tags == now[post_id]


def true_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag, count(*) FROM posts, unnest(string_to_array(tag_string, ' ')) tag GROUP BY 1"
        )
        return dict(cursor.fetchall())


def deadlocks_so_far() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
