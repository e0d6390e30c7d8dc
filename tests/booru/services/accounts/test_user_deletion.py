"""What happens at once when an account is deleted, and taking it back."""

from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from booru.models import Dmail, Level, ModAction, User, UserEvent, UserNameChangeRequest
from booru.services.accounts.user_deletion import delete_user, undelete_user
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from jobs.users import DeleteUserJob
from tests.booru.services.accounts.accounts import PASSWORD, make_account
from tests.support.at_once import at_once
from tests.support.dying import Death, Died
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def problems(user, deleter, password=""):
    with pytest.raises(ValidationError) as caught:
        delete_user(user, deleter, password)
    after = User.objects.get(pk=user.pk)
    assert (after.name, after.is_deleted, after.password) == (user.name, user.is_deleted, user.password)
    assert_no_enqueued(DeleteUserJob)
    return caught.value.messages


def test_the_name_is_given_up_and_nobody_can_log_in():
    user = UserFactory(name="alice")
    delete_user(user, user, PASSWORD)
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.is_deleted) == (f"user_{user.pk}", True)
    assert not user.check_password(PASSWORD)
    assert not user.has_usable_password()
    change = UserNameChangeRequest.objects.get()
    assert (change.user, change.original_name, change.desired_name) == (user, "alice", user.name)
    assert not ModAction.objects.exists()
    assert not Dmail.objects.exists()
    assert_enqueued(DeleteUserJob, user)


def test_a_name_change_of_this_week_is_no_obstacle():
    user = UserFactory(name="alice")
    UserNameChangeRequest.objects.create(user=user, original_name="bob", desired_name="alice")
    delete_user(user, user, PASSWORD)
    assert User.objects.get(pk=user.pk).is_deleted


def test_by_the_owner_it_is_on_record():
    user, owner = UserFactory(), UserFactory(level=Level.OWNER)
    delete_user(user, owner)
    action = ModAction.objects.get()
    assert (action.creator, action.category_name) == (owner, "user_delete")
    assert action.description == f"deleted user #{user.pk}"
    assert (action.subject_type, action.subject_id) == ("User", user.pk)
    assert User.objects.get(pk=user.pk).is_deleted
    assert_enqueued(DeleteUserJob, user)
    assert not UserEvent.objects.exists()


def test_a_wrong_password():
    user = UserFactory()
    assert problems(user, user, "wrong") == ["Password is incorrect"]
    assert problems(user, user) == ["Password is incorrect"]


@pytest.mark.parametrize(
    ("level", "message"),
    [
        (Level.MODERATOR, "Moderators cannot delete their account"),
        (Level.ADMIN, "Admins cannot delete their account"),
        (Level.OWNER, "Owners cannot delete their account"),
    ],
)
def test_moderators_and_up_stay(level, message):
    user = UserFactory(level=level)
    assert problems(user, user, PASSWORD) == [message]


def test_everything_that_is_against_it_is_told():
    user = UserFactory(level=Level.ADMIN, is_banned=True)
    assert problems(user, user, "wrong") == [
        "Password is incorrect",
        "Admins cannot delete their account",
        "You cannot delete your account if you are banned",
    ]


def test_an_admin_does_not_delete_others():
    message = "You cannot delete an account belonging to another user"
    assert problems(UserFactory(), UserFactory(level=Level.ADMIN)) == [message]
    assert not ModAction.objects.exists()


@pytest.mark.parametrize("level", [Level.GOLD, Level.MODERATOR, Level.OWNER])
def test_the_owner_does_not_delete_who_is_privileged(level):
    owner = UserFactory(level=Level.OWNER)
    assert problems(UserFactory(level=level), owner) == ["You cannot delete a privileged account"]


def test_what_counts_is_the_level_of_now():
    user, owner = UserFactory(), UserFactory(level=Level.OWNER)
    User.objects.filter(pk=user.pk).update(level=Level.GOLD)
    assert problems(user, owner) == ["You cannot delete a privileged account"]


def test_a_deleted_account_is_not_deleted_again():
    user, owner = UserFactory(), UserFactory(level=Level.OWNER)
    delete_user(user, owner)
    with pytest.raises(ValidationError) as caught:
        delete_user(user, owner)
    assert caught.value.messages == ["This account is deleted already"]
    assert ModAction.objects.count() == UserNameChangeRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deletions_at_once_are_one():
    user, owner = UserFactory(), UserFactory(level=Level.OWNER)
    errors = at_once(*(lambda: delete_user(User.objects.get(pk=user.pk), owner) for _ in range(2)))
    assert [error.messages for error in errors if error] == [["This account is deleted already"]]
    assert ModAction.objects.count() == UserNameChangeRequest.objects.count() == 1


def test_a_deletion_that_dies_at_any_statement_changes_nothing():
    user, owner = UserFactory(name="alice"), UserFactory(level=Level.OWNER)
    for at in count(1):
        death = Death(at)
        with transaction.atomic():
            try:
                with connection.execute_wrapper(death):
                    delete_user(User.objects.get(pk=user.pk), owner)
            except Died:
                transaction.set_rollback(False)
                after = User.objects.get(pk=user.pk)
                assert (after.name, after.is_deleted) == ("alice", False), f"died at statement {at}"
                assert after.check_password(PASSWORD)
                assert not UserNameChangeRequest.objects.exists()
                assert not ModAction.objects.exists()
                assert_no_enqueued()
            transaction.set_rollback(True)
        if death.left > 0:
            assert at > 5
            return


def test_an_undeleted_user_has_the_old_name_and_a_new_password():
    user, owner = make_account().user, UserFactory(level=Level.OWNER)
    delete_user(user, owner)
    perform_enqueued_jobs(raise_errors=True)
    undelete_user(user, owner, "new password")
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.is_deleted) == ("leaver", False)
    assert user.check_password("new password")
    action = ModAction.objects.latest("pk")
    assert (action.category_name, action.description) == ("user_undelete", f"undeleted user #{user.pk}")
    names = user.user_name_change_requests.order_by("pk").values_list("original_name", "desired_name")
    assert list(names)[-2:] == [("leaver", f"user_{user.pk}"), (f"user_{user.pk}", "leaver")]


def test_who_is_undeleted_before_the_job_runs_loses_nothing():
    user, owner = make_account().user, UserFactory(level=Level.OWNER)
    delete_user(user, owner)
    undelete_user(user, owner, "new password")
    perform_enqueued_jobs(raise_errors=True)
    user = User.objects.get(pk=user.pk)
    assert user.api_keys.exists()
    assert user.saved_searches.exists()
    assert user.email_address.is_verified
    assert user.theme == "dark"


def test_a_name_that_was_taken_meanwhile_is_not_given_back():
    user, owner = UserFactory(name="alice"), UserFactory(level=Level.OWNER)
    delete_user(user, owner)
    UserFactory(name="Alice")
    with pytest.raises(ValidationError, match="the name alice is already taken"):
        undelete_user(user, owner, "new password")
    assert User.objects.get(pk=user.pk).is_deleted
    undelete_user(user, owner, "new password", "alice2")
    assert User.objects.get(pk=user.pk).name == "alice2"


def test_only_the_deleted_are_undeleted():
    user = UserFactory(name="alice")
    with pytest.raises(ValidationError, match="alice is not deleted"):
        undelete_user(user, UserFactory(level=Level.OWNER), "new password")
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
