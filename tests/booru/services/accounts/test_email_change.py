import pytest
from django.core.exceptions import ValidationError

from booru.models import EmailAddress, ModAction
from booru.services.accounts.email_change import change_email_address, check_new_address
from jobs.engine.models import BackgroundJob
from jobs.mail import MailDeliveryJob
from tests.support.at_once import at_once
from tests.support.dns_server import dns_server
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db


def mails():
    """The emails that wait, and to whom."""
    jobs = BackgroundJob.objects.order_by("pk")
    return [job.arguments["args"][1:2] for job in jobs]


def test_a_user_gets_a_first_address():
    user = UserFactory()
    assert change_email_address(user, " mailto:Foo.Bar@gmail.con ", by=user)
    record = EmailAddress.objects.get(user=user)
    assert (record.address, record.normalized_address) == ("Foo.Bar@gmail.com", "foobar@gmail.com")
    assert not record.is_verified
    assert mails() == [["email_change_confirmation"]]
    assert not ModAction.objects.exists()


def test_a_new_address_replaces_the_old_one_and_is_not_verified():
    user = EmailAddressFactory(address="old@example.com", is_deliverable=False).user
    assert change_email_address(user, "new@example.com", by=user)
    record = EmailAddress.objects.get()
    assert (record.address, record.is_verified, record.is_deliverable) == ("new@example.com", False, True)


def test_another_spelling_of_the_own_mailbox_is_a_change():
    user = EmailAddressFactory(address="foo@gmail.com").user
    assert change_email_address(user, "f.o.o+x@gmail.com", by=user)
    assert not EmailAddress.objects.get().is_verified


def test_the_same_address_stays_verified_and_is_not_asked_again():
    user = EmailAddressFactory(address="foo@example.com").user
    assert not change_email_address(user, "foo@example.com", by=user)
    assert EmailAddress.objects.get().is_verified
    assert mails() == []


@pytest.mark.parametrize("state", [{"is_verified": False}, {"is_deliverable": False}])
def test_the_same_address_is_asked_again_when_it_was_not_verified_or_bounced(state):
    user = EmailAddressFactory(address="foo@example.com", **state).user
    admin = UserFactory()
    assert change_email_address(user, "foo@example.com", by=admin)
    assert EmailAddress.objects.get().is_deliverable
    assert mails() == [["email_change_confirmation"]]
    assert not ModAction.objects.exists(), "it is the same address as before"


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("old@example.com", "from old@example.com to new@example.com"),
        ("", "to new@example.com"),
    ],
)
def test_somebody_elses_change_is_a_mod_action(old, told):
    user, admin = UserFactory(), UserFactory()
    if old:
        EmailAddressFactory(user=user, address=old)
    change_email_address(user, "new@example.com", by=admin)
    action = ModAction.objects.get()
    assert action.description == f"changed user #{user.pk}'s email {told}"
    assert action.category == ModAction.Category.EMAIL_ADDRESS_UPDATE == 501
    assert (action.creator, action.subject_type, action.subject_id) == (admin, "User", user.pk)


@pytest.mark.parametrize(
    ("address", "messages"),
    [
        ("", {"address": ["can't be blank"]}),
        ("invalid", {"address": ["is invalid"]}),
        ("taken@example.com", {"normalized_address": ["has already been taken"]}),
        (f"{'a' * 100}@example.com", {"address": ["is too long (maximum is 100 characters)"]}),
    ],
)
def test_a_bad_address_changes_nothing(address, messages):
    EmailAddressFactory(address="taken@example.com")
    user = EmailAddressFactory(address="old@example.com").user
    for change in (change_email_address, lambda user, address, by: check_new_address(user, address)):
        with pytest.raises(ValidationError) as caught:
            change(user, address, by=UserFactory())
        assert caught.value.message_dict == messages
    record = EmailAddress.objects.get(user=user)
    assert (record.address, record.is_verified) == ("old@example.com", True)
    assert mails() == []
    assert not ModAction.objects.exists()


def test_an_address_that_no_mail_reaches_is_refused(settings, monkeypatch):
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = True
    user = UserFactory()
    with dns_server({"example.net": {"MX": ["10 mail.example.net."]}}) as resolver:
        # What the machine's own resolver is made of.
        monkeypatch.setattr("dns.resolver.Resolver.read_resolv_conf", lambda self, _: use(self, resolver))
        check_new_address(user, "foo@example.net")
        with pytest.raises(ValidationError) as caught:
            check_new_address(user, "foo@example.org")
    assert caught.value.message_dict == {"address": ["is invalid or does not exist"]}


def use(resolver, other):
    resolver.nameservers, resolver.port = other.nameservers, other.port


def test_the_email_is_enqueued_with_the_change_or_not_at_all():
    user = UserFactory()
    change_email_address(user, "foo@example.com", by=user)
    (job,) = BackgroundJob.objects.all()
    assert job.job_class == f"{MailDeliveryJob.__module__}.{MailDeliveryJob.__qualname__}"
    assert job.queue_name == "mail"
    assert "foo@example.com" not in str(job.arguments)


@pytest.mark.django_db(transaction=True)
def test_of_two_users_who_take_an_address_at_once_one_gets_it():
    users = [UserFactory(), UserFactory()]

    errors = at_once(
        *(lambda user=user: change_email_address(user, "foo@example.com", by=user) for user in users)
    )
    (refusal,) = filter(None, errors)
    assert refusal.message_dict == {"normalized_address": ["has already been taken"]}
    assert BackgroundJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_one_user_at_once_leave_one_address():
    user, admin = UserFactory(), UserFactory()
    changes = [lambda n=n: change_email_address(user, f"foo{n}@example.com", by=admin) for n in range(2)]
    assert at_once(*changes) == [None, None]
    first, second = ModAction.objects.order_by("pk")
    assert second.description.endswith(
        f"from {first.description.split()[-1]} to {EmailAddress.objects.get()}"
    )
