from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import Dmail, Level, ModAction, User, UserNameChangeRequest
from booru.services.accounts.name_changes import change_name, has_invalid_name
from jobs.engine.testing import assert_no_enqueued
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
ONE_A_WEEK = "You can only submit one name change request per week"


def name_of(user):
    return User.objects.get(pk=user.pk).name


def problems(user, name, by):
    with pytest.raises(ValidationError) as caught:
        change_name(user, name, by)
    return caught.value.messages


def test_a_change_takes_effect_at_once_and_the_old_name_is_kept():
    user = UserFactory(name="alice")
    change = change_name(user, "wonder_alice", user)
    assert user.name == name_of(user) == "wonder_alice"
    assert (change.user, change.original_name, change.desired_name) == (user, "alice", "wonder_alice")
    assert not ModAction.objects.exists()
    assert not Dmail.objects.exists()


def test_somebody_else_may_have_the_old_name_then():
    user, other = UserFactory(name="alice"), UserFactory(name="bob")
    change_name(user, "wonder_alice", user)
    change_name(other, "Alice", other)
    assert name_of(other) == "Alice"


def test_by_a_moderator_it_is_on_record_and_the_user_is_told_without_an_email():
    user = UserFactory(name="a.swearword", with_email=True, receive_email_notifications=True)
    moderator = UserFactory(level=Level.MODERATOR)
    change_name(user, "flower", moderator)
    action = ModAction.objects.get()
    assert action.description == f"changed user #{user.pk}'s name from a.swearword to flower"
    assert (action.creator, action.category_name) == (moderator, "user_name_change")
    assert (action.subject_type, action.subject_id) == ("User", user.pk)
    dmail = Dmail.objects.get()
    assert (dmail.owner, dmail.title, dmail.is_automated) == (user, "Your username has been changed", True)
    assert "a.swearword" in dmail.body
    assert "flower" in dmail.body
    assert_no_enqueued()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("BOB", "already taken"),
        ("x", "must be more than 1 character long"),
        ("x" * 25, "must be less than 25 characters long"),
        ("a b", "can't contain whitespace"),
        ("_ab", "can't start with '_'"),
        ("ab.png", "can't end with a file extension"),
        ("a__b", "can't contain multiple underscores in a row"),
        ("a*b", "can't contain '*'"),
        ("user_12", "can't be the same as a deleted user"),
        ("moderator", "is a reserved name and can't be used"),
        ("alice", "is the name that it is already"),
        ("", "must be more than 1 character long"),
    ],
)
def test_a_name_that_cannot_be_had(name, message):
    UserFactory(name="bob")
    user = UserFactory(name="alice")
    with pytest.raises(ValidationError) as caught:
        change_name(user, name, user)
    assert caught.value.message_dict == {"desired_name": [message]}
    assert name_of(user) == user.name == "alice"
    assert not UserNameChangeRequest.objects.exists()


def test_a_name_that_the_site_forbids(settings):
    settings.DANBOORU_FORBIDDEN_USER_NAMES = ["admin"]
    user = UserFactory()
    assert problems(user, "the.admin.of.this", user) == ["is not allowed"]


def test_capitals_alone_may_change():
    user = UserFactory(name="alice")
    change_name(user, "Alice", user)
    assert name_of(user) == "Alice"


def test_once_a_week():
    user = UserFactory(name="alice")
    change_name(user, "alice2", user)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=-1)):
        assert problems(user, "alice3", user) == [ONE_A_WEEK]
    assert name_of(user) == "alice2"
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        change_name(user, "alice3", user)
    assert name_of(user) == "alice3"


def test_a_moderator_need_not_wait():
    user, moderator = UserFactory(name="alice"), UserFactory(level=Level.MODERATOR)
    change_name(user, "alice2", user)
    change_name(user, "alice3", moderator)
    assert name_of(user) == "alice3"


def test_whose_name_is_invalid_need_not_wait():
    user = UserFactory(name="alice")
    change_name(user, "alice2", user)
    User.objects.filter(pk=user.pk).update(name="alice**")
    change_name(user, "alice3", user)
    assert name_of(user) == "alice3"


def test_a_name_is_invalid_when_the_rules_say_so_now(settings):
    user = UserFactory(name="alice")
    assert not has_invalid_name(user)
    settings.DANBOORU_FORBIDDEN_USER_NAMES = ["^ali"]
    assert has_invalid_name(user)


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_counts():
    user = UserFactory(name="alice")
    errors = [
        error
        for error in at_once(
            *(
                lambda name=name: change_name(User.objects.get(pk=user.pk), name, user)
                for name in ("aa", "bb")
            )
        )
        if error
    ]
    assert [error.messages for error in errors] == [[ONE_A_WEEK]]
    assert UserNameChangeRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_same_name_one_gets_it():
    users = [UserFactory(name="alice"), UserFactory(name="bob")]
    errors = [
        error
        for error in at_once(*(lambda user=user: change_name(user, "Carol", user) for user in users))
        if error
    ]
    assert [error.message_dict for error in errors] == [{"desired_name": ["already taken"]}]
    assert UserNameChangeRequest.objects.count() == User.objects.filter(name="Carol").count() == 1


def test_who_sees_which_changes():
    kept, gone = UserFactory(), UserFactory(is_deleted=True)
    changes = [
        UserNameChangeRequest.objects.create(user=user, original_name="aa", desired_name="bb")
        for user in (kept, gone)
    ]
    visible = UserNameChangeRequest.objects.visible_to
    assert set(visible(UserFactory(level=Level.MODERATOR))) == set(changes)
    assert list(visible(UserFactory(level=Level.RESTRICTED))) == changes[:1]
    assert list(visible(None)) == []
