"""Editing, hiding and locking in the forum."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import ForumPost, ForumTopic, Level, ModAction
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return UserFactory(level=Level.MODERATOR, name="Mod")


@pytest.fixture
def topic():
    topic = ForumTopic.objects.start(UserFactory(), "Red apples", "First!")
    ForumPost.objects.create_reply(topic, UserFactory(), "Second.")
    return topic


def actions():
    return list(ModAction.objects.order_by("pk").values_list("category", "description"))


def test_a_topic_starts_with_a_post():
    creator = UserFactory()
    topic = ForumTopic.objects.start(creator, "Red apples", "Hello", ForumTopic.Category.TAGS)
    post = topic.posts.get()
    assert (post.body, post.creator, post.is_original) == ("Hello", creator, True)
    assert (topic.category, topic.response_count) == (ForumTopic.Category.TAGS, 1)


def test_everything_wrong_with_a_new_topic_is_told_and_nothing_is_saved():
    with pytest.raises(ValidationError) as caught:
        ForumTopic.objects.start(UserFactory(), " ", "\u200b", 9)
    assert caught.value.message_dict == {
        "title": ["can't be blank"],
        "category": ["is not included in the list"],
        "body": ["can't be blank"],
    }
    assert not ForumTopic.objects.exists()
    with pytest.raises(ValidationError):
        ForumTopic.objects.start(UserFactory(), "Fine", " ")
    assert not ForumTopic.objects.exists()


def test_an_edited_topic_keeps_its_place(topic, moderator):
    before = ForumTopic.objects.get(pk=topic.pk)
    topic.edit(moderator, title=" Green\u00a0pears ", category=2, is_sticky=True)
    topic = ForumTopic.objects.get(pk=topic.pk)
    assert (topic.title, topic.category, topic.is_sticky) == ("Green pears", 2, True)
    assert (topic.updated_at, topic.updater) == (before.updated_at, before.updater)
    assert actions() == []
    with pytest.raises(ValidationError):
        topic.edit(moderator, title=" ", min_level=Level.ADMIN)
    topic.refresh_from_db()
    assert (topic.title, topic.min_level) == ("Green pears", 0)


def test_locking_is_recorded(topic, moderator):
    topic.edit(moderator, is_locked=True)
    topic.edit(moderator, is_locked=True)
    topic.edit(moderator, is_locked=False)
    assert actions() == [
        (206, f"locked forum topic #{topic.pk} (title: Red apples)"),
        (206, f"unlocked forum topic #{topic.pk} (title: Red apples)"),
    ]


def test_hiding_a_topic_hides_its_posts_and_showing_it_shows_them(topic, moderator):
    topic.hide(moderator)
    topic.refresh_from_db()
    assert (topic.is_deleted, topic.response_count) == (True, 0)
    assert not topic.posts.filter(is_deleted=False).exists()
    topic.unhide(moderator)
    topic.refresh_from_db()
    assert (topic.is_deleted, topic.response_count) == (False, 2)
    assert not topic.posts.filter(is_deleted=True).exists()
    assert [category for category, _ in actions()] == [202, 203]


def test_one_edits_ones_own_post_in_silence(topic):
    post = topic.posts.last()
    before = ForumTopic.objects.get(pk=topic.pk).updated_at
    post.edit(post.creator, "Third?\n")
    assert ForumPost.objects.get(pk=post.pk).body == "Third?"
    assert ForumTopic.objects.get(pk=topic.pk).updated_at == before
    assert actions() == []
    with pytest.raises(ValidationError):
        post.edit(post.creator, " ")
    assert ForumPost.objects.get(pk=post.pk).body == "Third?"


def test_a_moderators_edit_of_somebody_elses_post_is_recorded(topic, moderator):
    post = topic.posts.last()
    post.edit(moderator, "Be kind.")
    assert post.updater == moderator
    assert actions() == [(101, f"updated forum #{post.pk}")]


def test_hiding_the_last_post_takes_the_topic_back_to_the_one_before(topic, moderator):
    first, last = topic.posts.all()
    ForumPost.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=3))
    last.hide(moderator)
    topic.refresh_from_db()
    assert (topic.response_count, topic.updater) == (1, first.creator)
    assert topic.updated_at < timezone.now() - timedelta(days=2)
    assert actions() == [(102, f"deleted forum #{last.pk}")]
    last.unhide(moderator)
    topic.refresh_from_db()
    assert (topic.response_count, topic.updater) == (2, last.creator)
    assert not ForumPost.objects.get(pk=last.pk).is_deleted


def test_the_first_post_stays_as_long_as_its_topic(topic, moderator):
    first, last = topic.posts.all()
    with pytest.raises(ValidationError) as caught:
        first.hide(moderator)
    assert caught.value.messages == ["Can't delete original post without deleting the topic first"]
    assert not ForumPost.objects.get(pk=first.pk).is_deleted
    topic.hide(moderator)
    with pytest.raises(ValidationError) as caught:
        last.unhide(moderator)
    assert caught.value.messages == ["Can't undelete post without undeleting the topic first"]
    assert ForumPost.objects.get(pk=last.pk).is_deleted
    assert not any("deleted forum #" in text for _, text in actions())
