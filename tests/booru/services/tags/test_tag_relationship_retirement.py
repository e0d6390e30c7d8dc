from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from booru.models import ForumPost, ForumTopic, Post, User
from booru.models.tags.tag import TagCategory
from booru.services.tags.tag_relationship_retirement import retire_tag_relationships, two_years_before
from tests.support.factories import ForumTopicFactory
from tests.support.tag_factories import make_alias, make_implication, make_post, make_tag

pytestmark = pytest.mark.django_db
TITLE = "Retired tag aliases & implications"
YEAR = 365.25
OLD = 2 * YEAR + 2


def ago(days):
    return timezone.now() - timedelta(days=days)


def alias_of_age(days, old="cap", new="hat", **fields):
    return make_alias(old, new, created_at=ago(days), **fields)


def post_of_age(days, tags, **fields):
    post = make_post(tags, **fields)
    Post.objects.filter(pk=post.pk).update(created_at=ago(days))


def is_retired(relationship):
    relationship.refresh_from_db()
    return relationship.status == "retired"


@pytest.mark.parametrize(
    ("alias_age", "post_age", "retired"),
    [
        (OLD, OLD, True),
        (OLD, 2 * YEAR - 2, False),
        (OLD, 0, False),
        (2 * YEAR - 2, OLD, False),
    ],
)
def test_an_old_alias_to_a_general_tag_without_posts_of_two_years_is_retired(alias_age, post_age, retired):
    post_of_age(post_age, "hat")
    post_of_age(0, "hat_on_back hats")
    alias = alias_of_age(alias_age)
    retire_tag_relationships()
    assert is_retired(alias) == retired


def test_a_deleted_post_keeps_its_aliases_alive():
    post_of_age(10, "hat", is_deleted=True)
    alias = alias_of_age(OLD)
    retire_tag_relationships()
    assert not is_retired(alias)


@pytest.mark.parametrize("category", list(TagCategory))
def test_any_alias_to_an_empty_tag_is_retired(category):
    make_tag("hat", category)
    alias = alias_of_age(0)
    retire_tag_relationships()
    assert is_retired(alias)


@pytest.mark.parametrize(("days", "retired"), [(OLD, True), (2 * YEAR - 2, False)])
def test_an_old_alias_to_an_artist_is_retired_whatever_the_posts(days, retired):
    make_tag("hat", TagCategory.ARTIST)
    post_of_age(0, "hat")
    alias = alias_of_age(days)
    retire_tag_relationships()
    assert is_retired(alias) == retired


@pytest.mark.parametrize("category", [TagCategory.COPYRIGHT, TagCategory.CHARACTER, TagCategory.META])
def test_an_old_alias_to_another_kind_of_tag_stays(category):
    make_tag("hat", category)
    post_of_age(OLD, "hat")
    alias = alias_of_age(OLD)
    retire_tag_relationships()
    assert not is_retired(alias)


def test_an_implication_from_an_empty_tag_is_retired_and_no_other():
    make_tag("empty")
    post_of_age(OLD, "used")
    from_empty = make_implication("empty", "used")
    to_empty = make_implication("used", "empty", created_at=ago(OLD))
    retire_tag_relationships()
    assert is_retired(from_empty)
    assert not is_retired(to_empty)


@pytest.mark.parametrize("status", ["deleted", "retired"])
def test_only_active_ones_are_retired(status):
    make_tag("hat")
    make_tag("cap")
    alias, implication = alias_of_age(OLD, status=status), make_implication("cap", "hat", status=status)
    assert retire_tag_relationships() == []
    alias.refresh_from_db()
    implication.refresh_from_db()
    assert (alias.status, implication.status) == (status, status)


def test_what_was_retired_is_listed_in_one_sorted_post_of_a_new_topic():
    for name in ("empty", "zero"):
        make_tag(name)
    make_implication("empty", "a")
    alias_of_age(0, "z", "zero")
    alias_of_age(0, "b", "empty")
    retire_tag_relationships()
    topic = ForumTopic.objects.get()
    system = User.objects.system()
    assert (topic.title, topic.category, topic.creator) == (TITLE, ForumTopic.Category.TAGS, system)
    first, second = topic.posts.order_by("id")
    assert first.body == (
        "This topic deals with tag relationships created two or more years ago that have not been used "
        "since. They will be retired. This topic will be updated as an automated system retires expired "
        "relationships."
    )
    assert second.body.splitlines() == [
        "The tag alias [[b]] -> [[empty]] has been retired.",
        "The tag alias [[z]] -> [[zero]] has been retired.",
        "The tag implication [[empty]] -> [[a]] has been retired.",
    ]
    assert (first.creator, second.creator) == (system, system)


def test_the_topic_that_exists_is_used():
    topic = ForumTopicFactory(title=TITLE)
    make_tag("hat")
    alias_of_age(0)
    retire_tag_relationships()
    assert [post.topic for post in ForumPost.objects.all()] == [topic]


def test_with_nothing_to_retire_there_is_a_topic_and_no_list():
    retire_tag_relationships()
    retire_tag_relationships()
    assert ForumPost.objects.get().topic == ForumTopic.objects.get(title=TITLE)


def test_a_list_too_long_for_one_post_is_split():
    long_name = "x" * 160
    make_tag(long_name)
    for number in range(501):
        alias_of_age(0, f"{long_name}{number}", long_name)
    assert len(retire_tag_relationships()) == 501
    bodies = ForumPost.objects.order_by("id").values_list("body", flat=True)
    assert [len(body.splitlines()) for body in bodies] == [1, 500, 1]


def test_nothing_is_retired_when_it_cannot_be_announced():
    make_tag("hat")
    alias = alias_of_age(0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE forum_posts ADD CONSTRAINT no_hats CHECK (body NOT LIKE '%hat%')")
    with pytest.raises(IntegrityError, match="no_hats"):
        retire_tag_relationships()
    assert not is_retired(alias)
    assert not ForumTopic.objects.exists()


def test_two_years_before_a_leap_day_is_the_28th_of_february():
    assert two_years_before(datetime(2028, 2, 29, 12, tzinfo=UTC)) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert two_years_before(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2024, 3, 1, tzinfo=UTC)
