from functools import partial

import pytest
from django.core.exceptions import ValidationError

from booru.models import User
from booru.services.accounts.passwords import NewPassword, ResetLinkVoid, check_new_password, reset_password
from mailers.content import tokens
from tests.support.at_once import at_once
from tests.support.factories import EmailAddressFactory

LONG = "x" * 100_000


@pytest.mark.parametrize("password", ["12345", "     ", "\U0001f4a9" * 5, LONG])
def test_five_characters_of_any_kind_are_enough(password):
    check_new_password(password, password)


@pytest.mark.parametrize("password", ["", "1234", "\U0001f4a9" * 4])
def test_fewer_are_not(password):
    with pytest.raises(ValidationError) as caught:
        check_new_password(password, password)
    assert caught.value.message_dict == {"password": ["is too short (minimum is 5 characters)"]}


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_used_twice_at_once_works_once():
    user = EmailAddressFactory().user
    token = tokens.password_reset_token(user)
    passwords = [f"password {number}" for number in range(4)]
    tasks = [partial(reset_password, token, NewPassword(text, text)) for text in passwords]
    errors = at_once(*tasks)
    assert [type(error) for error in errors if error] == [ResetLinkVoid] * 3
    won = passwords[errors.index(None)]
    assert User.objects.get(pk=user.pk).check_password(won)
