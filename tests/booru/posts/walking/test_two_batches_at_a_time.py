"""Walks over many posts have a second thread, and come out as those with one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from booru.models import Post, PostVersion, Tag
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.posts.walking.side_by_side import Frontier
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_tag, make_user
from tests.support.waiting import wait_until

MANY = 1200


class Interrupted(Exception):
    pass


@dataclass
class Told:
    """A journal that keeps what it is told; it is interrupted before one batch is saved."""

    resume_after: int = 0
    interrupted_after: int = 10_000
    looked_at: int = 0
    threads: set[int] = field(default_factory=set)

    def expect(self, posts):
        pass

    def batch_done(self, last_id, looked_at, changed, skipped=()):
        self.threads.add(threading.get_ident())
        if self.looked_at >= self.interrupted_after:
            raise Interrupted
        self.looked_at += looked_at
        self.resume_after = last_id


@pytest.fixture
def posts(transactional_db):
    make_tag("old", post_count=MANY)
    uploader = make_user()
    return Post.objects.bulk_create(PostFactory.build_batch(MANY, tag_string="old", uploader=uploader))


def edit(journal, **options):
    editor = PostEditor(make_user(), batch_size=50, journal=journal)
    return editor.edit(Post.objects.tagged("old"), TagEdit(add=("fresh",)), **options)


def check_that_each_post_was_edited_once():
    assert set(Post.objects.values_list("tag_string", flat=True)) == {"fresh old"}
    assert PostVersion.objects.count() == MANY
    assert Tag.objects.get(name="fresh").post_count == MANY


@pytest.mark.usefixtures("posts")
def test_two_threads_edit_each_post_once():
    journal = Told()
    assert edit(journal) == MANY
    check_that_each_post_was_edited_once()
    assert journal.looked_at == MANY
    assert len(journal.threads) == 2


@pytest.mark.usefixtures("posts")
@pytest.mark.parametrize("batches", [0, 1, 7])
def test_an_interrupted_walk_goes_on_where_nothing_is_left_out(batches):
    journal = Told(interrupted_after=50 * batches)
    with pytest.raises(Interrupted):
        edit(journal, is_resumable=True)
    assert PostVersion.objects.count() == journal.looked_at < MANY
    left = Post.objects.exclude(tag_string="fresh old").order_by("id").values_list("id", flat=True)
    assert journal.resume_after < left[0]
    edit(Told(resume_after=journal.resume_after), is_resumable=True)
    check_that_each_post_was_edited_once()


@pytest.mark.usefixtures("posts")
def test_no_connection_is_left_behind():
    edit(Told())
    # The server needs a moment to let go of one that was closed.
    wait_until(only_one_is_left, what="the other connections to end")


def only_one_is_left():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone() == (1,)


@given(st.lists(st.booleans(), max_size=40), st.randoms(use_true_random=False))
def test_the_frontier_never_passes_a_batch_that_is_open(begins, random):
    frontier, open_batches, last = Frontier(0), [], 0
    for begin in begins:
        if begin or not open_batches:
            last += 10
            frontier.begin(last)
            open_batches.append(last)
        else:
            batch = random.choice(open_batches)
            others = [other for other in open_batches if other != batch]
            expected = min(others) - 10 if others else last
            assert frontier.with_done(batch) == expected
            frontier.end(batch)
            open_batches.remove(batch)
