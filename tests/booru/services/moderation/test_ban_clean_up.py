"""What goes with a ban: pending posts, forum topics and posts, votes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import Ban, ForumPost, ForumTopic, Level, ModAction, Post, PostVote
from booru.services.moderation.ban_clean_up import BanCleanUp
from booru.services.moderation.bans import ban
from tests.support.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVERYTHING = BanCleanUp(
    delete_posts=True,
    post_deletion_reason="Spam",
    delete_forum_posts=True,
    delete_post_votes=True,
)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def admin():
    return UserFactory(level=Level.ADMIN)


def made_days_ago(record, days):
    type(record).objects.filter(pk=record.pk).update(created_at=timezone.now() - days * DAY)
    return record


def descriptions(category):
    return set(ModAction.objects.filter(category=category).values_list("description", flat=True))


def test_pending_posts_are_deleted_with_the_reason(user, admin):
    pending, active, others = (
        PostFactory(uploader=user, is_pending=True),
        PostFactory(uploader=user),
        PostFactory(is_pending=True),
    )
    ban(user, admin, DAY, "Spam", EVERYTHING)
    assert list(Post.objects.filter(is_deleted=True)) == [pending]
    assert set(Post.objects.filter(is_pending=True)) == {others}
    assert not Post.objects.get(pk=active.pk).is_deleted
    wanted = {f"deleted post #{pending.pk}, reason: Spam"}
    assert descriptions(ModAction.Category.POST_DELETE) == wanted


def test_forum_posts_of_the_last_three_days_are_deleted(user, admin):
    topic = ForumTopic.objects.start(user, "Buy this", "Here.")
    old_topic = made_days_ago(ForumTopic.objects.start(user, "Hello", "I am new."), 4)
    made_days_ago(old_topic.posts.get(), 4)
    others = ForumTopic.objects.start(UserFactory(), "Rules", "Be nice.")
    reply = ForumPost.objects.create_reply(others, user, "No.")
    old_reply = made_days_ago(ForumPost.objects.create_reply(others, user, "Yes."), 4)
    ban(user, admin, DAY, "Spam", EVERYTHING)
    assert list(ForumTopic.objects.filter(is_deleted=True)) == [topic]
    assert set(ForumPost.objects.filter(is_deleted=True)) == {topic.posts.get(), reply}
    assert not ForumPost.objects.get(pk=old_reply.pk).is_deleted
    others.refresh_from_db()
    assert others.response_count == 2


def test_the_first_post_of_a_topic_that_stays_stays_too(user, admin):
    topic = made_days_ago(ForumTopic.objects.start(user, "Hello", "I am new."), 4)
    ban(user, admin, DAY, "Spam", EVERYTHING)
    assert not ForumTopic.objects.get(pk=topic.pk).is_deleted
    assert not topic.posts.get().is_deleted


def test_votes_of_the_last_three_days_are_taken_back(user, admin):
    up, down, old = PostFactory(), PostFactory(), PostFactory()
    PostVote.objects.vote(user, [up.pk, old.pk], 1)
    PostVote.objects.vote(user, [down.pk], -1)
    PostVote.objects.vote(UserFactory(), [up.pk], 1)
    made_days_ago(PostVote.objects.get(user=user, post=old), 4)
    ids = {vote.post_id: vote.pk for vote in PostVote.objects.filter(user=user)}
    ban(user, admin, DAY, "Spam", EVERYTHING)
    scores = Post.objects.order_by("pk").values_list("score", "up_score", "down_score")
    assert list(scores) == [(1, 1, 0), (0, 0, 0), (1, 1, 0)]
    assert descriptions(ModAction.Category.POST_VOTE_DELETE) == {
        f"deleted post vote #{ids[post.pk]} on post #{post.pk}" for post in (up, down)
    }


def test_nothing_goes_unless_it_is_said(user, admin):
    PostFactory(uploader=user, is_pending=True)
    PostVote.objects.vote(user, [PostFactory().pk], 1)
    ForumTopic.objects.start(user, "Hello", "I am new.")
    ban(user, admin, DAY, "Spam")
    assert not Post.objects.filter(is_deleted=True).exists()
    assert PostVote.objects.active().count() == 1
    assert not ForumPost.objects.filter(is_deleted=True).exists()


def test_posts_are_not_deleted_without_a_reason(user, admin):
    post = PostFactory(uploader=user, is_pending=True)
    with pytest.raises(ValidationError) as caught:
        ban(user, admin, DAY, "Spam", BanCleanUp(delete_posts=True, post_deletion_reason=" "))
    assert caught.value.message_dict == {"post_deletion_reason": ["is required"]}
    post.refresh_from_db()
    assert not post.is_deleted
    assert not Ban.objects.exists()


def test_only_admins_delete_votes(user):
    moderator = UserFactory(level=Level.MODERATOR)
    with pytest.raises(ValidationError) as caught:
        ban(user, moderator, DAY, "Spam", BanCleanUp(delete_post_votes=True))
    assert caught.value.message_dict == {"delete_post_votes": ["is not allowed by Moderator"]}
    assert not Ban.objects.exists()


def test_who_is_banned_already_loses_nothing(user, admin):
    ban(user, admin, DAY, "Spam")
    post = PostFactory(uploader=user, is_pending=True)
    with pytest.raises(ValidationError):
        ban(user, admin, DAY, "Spam", EVERYTHING)
    post.refresh_from_db()
    assert not post.is_deleted
    assert descriptions(ModAction.Category.POST_DELETE) == set()
