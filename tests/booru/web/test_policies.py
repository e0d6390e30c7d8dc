"""Who may do what, for every kind of visitor."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from booru.models import (
    ApiKey,
    Artist,
    Ban,
    BulkUpdateRequest,
    Dmail,
    ForumPost,
    ForumPostVote,
    ForumTopic,
    Level,
    LoginSession,
    ModAction,
    ModerationReport,
    Pool,
    Post,
    SavedSearch,
    Tag,
    TagAlias,
    User,
    UserFeedback,
    UserNameChangeRequest,
    WikiPage,
)
from booru.web.accounts.policies import (
    EmailAddressPolicy,
    PromotionPolicy,
    UserDeletionPolicy,
    UserNameChangeRequestPolicy,
)
from booru.web.api.policies import ApiKeyPolicy
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from booru.web.forum.policies import ForumPostPolicy, ForumPostVotePolicy, ForumTopicPolicy
from booru.web.http.errors import AccessDenied
from booru.web.http.policies import JobPolicy, Policy, authorize
from booru.web.login.policies import LoginSessionPolicy, UserEventPolicy, UserPolicy
from booru.web.mailbox.policies import DmailPolicy
from booru.web.moderation.policies import (
    BanPolicy,
    ModActionPolicy,
    ModerationReportPolicy,
    UserFeedbackPolicy,
)
from booru.web.pages.policies import ArtistPolicy, PoolPolicy, SavedSearchPolicy, WikiPagePolicy
from booru.web.posts.policies import PostPolicy
from booru.web.security.policies import SecondFactorPolicy
from booru.web.site.policies import SentMailPolicy
from booru.web.tags.policies import TagPolicy, TagRelationshipPolicy
from tests.factories import ForumPostFactory, UserFactory, WikiPageFactory

ME = 1
VISITORS = {
    "anonymous": AnonymousUser(),
    "restricted": User(pk=ME, name="me", level=Level.RESTRICTED),
    "banned": User(pk=ME, name="me", level=Level.MEMBER, is_banned=True),
    "member": User(pk=ME, name="me", level=Level.MEMBER),
    "builder": User(pk=ME, name="me", level=Level.BUILDER),
    "moderator": User(pk=ME, name="me", level=Level.MODERATOR),
    "admin": User(pk=ME, name="me", level=Level.ADMIN),
    "owner": User(pk=ME, name="me", level=Level.OWNER),
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
    "policy",
    [
        PostPolicy,
        TagPolicy,
        TagRelationshipPolicy,
        WikiPagePolicy,
        UserPolicy,
        BulkUpdateRequestPolicy,
        JobPolicy,
    ],
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


def test_api_keys_are_ones_own():
    assert allowed(ApiKeyPolicy, "can_index") == allowed(ApiKeyPolicy, "can_create") == LOGGED_IN
    assert allowed(ApiKeyPolicy, "can_update", ApiKey(user_id=ME)) == LOGGED_IN
    assert allowed(ApiKeyPolicy, "can_update", ApiKey(user_id=2)) == set()


def test_a_second_factor_is_ones_own():
    assert allowed(SecondFactorPolicy, "can_update", User(pk=ME)) == LOGGED_IN
    assert allowed(SecondFactorPolicy, "can_update", User(pk=2)) == set()


def test_admins_help_users_below_them_who_lost_their_second_factor():
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.MODERATOR)) == ADMINS
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.ADMIN)) == {"owner"}
    assert allowed(SecondFactorPolicy, "can_recover", User(pk=2, level=Level.OWNER)) == set()


def test_one_sees_where_one_is_logged_in():
    assert allowed(UserEventPolicy, "can_index") == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_index") == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_destroy") == set()
    assert allowed(LoginSessionPolicy, "can_destroy", LoginSession(user_id=ME)) == LOGGED_IN
    assert allowed(LoginSessionPolicy, "can_destroy", LoginSession(user_id=2)) == set()


def test_email_addresses_are_listed_for_moderators():
    assert allowed(EmailAddressPolicy, "can_index") == STAFF


def test_an_email_address_is_seen_by_its_owner_and_by_moderators_above_them():
    assert allowed(EmailAddressPolicy, "can_show", User(pk=ME)) == LOGGED_IN
    assert allowed(EmailAddressPolicy, "can_show", User(pk=2, level=Level.MEMBER)) == STAFF
    assert allowed(EmailAddressPolicy, "can_show", User(pk=2, level=Level.MODERATOR)) == ADMINS
    assert allowed(EmailAddressPolicy, "can_show", User(pk=2, level=Level.OWNER)) == set()


def test_an_email_address_is_changed_by_its_owner_and_by_admins_unless_it_is_the_staffs():
    assert allowed(EmailAddressPolicy, "can_update", User(pk=ME)) == LOGGED_IN - {"banned"}
    for level in (Level.RESTRICTED, Level.MEMBER, Level.APPROVER):
        assert allowed(EmailAddressPolicy, "can_update", User(pk=2, level=level)) == ADMINS
    for level in (Level.MODERATOR, Level.ADMIN, Level.OWNER):
        assert allowed(EmailAddressPolicy, "can_update", User(pk=2, level=level)) == set()
    banned = User(pk=3, level=Level.ADMIN, is_banned=True)
    assert not EmailAddressPolicy(banned, User(pk=2, level=Level.MEMBER)).can_update


def test_a_dead_address_is_tried_again_by_moderators_above_its_user():
    assert allowed(EmailAddressPolicy, "can_forget_bounce", User(pk=2, level=Level.MEMBER)) == STAFF
    assert allowed(EmailAddressPolicy, "can_forget_bounce", User(pk=2, level=Level.MODERATOR)) == ADMINS


@pytest.mark.parametrize("permission", ["can_index", "can_show"])
def test_admins_alone_see_what_was_sent_to_whom(permission):
    assert allowed(SentMailPolicy, permission) == ADMINS


@pytest.mark.parametrize("permission", ["can_destroy", "can_confirm"])
def test_an_email_address_is_removed_and_confirmed_by_its_owner_alone(permission):
    assert allowed(EmailAddressPolicy, permission, User(pk=ME)) == LOGGED_IN
    assert allowed(EmailAddressPolicy, permission, User(pk=2, level=Level.RESTRICTED)) == set()


def test_an_account_is_deleted_by_its_user_and_by_the_owner():
    assert allowed(UserDeletionPolicy, "can_destroy", User(pk=ME)) == LOGGED_IN
    assert allowed(UserDeletionPolicy, "can_destroy", User(pk=2)) == {"owner"}
    assert allowed(UserDeletionPolicy, "can_destroy") == set()


@pytest.mark.parametrize(
    ("level", "who"),
    [(Level.APPROVER, STAFF), (Level.MODERATOR, ADMINS), (Level.ADMIN, {"owner"}), (Level.OWNER, set())],
)
def test_users_below_oneself_are_promoted_and_banned_by_moderators(level, who):
    user = User(pk=2, level=level)
    assert allowed(PromotionPolicy, "can_edit", user) == who
    assert allowed(BanPolicy, "can_update", Ban(user=user)) == who
    assert allowed(BanPolicy, "can_destroy", Ban(user=user)) == who
    assert {name for name, viewer in VISITORS.items() if BanPolicy(viewer).can_ban(user)} == who


def test_moderators_ban_and_admins_delete_votes():
    assert allowed(BanPolicy, "can_create") == STAFF
    assert allowed(BanPolicy, "can_delete_votes") == ADMINS
    assert allowed(PromotionPolicy, "can_edit") == set()


def test_a_name_is_changed_by_its_user_and_by_moderators():
    def of(user):
        return UserNameChangeRequest(user=user)

    policy = UserNameChangeRequestPolicy
    assert allowed(policy, "can_create", of(User(pk=ME, name="alice"))) == GOOD_STANDING
    assert allowed(policy, "can_create", of(User(pk=2, level=Level.APPROVER))) == STAFF
    assert allowed(policy, "can_create", of(User(pk=2, level=Level.MODERATOR))) == set()
    assert allowed(policy, "can_create", of(User(pk=2, is_deleted=True))) == set()
    assert allowed(policy, "can_create") == set()
    assert allowed(policy, "can_index") == LOGGED_IN
    assert allowed(policy, "can_show", of(User(pk=2))) == LOGGED_IN
    assert allowed(policy, "can_show", of(User(pk=2, is_deleted=True))) == STAFF


def test_an_invalid_name_is_changed_in_any_standing():
    for fields in ({"is_banned": True}, {"level": Level.RESTRICTED}):
        user = User(pk=ME, name="a*b", **fields)
        assert UserNameChangeRequestPolicy(user, UserNameChangeRequest(user=user)).can_create


def test_feedback_is_given_from_gold_up():
    assert allowed(UserFeedbackPolicy, "can_create") == {"builder", *STAFF}
    assert UserFeedbackPolicy(User(pk=ME, level=Level.GOLD)).can_create
    assert not UserFeedbackPolicy(User(pk=ME, level=Level.GOLD, is_banned=True)).can_create


def test_feedback_is_changed_by_its_creator_and_by_moderators():
    policy = UserFeedbackPolicy
    assert allowed(policy, "can_update", UserFeedback(creator_id=ME, user_id=2)) == {"builder", *STAFF}
    assert allowed(policy, "can_update", UserFeedback(creator_id=ME, user_id=2, is_deleted=True)) == STAFF
    assert allowed(policy, "can_update", UserFeedback(creator_id=3, user_id=2)) == STAFF
    assert allowed(policy, "can_update", UserFeedback(creator_id=3, user_id=ME)) == set()
    assert allowed(policy, "can_show", UserFeedback()) == EVERYBODY
    assert allowed(policy, "can_show", UserFeedback(is_deleted=True)) == STAFF


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


def test_reports_are_for_moderators_in_good_standing():
    for permission in ("can_index", "can_show", "can_update"):
        assert allowed(ModerationReportPolicy, permission, ModerationReport()) == STAFF
    assert allowed(ModerationReportPolicy, "can_create") == GOOD_STANDING
    banned = User(level=Level.MODERATOR, is_banned=True)
    assert not ModerationReportPolicy(banned).can_index


def letter(sender_level=Level.MEMBER, name="someone", days=0, **people):
    people = {"owner_id": ME, "to_user_id": ME, **people}
    sender = User(pk=2, name=name, level=sender_level)
    return Dmail(from_user=sender, created_at=timezone.now() - timedelta(days=days), **people)


def test_one_reports_what_others_below_moderator_wrote_to_one_within_a_year():
    def reporters(dmail):
        return allowed(DmailPolicy, "can_report", dmail)

    assert reporters(letter()) == GOOD_STANDING
    assert reporters(letter(days=364)) == GOOD_STANDING
    assert reporters(letter(days=366)) == set()
    assert reporters(letter(Level.APPROVER)) == GOOD_STANDING
    assert reporters(letter(Level.MODERATOR)) == set()
    assert reporters(letter(name="DanbooruBot")) == set()
    assert reporters(letter(owner_id=2)) == set()
    assert reporters(letter(to_user_id=2)) == set()


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


def test_posts_are_edited_and_voted_on_in_good_standing():
    assert allowed(PostPolicy, "can_update", Post()) == GOOD_STANDING
    assert allowed(PostPolicy, "can_vote", Post()) == GOOD_STANDING


@pytest.mark.parametrize(
    ("policy", "record"), [(WikiPagePolicy, WikiPage()), (PoolPolicy, Pool()), (ArtistPolicy, Artist())]
)
def test_records_are_written_in_good_standing_and_deleted_by_builders(policy, record):
    builders = {"builder", *STAFF}
    assert allowed(policy, "can_create") == GOOD_STANDING
    assert allowed(policy, "can_update", record) == GOOD_STANDING
    assert allowed(policy, "can_destroy", record) == builders
    may_restore = {name for name, user in VISITORS.items() if "is_deleted" in policy(user).write_fields}
    assert may_restore == builders


def test_locked_pages_and_deleted_pools_are_for_builders():
    builders = {"builder", *STAFF}
    assert allowed(WikiPagePolicy, "can_update", WikiPage(is_locked=True)) == builders
    assert allowed(PoolPolicy, "can_update", Pool(is_deleted=True)) == builders
    may_lock = {name for name, user in VISITORS.items() if "is_locked" in WikiPagePolicy(user).write_fields}
    assert may_lock == builders


def test_saved_searches_are_for_their_owner_alone():
    assert allowed(SavedSearchPolicy, "can_index") == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_create") == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_update", SavedSearch(user_id=ME)) == LOGGED_IN
    assert allowed(SavedSearchPolicy, "can_update", SavedSearch(user_id=2)) == set()


def test_nobody_may_touch_a_record_that_is_not_there():
    for policy in Policy.__subclasses__():
        for permission in (
            "can_update",
            "can_approve",
            "can_reject",
            "can_revert",
            "can_reply",
            "can_vote",
            "can_dry_run",
        ):
            if hasattr(policy, permission):
                assert allowed(policy, permission) == set()


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


def test_aliases_and_implications_are_deleted_by_admins():
    assert allowed(TagRelationshipPolicy, "can_destroy", TagAlias()) == ADMINS


def test_some_mod_actions_are_for_moderators():
    ban, secret = ModAction.Category.USER_BAN, ModAction.Category.IP_BAN_CREATE
    assert allowed(ModActionPolicy, "can_show", ModAction(category=ban)) == EVERYBODY
    assert allowed(ModActionPolicy, "can_show", ModAction(category=secret)) == STAFF


@pytest.mark.parametrize(
    ("post_count", "who"),
    [(49, GOOD_STANDING), (50, {"builder", *STAFF}), (999, {"builder", *STAFF}), (1000, ADMINS)],
)
def test_the_more_posts_a_tag_has_the_fewer_change_its_category(post_count, who):
    assert allowed(TagPolicy, "can_change_category", Tag(name="a", post_count=post_count)) == who


@pytest.mark.django_db
def test_the_category_of_an_artist_with_an_entry_stays():
    Artist.objects.create(name="a")
    assert allowed(TagPolicy, "can_change_category", Tag(name="a", category=1)) == set()


@pytest.mark.django_db
def test_admins_deprecate_tags_that_have_a_wiki_page():
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == set()
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a", is_deprecated=True)) == ADMINS
    page = WikiPageFactory(title="a")
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == ADMINS
    WikiPage.objects.filter(pk=page.pk).update(is_deleted=True)
    assert allowed(TagPolicy, "can_change_deprecation", Tag(name="a")) == set()


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


def test_authorize_refuses_what_is_not_allowed():
    authorize(True)
    with pytest.raises(AccessDenied, match="Access denied"):
        authorize(False)
