"""Who may read and write in the forum, and vote, for every kind of visitor."""

from django.utils import timezone

from booru.models import ForumPost, ForumPostVote, ForumTopic, Level, User
from booru.web.forum.policies import ForumPostPolicy, ForumPostVotePolicy, ForumTopicPolicy
from tests.booru.web.bulk_update_requests.levels import bur
from tests.booru.web.visitors import ADMINS, EVERYBODY, GOOD_STANDING, LOGGED_IN, ME, STAFF, VISITORS, allowed


def test_one_reports_forum_posts_of_others_below_moderator():
    def reporters(creator, **fields):
        post = ForumPost(topic=ForumTopic(), creator=creator, created_at=timezone.now(), **fields)
        return allowed(ForumPostPolicy, "can_report", post)

    assert reporters(User(pk=2, level=Level.MEMBER)) == GOOD_STANDING
    assert reporters(User(pk=2, level=Level.MEMBER), is_deleted=True) == STAFF
    assert reporters(User(pk=2, level=Level.MODERATOR)) == set()
    assert reporters(User(pk=ME, level=Level.MEMBER)) == set()


def test_who_is_logged_in_marks_topics_as_read():
    assert allowed(ForumTopicPolicy, "can_mark_all_as_read") == LOGGED_IN


def test_topics_are_visible_from_their_level_up():
    assert allowed(ForumTopicPolicy, "can_show", ForumTopic(min_level=0)) == EVERYBODY
    assert allowed(ForumTopicPolicy, "can_show", ForumTopic(min_level=Level.MODERATOR)) == STAFF


def test_replies_need_good_standing_and_an_unlocked_topic_that_is_visible():
    assert allowed(ForumTopicPolicy, "can_reply", ForumTopic()) == GOOD_STANDING
    assert allowed(ForumTopicPolicy, "can_reply", ForumTopic(is_locked=True)) == STAFF
    assert allowed(ForumTopicPolicy, "can_reply", ForumTopic(min_level=Level.ADMIN)) == ADMINS


def test_deleted_forum_posts_are_for_moderators():
    assert allowed(ForumPostPolicy, "can_show", ForumPost(topic=ForumTopic())) == EVERYBODY
    assert allowed(ForumPostPolicy, "can_show", ForumPost(topic=ForumTopic(), is_deleted=True)) == STAFF
    assert allowed(ForumPostPolicy, "can_show", ForumPost(topic=ForumTopic(min_level=Level.ADMIN))) == ADMINS


def test_topics_are_started_in_good_standing():
    assert allowed(ForumTopicPolicy, "can_create") == GOOD_STANDING


def test_a_topic_is_edited_by_its_creator_until_it_is_locked_and_by_moderators():
    assert allowed(ForumTopicPolicy, "can_update", ForumTopic(creator_id=ME)) == GOOD_STANDING
    assert allowed(ForumTopicPolicy, "can_update", ForumTopic(creator_id=ME, is_locked=True)) == STAFF
    assert allowed(ForumTopicPolicy, "can_update", ForumTopic(creator_id=2)) == STAFF
    above = ForumTopic(creator_id=ME, min_level=Level.ADMIN)
    assert allowed(ForumTopicPolicy, "can_update", above) == ADMINS


def test_topics_are_moderated_by_moderators():
    assert allowed(ForumTopicPolicy, "can_moderate", ForumTopic(creator_id=ME)) == STAFF
    assert allowed(ForumTopicPolicy, "can_moderate", ForumTopic(min_level=Level.ADMIN)) == ADMINS
    for name, user in VISITORS.items():
        policy = ForumTopicPolicy(user, ForumTopic(creator_id=ME))
        assert ("is_locked" in policy.update_fields) is (name in STAFF)
        assert ("min_level" in policy.create_fields) is (name in STAFF)


def test_a_forum_post_is_edited_by_its_creator_and_by_moderators():
    topic, locked = ForumTopic(), ForumTopic(is_locked=True)
    assert allowed(ForumPostPolicy, "can_update", ForumPost(topic=topic, creator_id=ME)) == GOOD_STANDING
    assert allowed(ForumPostPolicy, "can_update", ForumPost(topic=locked, creator_id=ME)) == STAFF
    assert allowed(ForumPostPolicy, "can_update", ForumPost(topic=topic, creator_id=2)) == STAFF
    hidden = ForumPost(topic=topic, creator_id=ME, is_deleted=True)
    assert allowed(ForumPostPolicy, "can_update", hidden) == STAFF
    assert allowed(ForumPostPolicy, "can_moderate", ForumPost(topic=topic, creator_id=ME)) == STAFF


def voted_post(status="pending", min_level=0, **fields):
    post = ForumPost(pk=1, topic=ForumTopic(min_level=min_level), **fields)
    post.bulk_update_request = bur(status)
    return post


def test_votes_are_for_pending_requests_that_one_sees():
    assert allowed(ForumPostPolicy, "can_vote", voted_post()) == GOOD_STANDING
    assert allowed(ForumPostPolicy, "can_vote", voted_post(min_level=Level.ADMIN)) == ADMINS
    assert allowed(ForumPostPolicy, "can_vote", voted_post(is_deleted=True)) == STAFF
    for status in ("approved", "rejected", "processing", "failed"):
        assert allowed(ForumPostPolicy, "can_vote", voted_post(status)) == set()
    assert allowed(ForumPostPolicy, "can_vote", ForumPost(topic=ForumTopic())) == set()


def test_one_takes_back_only_ones_own_vote():
    own, others = (ForumPostVote(creator_id=user, forum_post=voted_post()) for user in (ME, 2))
    assert allowed(ForumPostVotePolicy, "can_destroy", own) == GOOD_STANDING
    assert allowed(ForumPostVotePolicy, "can_destroy", others) == set()
    late = ForumPostVote(creator_id=ME, forum_post=voted_post("approved"))
    assert allowed(ForumPostVotePolicy, "can_destroy", late) == set()
    hidden = ForumPostVote(creator_id=2, forum_post=voted_post(is_deleted=True))
    assert allowed(ForumPostVotePolicy, "can_show", hidden) == STAFF
