"""Who may make, change, approve and revert requests, for every kind of visitor."""

import pytest

from booru.models import ForumPostVote, Level
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from tests.booru.web.bulk_update_requests.levels import bur
from tests.booru.web.visitors import ADMINS, GOOD_STANDING, LOGGED_IN, STAFF, allowed
from tests.support.factories import ForumPostFactory, UserFactory


def test_burs_are_made_in_good_standing():
    assert allowed(BulkUpdateRequestPolicy, "can_create") == GOOD_STANDING


@pytest.mark.parametrize("status", ["pending", "failed", "rejected"])
def test_an_open_bur_is_edited_by_admins_and_its_requester(status):
    assert allowed(BulkUpdateRequestPolicy, "can_update", bur(status)) == GOOD_STANDING
    assert allowed(BulkUpdateRequestPolicy, "can_update", bur(status, user_id=2)) == ADMINS


@pytest.mark.parametrize("status", ["approved", "processing"])
def test_an_approved_bur_is_left_alone(status):
    for permission in ("can_update", "can_approve", "can_reject"):
        assert allowed(BulkUpdateRequestPolicy, permission, bur(status)) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["approved", "failed"])
def test_a_bur_that_was_applied_is_reverted_by_admins(status):
    assert allowed(BulkUpdateRequestPolicy, "can_revert", bur(status)) == ADMINS


@pytest.mark.parametrize("status", ["pending", "rejected", "processing"])
def test_a_bur_that_was_not_applied_is_not_reverted(status):
    assert allowed(BulkUpdateRequestPolicy, "can_revert", bur(status)) == set()


def test_a_bur_is_approved_from_its_level_up():
    assert allowed(BulkUpdateRequestPolicy, "can_approve", bur(level=Level.ADMIN)) == ADMINS
    assert allowed(BulkUpdateRequestPolicy, "can_approve", bur(level=Level.MODERATOR)) == STAFF
    assert allowed(BulkUpdateRequestPolicy, "can_approve", bur(level=Level.BUILDER)) == {"builder", *STAFF}
    assert allowed(BulkUpdateRequestPolicy, "can_approve", bur("failed")) == ADMINS


@pytest.mark.parametrize(
    ("status", "who"), [("pending", LOGGED_IN), ("failed", LOGGED_IN), ("approved", set())]
)
def test_who_is_logged_in_sees_what_an_open_bur_would_do(status, who):
    assert allowed(BulkUpdateRequestPolicy, "can_dry_run", bur(status)) == who


def test_a_pending_bur_is_rejected_by_admins_and_its_requester():
    assert allowed(BulkUpdateRequestPolicy, "can_reject", bur()) == GOOD_STANDING
    assert allowed(BulkUpdateRequestPolicy, "can_reject", bur(user_id=2)) == ADMINS
    assert allowed(BulkUpdateRequestPolicy, "can_reject", bur("failed")) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("votes", "who"), [(4, GOOD_STANDING), (5, ADMINS)])
def test_a_bur_that_many_voted_on_is_edited_by_admins_alone(votes, who):
    post = ForumPostFactory()
    for place in range(votes):
        ForumPostVote.objects.cast(post, UserFactory(), place % 3 - 1)
    record = bur()
    record.forum_post = post
    assert allowed(BulkUpdateRequestPolicy, "can_update", record) == who
    assert allowed(BulkUpdateRequestPolicy, "can_reject", record) == GOOD_STANDING
