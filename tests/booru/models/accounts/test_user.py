import threading

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from booru.models import Level, User
from booru.models.accounts.user import validate_user_name
from tests.support.factories import EmailAddressFactory, UserFactory
from tests.support.waiting import PATIENCE, wait_until_blocked

pytestmark = pytest.mark.django_db


def test_the_first_person_becomes_the_owner_and_others_members():
    User.objects.system()
    assert User.objects.create_user("alice", "password").level == Level.OWNER
    assert User.objects.create_user("bob", "password").level == Level.MEMBER
    assert User.objects.create_user("carol", "password", level=Level.GOLD).level == Level.GOLD


def test_a_new_user_can_log_in_with_the_password_whatever_the_capitals_of_the_name():
    user = User.objects.create_user("Alice_B", "secret")
    assert authenticate(username="alice b", password="secret") == user
    assert authenticate(username="alice_b", password="wrong") is None
    assert authenticate(username="nobody", password="secret") is None


def test_without_a_password_nobody_can_log_in():
    user = User.objects.create_user("alice")
    assert not user.has_usable_password()


def test_email_notifications_are_off_for_new_users():
    assert not User.objects.create_user("alice").receive_email_notifications


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("TAKEN_name", "already taken"),
        ("danbooruBOT", "already taken"),
        ("a", "must be more than 1 character long"),
        ("a b", "can't contain whitespace"),
        ("moderator", "is a reserved name and can't be used"),
        ("Anonymous", "is a reserved name and can't be used"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_saved(name, message):
    UserFactory(name="taken_Name")
    with pytest.raises(ValidationError) as caught:
        User.objects.create_user(name, "password")
    assert caught.value.message_dict == {"name": [message]}
    assert User.objects.count() == 1


def test_names_that_the_site_forbids(settings):
    settings.DANBOORU_FORBIDDEN_USER_NAMES = ["^spam"]
    with pytest.raises(ValidationError, match="is not allowed"):
        User.objects.create_user("SpamKing")


def test_a_user_may_keep_the_own_name():
    user = UserFactory(name="alice")
    validate_user_name("Alice", user)
    with pytest.raises(ValidationError, match="already taken"):
        validate_user_name("Alice")


@pytest.mark.django_db(transaction=True)
def test_a_name_taken_at_the_same_moment_is_refused_in_the_usual_words():
    messages = []

    def sign_up():
        try:
            User.objects.create_user("Alice", "password")
        except ValidationError as error:
            messages.extend(error.messages)
        finally:
            connection.close()

    with transaction.atomic():
        UserFactory(name="alice")
        # Does not see the row, checks the name, and then waits for it in the unique index.
        thread = threading.Thread(target=sign_up)
        thread.start()
        wait_until_blocked()
    thread.join(PATIENCE)
    assert messages == ["already taken"]
    assert User.objects.count() == 1


def test_users_are_found_by_name_with_spaces_and_any_capitals():
    user = UserFactory(name="Foo_Bar")
    assert User.objects.by_name("foo bar") == user
    assert User.objects.by_name(" FOO_BAR ") == user
    assert User.objects.by_name("foo") is None
    assert User.objects.by_name("") is None


def test_users_are_found_by_any_spelling_of_their_mailbox():
    user = EmailAddressFactory(address="f.oo@gmail.com").user
    assert User.objects.by_name_or_email("Foo+login@googlemail.com") == user
    assert User.objects.by_name_or_email("foo@gmail.con") == user
    assert User.objects.by_name_or_email(user.name.upper()) == user
    assert User.objects.by_name_or_email("bar@gmail.com") is None
    assert User.objects.by_name_or_email("@") is None


def test_the_system_user_is_made_once(settings):
    system = User.objects.system()
    assert (system.name, system.level) == ("DanbooruBot", Level.MODERATOR)
    assert system.is_system
    assert not system.has_usable_password()
    assert User.objects.system() == system
    assert not UserFactory().is_system
    settings.DANBOORU_SYSTEM_USER = "OtherBot"
    assert User.objects.system() != system


@pytest.mark.parametrize(
    ("level", "powers"),
    [
        (Level.RESTRICTED, {"is_restricted"}),
        (Level.MEMBER, set()),
        (Level.PLATINUM, {"is_gold"}),
        (Level.BUILDER, {"is_gold", "is_builder"}),
        (Level.APPROVER, {"is_gold", "is_builder", "is_approver"}),
        (Level.MODERATOR, {"is_gold", "is_builder", "is_approver", "is_moderator"}),
        (Level.ADMIN, {"is_gold", "is_builder", "is_approver", "is_moderator", "is_admin"}),
        (Level.OWNER, {"is_gold", "is_builder", "is_approver", "is_moderator", "is_admin", "is_owner"}),
    ],
)
def test_a_level_has_the_powers_of_those_below(level, powers):
    user = UserFactory.build(level=level)
    questions = {
        "is_restricted",
        "is_gold",
        "is_builder",
        "is_approver",
        "is_moderator",
        "is_admin",
        "is_owner",
    }
    assert {question for question in questions if getattr(user, question)} == powers


def test_good_standing_needs_a_member_who_is_not_banned():
    assert UserFactory.build().is_in_good_standing
    assert not UserFactory.build(level=Level.RESTRICTED).is_in_good_standing
    assert not UserFactory.build(level=Level.ADMIN, is_banned=True).is_in_good_standing


def test_how_a_user_is_shown():
    user = UserFactory(name="foo_bar", level=Level.GOLD)
    assert (str(user), user.pretty_name, user.level_name) == ("foo_bar", "foo bar", "Gold")
    assert user.get_absolute_url() == f"/users/{user.pk}"


@pytest.mark.parametrize(
    ("address", "with_any", "with_verified"),
    [
        (None, False, False),
        ({}, True, True),
        ({"is_verified": False}, True, False),
        ({"is_deliverable": False}, False, False),
    ],
)
def test_who_can_receive_email(address, with_any, with_verified):
    user = UserFactory()
    if address is not None:
        EmailAddressFactory(user=user, **address)
    assert user.can_receive_email(require_verified=False) is with_any
    assert user.can_receive_email(require_verified=True) is with_verified
