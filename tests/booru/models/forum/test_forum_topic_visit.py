from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import ForumPost, ForumTopicVisit
from tests.support.factories import ForumTopicFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory()


def is_unread(topic, reader) -> bool:
    topic.refresh_from_db()
    return ForumTopicVisit.objects.unread_among([topic], reader) == {topic.pk}


def test_a_topic_is_unread_until_it_is_visited_and_again_when_somebody_writes(reader):
    topic = ForumTopicFactory()
    assert is_unread(topic, reader)
    ForumTopicVisit.objects.note(reader, topic)
    assert not is_unread(topic, reader)
    ForumPost.objects.create_reply(topic, UserFactory(), "News!")
    assert is_unread(topic, reader)
    ForumTopicVisit.objects.note(reader, topic)
    assert not is_unread(topic, reader)
    assert ForumTopicVisit.objects.count() == 1


def test_one_readers_visits_are_not_anothers(reader):
    topic = ForumTopicFactory()
    ForumTopicVisit.objects.note(reader, topic)
    assert is_unread(topic, UserFactory())


def test_marking_all_as_read_leaves_only_what_is_newer(reader):
    old, other = ForumTopicFactory(), ForumTopicFactory()
    ForumTopicVisit.objects.note(reader, old)
    ForumTopicVisit.objects.mark_all_as_read(reader)
    reader.refresh_from_db()
    assert not is_unread(old, reader)
    assert not is_unread(other, reader)
    assert not ForumTopicVisit.objects.exists()
    assert is_unread(ForumTopicFactory(updated_at=timezone.now() + timedelta(minutes=1)), reader)
