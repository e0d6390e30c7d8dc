from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import BulkUpdateRequest, ForumPost, Level, User
from booru.services.maintenance.bulk_update_request_pruner import prune_bulk_update_requests
from tests.support.at_once import at_once
from tests.support.factories import ForumTopicFactory
from tests.support.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db
WARNING = "This bulk update request is pending automatic rejection in 5 days."
REJECTION = "This bulk update request has been rejected because it was not approved within 45 days."


def request_of_age(days, script="alias a -> b", **fields):
    topic = fields.pop("forum_topic", None)
    bur = make_request(script, forum_topic=topic)
    created_at = timezone.now() - timedelta(days=days)
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(created_at=created_at, **fields)
    bur.refresh_from_db()
    return bur


def bodies(bur):
    """What was posted after the request itself."""
    return list(bur.forum_topic.posts.order_by("id").values_list("body", flat=True))[1:]


@pytest.mark.parametrize(("days", "warned"), [(39.99, False), (40.01, True), (44.99, True)])
def test_a_request_is_warned_about_from_the_40th_day_on(days, warned):
    bur = request_of_age(days)
    prune_bulk_update_requests()
    assert bodies(bur) == ([WARNING] if warned else [])
    bur.refresh_from_db()
    assert bur.status == "pending"


def test_the_system_user_warns_once_in_a_topic():
    topic = ForumTopicFactory()
    for number in range(2):
        request_of_age(41, f"alias a{number} -> b", forum_topic=topic)
    prune_bulk_update_requests()
    prune_bulk_update_requests()
    warning = ForumPost.objects.get(body=WARNING)
    assert (warning.topic, warning.creator) == (topic, User.objects.system())


def test_somebody_elses_post_is_no_warning():
    bur = request_of_age(41)
    ForumPost.objects.create_reply(bur.forum_topic, make_user(), WARNING)
    prune_bulk_update_requests()
    assert bodies(bur) == [WARNING, WARNING]


def test_a_request_is_rejected_after_45_days():
    bur = request_of_age(45.01)
    prune_bulk_update_requests()
    bur.refresh_from_db()
    assert (bur.status, bur.approver) == ("rejected", None)
    expired, rejected = bodies(bur)
    assert expired == REJECTION
    assert rejected.startswith(f'The "bulk update request #{bur.pk}":')
    assert rejected.endswith(f"has been rejected by @{User.objects.system().name}.")
    assert {post.creator for post in bur.forum_topic.posts.order_by("id")[1:]} == {User.objects.system()}


def test_a_request_without_a_topic_is_rejected_silently_and_never_warned_about():
    for days in (41, 46):
        request_of_age(days, f"alias a{days} -> b", forum_topic_id=None, forum_post_id=None)
    before = ForumPost.objects.count()
    prune_bulk_update_requests()
    assert ForumPost.objects.count() == before
    assert sorted(BulkUpdateRequest.objects.values_list("status", flat=True)) == ["pending", "rejected"]


def test_a_request_without_a_post_of_its_own_is_announced_in_its_topic():
    bur = request_of_age(46, forum_post_id=None)
    prune_bulk_update_requests()
    assert bodies(bur) == [REJECTION]


@pytest.mark.parametrize("status", ["approved", "rejected", "processing", "failed"])
@pytest.mark.parametrize("days", [41, 46])
def test_a_request_that_is_not_pending_is_left_alone(status, days):
    bur = request_of_age(days, status=status)
    prune_bulk_update_requests()
    bur.refresh_from_db()
    assert bur.status == status
    assert bodies(bur) == []


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_approved_at_this_moment_is_either_approved_or_rejected():
    User.objects.system()
    admin = make_user(Level.ADMIN)
    burs = [request_of_age(46, f"alias a{number} -> b{number}") for number in range(5)]
    copies = [BulkUpdateRequest.objects.get(pk=bur.pk) for bur in burs]

    def approve_all():
        for copy in reversed(copies):
            copy.approve(admin)

    pruning, _ = at_once(prune_bulk_update_requests, approve_all)
    assert pruning is None
    for bur in burs:
        bur.refresh_from_db()
        posts = bodies(bur)
        assert (REJECTION in posts) == any("has been rejected by" in body for body in posts)
        if bur.status == "rejected":
            assert REJECTION in posts
