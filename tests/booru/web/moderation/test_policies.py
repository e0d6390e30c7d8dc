"""Who may judge others, for every kind of visitor."""

from booru.models import Level, ModAction, ModerationReport, User, UserFeedback
from booru.web.moderation.policies import ModActionPolicy, ModerationReportPolicy, UserFeedbackPolicy
from tests.booru.web.visitors import EVERYBODY, GOOD_STANDING, ME, STAFF, allowed


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


def test_reports_are_for_moderators_in_good_standing():
    for permission in ("can_index", "can_show", "can_update"):
        assert allowed(ModerationReportPolicy, permission, ModerationReport()) == STAFF
    assert allowed(ModerationReportPolicy, "can_create") == GOOD_STANDING
    banned = User(level=Level.MODERATOR, is_banned=True)
    assert not ModerationReportPolicy(banned).can_index


def test_some_mod_actions_are_for_moderators():
    ban, secret = ModAction.Category.USER_BAN, ModAction.Category.IP_BAN_CREATE
    assert allowed(ModActionPolicy, "can_show", ModAction(category=ban)) == EVERYBODY
    assert allowed(ModActionPolicy, "can_show", ModAction(category=secret)) == STAFF
