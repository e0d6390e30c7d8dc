from functools import partial

import pytest

from booru.models import Post, Tag
from booru.posts.creation import create_post
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.services.tags.tag_counts import CountCorrection, regenerate_post_counts
from tests.support.at_once import at_once
from tests.support.tag_factories import make_post, make_tag, make_user

pytestmark = pytest.mark.django_db


def counts():
    return dict(Tag.objects.values_list("name", "post_count"))


def test_wrong_counts_are_corrected_and_returned_by_name():
    make_post("sky tree")
    make_post("sky", is_deleted=True)
    make_post("sky", is_pending=True)
    Tag.objects.filter(name="tree").update(post_count=100)
    Tag.objects.filter(name="sky").update(post_count=0)
    make_tag("gone", post_count=5)
    make_tag("below_zero", post_count=-2)
    make_tag("empty")
    assert regenerate_post_counts() == [
        CountCorrection("below_zero", -2, 0),
        CountCorrection("gone", 5, 0),
        CountCorrection("sky", 0, 3),
        CountCorrection("tree", 100, 1),
    ]
    assert counts() == {"below_zero": 0, "empty": 0, "gone": 0, "sky": 3, "tree": 1}
    assert regenerate_post_counts() == []


def test_a_count_that_is_right_is_not_touched():
    make_post("sky")
    before = Tag.objects.get().updated_at
    regenerate_post_counts()
    assert Tag.objects.get().updated_at == before


@pytest.mark.django_db(transaction=True)
def test_edits_at_the_same_time_do_not_make_counts_wrong():
    user = make_user()
    posts = [create_post(user, "sky") for _ in range(20)]

    def drift_and_count():
        for number in range(10):
            Tag.objects.filter(name="sky").update(post_count=1000 + number)
            regenerate_post_counts()

    def edit(posts, text):
        for post in posts:
            PostEditor(user).edit_post(post, TagEdit.parse(text))

    halves = (partial(edit, posts[:10], "-sky tree"), partial(edit, posts[10:], "cloud"))
    assert at_once(drift_and_count, *halves) == [None, None, None]
    tagged = {name: Post.objects.tagged(name).count() for name in ("sky", "tree", "cloud")}
    assert tagged == {"sky": 10, "tree": 10, "cloud": 10}
    assert {name: counts()[name] for name in tagged} == tagged
