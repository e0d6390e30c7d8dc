import pytest
from django.core.exceptions import ValidationError

from booru.models import EmailAddress, Level
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db


def errors_of(address: str, user=None) -> dict[str, list[str]]:
    record = EmailAddress(user=user or UserFactory())
    record.assign(address)
    try:
        record.validate()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_assigning_corrects_canonicalises_and_takes_verification_back():
    record = EmailAddressFactory(is_verified=True, is_deliverable=False)
    record.assign("Foo.Bar+baz@gmail.con")
    assert record.address == "Foo.Bar+baz@gmail.com"
    assert record.normalized_address == "foobar@gmail.com"
    assert not record.is_verified
    assert record.is_deliverable


@pytest.mark.parametrize(
    ("address", "messages"),
    [
        ("", ["can't be blank"]),
        ("foo", ["is invalid"]),
        (f"{'a' * 89}@example.com", ["is too long (maximum is 100 characters)"]),
        (f"{'a' * 100}@x", ["is invalid", "is too long (maximum is 100 characters)"]),
        (f"{'a' * 88}@example.com", None),
    ],
)
def test_what_an_address_must_look_like(address, messages):
    assert errors_of(address) == ({"address": messages} if messages else {})


def test_another_spelling_of_a_taken_mailbox_is_taken():
    EmailAddressFactory(address="foo@gmail.com")
    assert errors_of("f.o.o+x@googlemail.com") == {"normalized_address": ["has already been taken"]}


def test_a_user_has_one_address():
    user = EmailAddressFactory().user
    assert errors_of("another@example.com", user) == {"user": ["has already been taken"]}


def test_the_own_address_is_not_taken():
    EmailAddressFactory(address="foo@gmail.com").validate()


def test_saving_an_address_that_was_taken_since_it_was_checked_is_refused_in_the_usual_words():
    record = EmailAddress(user=UserFactory())
    record.assign("foo@example.com")
    record.validate()
    EmailAddressFactory(address="foo@example.com")
    with pytest.raises(ValidationError) as caught:
        record.save()
    assert caught.value.message_dict == {"normalized_address": ["has already been taken"]}


@pytest.mark.parametrize(
    ("address", "level", "level_after"),
    [
        ("foo@gmail.com", Level.RESTRICTED, Level.MEMBER),
        ("foo@googlemail.com", Level.RESTRICTED, Level.MEMBER),
        ("foo@example.com", Level.RESTRICTED, Level.RESTRICTED),
        ("foo@gmail.com", Level.GOLD, Level.GOLD),
    ],
)
def test_verifying_a_well_known_address_lifts_a_restriction(address, level, level_after):
    record = EmailAddressFactory(address=address, user__level=level, is_verified=False)
    record.verify()
    assert record.is_verified
    assert record.user.level == level_after
    assert record.user.is_verified is (level_after != level)
    record.refresh_from_db()
    assert record.is_verified
    assert record.user.level == level_after


def test_a_changed_address_is_not_verified_by_the_old_record():
    record = EmailAddressFactory(address="old@gmail.com", is_verified=False)
    EmailAddress.objects.filter(pk=record.pk).update(
        address="new@gmail.com", normalized_address="new@gmail.com"
    )
    record.verify()
    record.refresh_from_db()
    assert not record.is_verified
