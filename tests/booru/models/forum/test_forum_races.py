"""Two people at once in the forum, each with a connection of their own."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from booru.models import ForumPost, ForumPostVote, ForumTopic, Level, ModAction
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic():
    topic = ForumTopic.objects.start(UserFactory(), "Apples", "Red or green?")
    ForumPost.objects.create_reply(topic, UserFactory(), "Green.")
    return topic


def test_who_votes_twice_at_once_votes_once(topic):
    post, voter = topic.posts.first(), UserFactory()
    errors = at_once(*(partial(ForumPostVote.objects.cast, post, voter, score) for score in (1, -1, 0)))
    assert [type(error) for error in errors if error] == [ValidationError, ValidationError]
    assert ForumPostVote.objects.count() == 1


def test_a_post_that_two_moderators_delete_is_deleted_once(topic):
    moderators = [UserFactory(level=Level.MODERATOR) for _ in range(2)]
    copies = [ForumPost.objects.select_related("topic").last() for _ in moderators]
    assert (
        at_once(*(partial(copy.hide, one) for copy, one in zip(copies, moderators, strict=True)))
        == [None] * 2
    )
    assert ModAction.objects.count() == 1


def test_replies_while_posts_are_deleted_are_all_counted(topic):
    moderator = UserFactory(level=Level.MODERATOR)
    last = ForumPost.objects.select_related("topic").last()
    replies = [
        partial(ForumPost.objects.create_reply, ForumTopic.objects.get(), UserFactory(), "Me too.")
        for _ in range(4)
    ]
    assert at_once(partial(last.hide, moderator), *replies) == [None] * 5
    assert ForumTopic.objects.get().response_count == topic.posts.filter(is_deleted=False).count() == 5
