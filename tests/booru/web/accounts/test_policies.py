"""Who may change users, for every kind of visitor."""

import pytest

from booru.models import Ban, Level, User, UserNameChangeRequest
from booru.web.accounts.policies import (
    EmailAddressPolicy,
    PromotionPolicy,
    UserDeletionPolicy,
    UserNameChangeRequestPolicy,
)
from booru.web.moderation.policies import BanPolicy
from tests.booru.web.visitors import ADMINS, GOOD_STANDING, LOGGED_IN, ME, STAFF, VISITORS, allowed


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
