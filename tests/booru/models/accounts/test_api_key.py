from functools import partial

import pytest
from django.core.exceptions import ValidationError

from booru.models import ApiKey
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return UserFactory(name="alice_w")


def errors_of(user, **fields):
    with pytest.raises(ValidationError) as caught:
        ApiKey.objects.make(user, **fields)
    return caught.value


def test_a_key_is_known_by_its_digest_alone(user):
    api_key, key = ApiKey.objects.make(user, name="my script")
    assert key not in {str(value) for value in vars(ApiKey.objects.get()).values()}
    assert ApiKey.objects.authenticate("alice_w", key) == api_key
    assert ApiKey.objects.authenticate("alice_w", ApiKey.objects.get().key) is None


def test_keys_differ_and_cannot_be_guessed(user):
    keys = {ApiKey.objects.make(user)[1] for _ in range(5)}
    assert len(keys) == 5
    assert {len(key) for key in keys} == {32}


def test_a_key_is_good_for_its_user_alone(user):
    _, key = ApiKey.objects.make(user)
    UserFactory(name="bob")
    for login in ("Alice W", "ALICE_W"):
        assert ApiKey.objects.authenticate(login, key)
    for login in ("bob", "", "nobody", "a\0"):
        assert ApiKey.objects.authenticate(login, key) is None
    for wrong in ("", key.upper(), key[:-1], "\0", "x" * 100_000):
        assert ApiKey.objects.authenticate("alice_w", wrong) is None


def test_a_deleted_user_has_no_use_of_it(user):
    _, key = ApiKey.objects.make(user)
    user.is_deleted = True
    user.save()
    assert ApiKey.objects.authenticate("alice_w", key) is None


def test_addresses_and_networks_are_kept_in_their_usual_form(user):
    given = ["203.0.113.5", "203.0.113.7/24", "203.0.113.0/24", "2001:DB8:0::1", "2001:db8::/32"]
    api_key, _ = ApiKey.objects.make(user, addresses=given)
    assert api_key.permitted_ip_addresses == ["203.0.113.5", "203.0.113.0/24", "2001:db8::1", "2001:db8::/32"]


def test_a_key_may_be_for_some_addresses_alone(user):
    api_key, _ = ApiKey.objects.make(user, addresses=["203.0.113.0/24", "2001:db8::1"])
    assert api_key.permits_address("203.0.113.77")
    assert api_key.permits_address("2001:db8::1")
    assert api_key.permits_address("::ffff:203.0.113.77")
    assert not api_key.permits_address("203.0.114.1")
    assert not api_key.permits_address("2001:db8::2")
    assert not api_key.permits_address(None)
    anywhere, _ = ApiKey.objects.make(user)
    assert anywhere.permits_address("203.0.114.1")
    assert anywhere.permits_address(None)


def test_a_key_may_be_for_some_actions_alone(user):
    api_key, _ = ApiKey.objects.make(user, permissions=["posts:show", "posts:index", "posts:index"])
    assert api_key.permissions == ["posts:index", "posts:show"]
    assert api_key.permits("posts:index")
    assert not api_key.permits("posts:update")
    assert not api_key.permits(None)
    assert ApiKey.objects.make(user)[0].permits("posts:update")


def test_what_is_wrong_is_told(user):
    assert errors_of(user, name="x" * 101).message_dict == {
        "name": ["is too long (maximum is 100 characters)"]
    }
    for text in ("nonsense", "1.2.3", "1.2.3.4/33", "\0"):
        [message] = errors_of(user, addresses=[text]).message_dict["permitted_ip_addresses"]
        assert message.startswith("can't include")
    many = [f"10.0.{number}.1" for number in range(101)]
    assert errors_of(user, addresses=many).message_dict == {
        "permitted_ip_addresses": ["can't be more than 100"]
    }
    assert not ApiKey.objects.exists()


def test_a_user_has_twenty_keys_at_most(user):
    for _ in range(20):
        ApiKey.objects.make(user)
    assert errors_of(user).messages == ["You can't have more than 20 API keys."]
    ApiKey.objects.make(UserFactory())
    assert user.api_keys.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_not_both_the_twentieth():
    user = UserFactory()
    for _ in range(19):
        ApiKey.objects.make(user)
    errors = at_once(*[partial(ApiKey.objects.make, user)] * 3)
    assert [type(error) for error in errors if error] == [ValidationError] * 2
    assert user.api_keys.count() == 20


def test_what_is_not_given_stays(user):
    api_key, _ = ApiKey.objects.make(user, name="a", permissions=["posts:index"], addresses=["203.0.113.5"])
    api_key.change(name=" b\u200b ")
    api_key.refresh_from_db()
    assert (api_key.name, api_key.permissions) == ("b", ["posts:index"])
    assert api_key.permitted_ip_addresses == ["203.0.113.5"]
    assert str(api_key) == "b"
    api_key.change(name="", permissions=[], addresses=[])
    assert str(api_key) == f"API key #{api_key.pk}"
    assert (api_key.permissions, api_key.permitted_ip_addresses) == ([], [])


def test_uses_are_counted(user):
    api_key, _ = ApiKey.objects.make(user)
    api_key.note_use("203.0.113.5")
    api_key.note_use("203.0.113.6")
    api_key.refresh_from_db()
    assert (api_key.uses, api_key.last_ip_address) == (2, "203.0.113.6")
    assert api_key.last_used_at is not None
