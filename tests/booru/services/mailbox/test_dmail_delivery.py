from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from booru.models import Ban, Dmail, Level, ModerationReport, User
from booru.models.moderation.ban import FOREVER
from booru.services.mailbox.dmail_delivery import send_dmail
from jobs.engine.testing import assert_no_enqueued, enqueued_jobs
from tests.support.at_once import at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def always(_dmail):
    return True


def if_it_says_so(dmail):
    return "spam" in dmail.body


def broken(_dmail):
    raise RuntimeError("no service")


def broken_query(_dmail):
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM dmails")


@pytest.fixture
def checker(settings):
    def use(function):
        settings.DANBOORU_SPAM_CHECKER = f"{function.__module__}.{function.__name__}"

    use(if_it_says_so)
    return use


@pytest.fixture
def sender():
    return UserFactory()


@pytest.fixture
def recipient():
    return UserFactory(receive_email_notifications=True)


def received(recipient):
    return Dmail.objects.get(owner=recipient)


def test_what_is_no_spam_goes_as_ever(checker, sender, recipient):
    sent = send_dmail(sender, recipient, "Hello", "How are you?")
    assert sent.owner == sender
    assert not received(recipient).is_deleted
    assert len(enqueued_jobs()) == 1
    assert not ModerationReport.objects.exists()


def test_spam_is_delivered_deleted_and_reported_and_the_sender_sees_nothing(checker, sender, recipient):
    sent = send_dmail(sender, recipient, "Hello", "spam")
    copy = received(recipient)
    report = ModerationReport.objects.get()
    assert (sent.is_deleted, sent.is_read) == (False, True)
    assert (copy.is_deleted, copy.is_read) == (True, False)
    assert (report.creator, report.subject_id, report.reason) == (User.objects.system(), copy.pk, "Spam.")
    recipient.refresh_from_db()
    assert recipient.unread_dmail_count == 0
    assert_no_enqueued()


@pytest.mark.parametrize(
    ("fields", "is_checked"),
    [
        ({}, True),
        ({"age": 29}, True),
        ({"age": 31}, False),
        ({"level": Level.GOLD}, False),
        ({"level": Level.RESTRICTED}, True),
    ],
)
def test_only_new_accounts_below_gold_are_checked(checker, recipient, fields, is_checked):
    age = timedelta(days=fields.pop("age", 0))
    sender = UserFactory(created_at=timezone.now() - age, **fields)
    send_dmail(sender, recipient, "Hello", "spam")
    assert received(recipient).is_deleted is is_checked


def test_what_one_writes_to_oneself_is_not_checked(checker, sender):
    checker(always)
    assert not send_dmail(sender, sender, "Note", "spam").is_deleted


def test_without_a_checker_nothing_is_spam(settings, sender, recipient):
    assert settings.DANBOORU_SPAM_CHECKER == ""
    send_dmail(sender, recipient, "Hello", "spam")
    assert not received(recipient).is_deleted


@pytest.mark.parametrize("function", [broken, broken_query])
def test_a_checker_that_fails_finds_no_spam(checker, sender, recipient, caplog, function):
    checker(function)
    send_dmail(sender, recipient, "Hello", "spam")
    assert not received(recipient).is_deleted
    assert "The spam checker" in caplog.text


def test_a_checker_that_is_not_there_finds_no_spam(settings, sender, recipient):
    settings.DANBOORU_SPAM_CHECKER = "nowhere.at_all"
    send_dmail(sender, recipient, "Hello", "spam")
    assert not received(recipient).is_deleted


def test_the_tenth_report_within_an_hour_bans_for_ever(checker, sender):
    for _ in range(9):
        send_dmail(sender, UserFactory(), "Hello", "spam")
    assert not Ban.objects.exists()
    send_dmail(sender, UserFactory(), "Hello", "spam")
    ban = Ban.objects.get()
    assert (ban.user, ban.banner, ban.duration, ban.reason) == (
        sender,
        User.objects.system(),
        FOREVER,
        "Spambot.",
    )
    sender.refresh_from_db()
    assert sender.is_banned
    send_dmail(sender, UserFactory(), "Hello", "spam")
    assert Ban.objects.count() == 1


def test_what_was_reported_earlier_or_for_another_does_not_ban(checker, sender):
    for _ in range(9):
        send_dmail(sender, UserFactory(), "Hello", "spam")
    ModerationReport.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    for _ in range(9):
        send_dmail(UserFactory(), UserFactory(), "Hello", "spam")
    send_dmail(sender, UserFactory(), "Hello", "spam")
    assert not Ban.objects.exists()


def test_reports_by_people_do_not_ban(checker, sender):
    for _ in range(12):
        to = UserFactory()
        send_dmail(sender, to, "Hello", "harmless")
        ModerationReport.objects.report(to, received(to), "Spam.")
    assert not Ban.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_all_count(checker):
    User.objects.system()
    sender = UserFactory()
    recipients = [UserFactory() for _ in range(10)]

    def spam_two(first):
        for recipient in recipients[first : first + 2]:
            send_dmail(sender, recipient, "Hello", "spam")

    results = at_once(*[lambda first=first: spam_two(first) for first in range(0, 10, 2)])
    assert results == [None] * 5
    assert Ban.objects.filter(user=sender).count() == 1
