"""Who may do what, for every kind of visitor."""

import pytest
from django.contrib.auth.models import AnonymousUser

from booru.models import BulkUpdateRequest, Dmail, ForumPost, ForumTopic, Level, User
from booru.web.errors import AccessDenied
from booru.web.policies import (
    BulkUpdateRequestPolicy,
    DmailPolicy,
    ForumPostPolicy,
    ForumTopicPolicy,
    JobPolicy,
    Policy,
    PostPolicy,
    TagPolicy,
    UserPolicy,
    WikiPagePolicy,
    authorize,
)

ME = 1
VISITORS = {
    "anonymous": AnonymousUser(),
    "restricted": User(pk=ME, level=Level.RESTRICTED),
    "banned": User(pk=ME, level=Level.MEMBER, is_banned=True),
    "member": User(pk=ME, level=Level.MEMBER),
    "builder": User(pk=ME, level=Level.BUILDER),
    "moderator": User(pk=ME, level=Level.MODERATOR),
    "admin": User(pk=ME, level=Level.ADMIN),
    "owner": User(pk=ME, level=Level.OWNER),
}
EVERYBODY = set(VISITORS)
LOGGED_IN = EVERYBODY - {"anonymous"}
GOOD_STANDING = {"member", "builder", "moderator", "admin", "owner"}
STAFF = {"moderator", "admin", "owner"}
ADMINS = {"admin", "owner"}


def allowed(policy, permission, record=None):
    """The visitors who have the permission."""
    return {name for name, user in VISITORS.items() if getattr(policy(user, record), permission)}


class Bur(BulkUpdateRequest):
    """A request whose level is told instead of worked out from its script."""

    approval_level = Level.ADMIN

    class Meta:
        proxy = True
        app_label = "booru"


def bur(status="pending", user_id=ME, level=Level.ADMIN):
    record = Bur(pk=1, status=status, user_id=user_id)
    record.approval_level = level
    return record


@pytest.mark.parametrize(
    "policy", [PostPolicy, TagPolicy, WikiPagePolicy, UserPolicy, BulkUpdateRequestPolicy, JobPolicy]
)
def test_everybody_may_look(policy):
    assert allowed(policy, "can_index") == EVERYBODY
    assert allowed(policy, "can_show") == EVERYBODY


def test_only_admins_manage_jobs():
    assert allowed(JobPolicy, "can_manage") == ADMINS


def test_only_who_is_not_logged_in_signs_up():
    assert allowed(UserPolicy, "can_create") == {"anonymous"}


def test_one_changes_only_ones_own_settings():
    assert allowed(UserPolicy, "can_update", User(pk=ME)) == LOGGED_IN
    assert allowed(UserPolicy, "can_update", User(pk=2)) == set()


def test_moderators_see_the_email_addresses_of_users_below_them():
    assert allowed(UserPolicy, "can_see_email_address", User(pk=ME)) == LOGGED_IN
    assert allowed(UserPolicy, "can_see_email_address", User(pk=2, level=Level.MEMBER)) == STAFF
    assert allowed(UserPolicy, "can_see_email_address", User(pk=2, level=Level.MODERATOR)) == ADMINS
    assert allowed(UserPolicy, "can_see_email_address", User(pk=2, level=Level.OWNER)) == set()


def test_dmails_are_for_who_is_logged_in():
    assert allowed(DmailPolicy, "can_index") == LOGGED_IN
    assert allowed(DmailPolicy, "can_mark_all_as_read") == LOGGED_IN


def test_dmails_are_written_in_good_standing():
    assert allowed(DmailPolicy, "can_create") == GOOD_STANDING


def test_a_dmail_is_read_by_the_owner_of_the_copy_and_the_owner_of_the_site():
    assert allowed(DmailPolicy, "can_show", Dmail(owner_id=ME)) == LOGGED_IN
    assert allowed(DmailPolicy, "can_show", Dmail(owner_id=2)) == {"owner"}


def test_a_dmail_is_changed_by_the_owner_of_the_copy_alone():
    assert allowed(DmailPolicy, "can_update", Dmail(owner_id=ME)) == LOGGED_IN
    assert allowed(DmailPolicy, "can_update", Dmail(owner_id=2)) == set()


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


def test_nobody_may_touch_a_record_that_is_not_there():
    for policy in Policy.__subclasses__():
        for permission in (
            "can_update",
            "can_approve",
            "can_reject",
            "can_revert",
            "can_reply",
            "can_dry_run",
        ):
            if hasattr(policy, permission):
                assert allowed(policy, permission) == set()


def test_authorize_refuses_what_is_not_allowed():
    authorize(True)
    with pytest.raises(AccessDenied, match="Access denied"):
        authorize(False)
