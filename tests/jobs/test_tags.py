import pytest

from booru.models import Credit, Tag
from booru.models.tags.tag import TagCategory
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.tag_factories import make_post, make_user

pytestmark = pytest.mark.django_db


def test_posts_count_a_tag_in_its_new_category():
    posts = [make_post("foo sky"), make_post("foo", is_deleted=True), make_post("sky")]
    Tag.objects.named("foo").update(Credit(make_user()), category=TagCategory.CHARACTER)
    perform_enqueued_jobs()
    for post in posts:
        post.refresh_from_db()
    assert [post.tag_count_character for post in posts] == [1, 1, 0]
    assert [post.tag_count_general for post in posts] == [1, 0, 1]
    assert [post.versions.count() for post in posts] == [1, 1, 1]
