from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import ForumPost, ForumTopic, Level
from tests.support.factories import ForumPostFactory, ForumTopicFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_opening_a_topic():
    creator = UserFactory()
    topic = ForumTopic.objects.open(creator, " Red\u00a0hair\u200b ", ForumTopic.Category.TAGS)
    assert (topic.title, topic.category) == ("Red hair", ForumTopic.Category.TAGS)
    assert (topic.creator, topic.updater, topic.response_count) == (creator, creator, 0)
    assert topic.get_absolute_url() == f"/forum_topics/{topic.pk}"


@pytest.mark.parametrize(
    ("title", "fields", "errors"),
    [
        ("\u200b", {}, {"title": ["can't be blank"]}),
        ("x" * 201, {}, {"title": ["is too long (maximum is 200 characters)"]}),
        ("x", {"category": 3}, {"category": ["is not included in the list"]}),
        ("x", {"min_level": 7}, {"min_level": ["is not included in the list"]}),
    ],
)
def test_a_bad_topic_is_refused(title, fields, errors):
    with pytest.raises(ValidationError) as caught:
        ForumTopic.objects.open(UserFactory(), title, **fields)
    assert caught.value.message_dict == errors
    assert not ForumTopic.objects.exists()


def test_a_reply_moves_the_topic_up():
    topic = ForumTopicFactory(updated_at=timezone.now() - timedelta(days=3))
    creator = UserFactory()
    post = ForumPost.objects.create_reply(topic, creator, "a\nb ")
    assert post.body == "a\r\nb"
    assert (post.topic, post.creator, post.updater) == (topic, creator, creator)
    assert post.get_absolute_url() == f"/forum_posts/{post.pk}"
    for known in (topic, ForumTopic.objects.get()):
        assert (known.response_count, known.updater) == (1, creator)
        assert known.updated_at > timezone.now() - timedelta(minutes=1)
    assert ForumPost.objects.create_reply(topic, creator, "again").topic.response_count == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("\u200b", "can't be blank"),
        ("x" * 200_001, "is too long (maximum is 200000 characters)"),
        ("!post #{post}", "can't include NSFW images"),
    ],
)
def test_a_bad_reply_is_refused_and_the_topic_stays(body, message):
    topic = ForumTopicFactory()
    with pytest.raises(ValidationError) as caught:
        ForumPost.objects.create_reply(topic, UserFactory(), body.format(post=PostFactory(rating="e").pk))
    assert caught.value.message_dict == {"body": [message]}
    assert not ForumPost.objects.exists()
    assert ForumTopic.objects.get().response_count == 0


def test_a_topic_is_visible_from_its_level_on():
    topic = ForumTopicFactory(min_level=Level.BUILDER)
    visitors = {
        None: False,
        AnonymousUser(): False,
        UserFactory(): False,
        UserFactory(level=Level.BUILDER): True,
        UserFactory(level=Level.ADMIN): True,
    }
    for visitor, expected in visitors.items():
        assert topic.is_visible_to(visitor) is expected
        assert topic.can_reply(visitor) is expected
        assert ForumTopic.objects.visible_to(visitor).exists() is expected


def test_only_moderators_reply_to_a_locked_topic():
    topic = ForumTopicFactory(is_locked=True)
    assert not topic.can_reply(UserFactory())
    assert topic.can_reply(UserFactory(level=Level.MODERATOR))


def test_who_is_banned_or_not_logged_in_does_not_reply():
    topic = ForumTopicFactory()
    assert topic.can_reply(UserFactory())
    assert not topic.can_reply(UserFactory(is_banned=True))
    assert not topic.can_reply(AnonymousUser())


def test_hidden_posts_are_for_moderators():
    post = ForumPostFactory()
    hidden = ForumPostFactory(topic=post.topic, is_deleted=True)
    assert set(ForumPost.objects.visible_to(UserFactory())) == {post}
    assert set(ForumPost.objects.visible_to(UserFactory(level=Level.MODERATOR))) == {post, hidden}
    assert str(hidden) == f"forum #{hidden.pk}"


def test_the_topic_with_the_latest_post_is_first():
    old, new = ForumTopicFactory(), ForumTopicFactory()
    assert list(ForumTopic.objects.all()) == [new, old]
    ForumPost.objects.create_reply(old, UserFactory(), "Any news?")
    assert list(ForumTopic.objects.all()) == [old, new]
