import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from booru.models import Dmail, Level, User
from jobs.engine.context import RequestContext, use_context
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, enqueued_jobs
from jobs.mail import MailDeliveryJob
from tests.support.at_once import at_once
from tests.support.factories import DmailFactory, PostFactory, UserFactory
from tests.support.waiting import PATIENCE, wait_until_blocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(name="alice")


@pytest.fixture
def bob():
    return UserFactory(name="bob", receive_email_notifications=True)


def unread(user: User) -> int:
    user.refresh_from_db()
    return user.unread_dmail_count


def errors_of(*args) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        Dmail.objects.send(*args)
    return caught.value.message_dict


def test_sending_gives_both_a_copy_and_the_recipient_something_unread(alice, bob):
    sent = Dmail.objects.send(alice, bob, "Hello", "How are you?")
    assert (sent.owner, sent.from_user, sent.to_user, sent.is_read) == (alice, alice, bob, True)
    received = Dmail.objects.get(owner=bob)
    assert (received.from_user, received.to_user, received.is_read) == (alice, bob, False)
    assert (received.title, received.body) == ("Hello", "How are you?")
    assert received.pk < sent.pk
    assert Dmail.objects.count() == 2
    assert (unread(alice), unread(bob)) == (0, 1)


def test_a_message_to_oneself_is_one_read_copy(alice):
    sent = Dmail.objects.send(alice, alice, "Note", "Buy milk.")
    assert Dmail.objects.get() == sent
    assert sent.is_read
    assert unread(alice) == 0
    assert_no_enqueued()


def test_title_and_body_are_saved_in_their_normal_form(alice, bob):
    sent = Dmail.objects.send(alice, bob, "\u00a0cafe\u0301\u200b ", "a\nb\r\nc\n\n")
    assert sent.title == "caf\u00e9"
    assert sent.body == "a\r\nb\r\nc"
    assert Dmail.objects.get(owner=bob).body == sent.body


@pytest.mark.parametrize(
    ("title", "body", "errors"),
    [
        ("", "x", {"title": ["can't be blank"]}),
        ("\u200b", "x", {"title": ["can't be blank"]}),
        ("x", " ", {"body": ["can't be blank"]}),
        ("", "", {"title": ["can't be blank"], "body": ["can't be blank"]}),
        ("x" * 201, "x", {"title": ["is too long (maximum is 200 characters)"]}),
        ("x", "x" * 50_001, {"body": ["is too long (maximum is 50000 characters)"]}),
    ],
)
def test_bad_text_is_refused_and_nothing_saved(alice, bob, title, body, errors):
    assert errors_of(alice, bob, title, body) == errors
    assert not Dmail.objects.exists()
    assert unread(bob) == 0
    assert_no_enqueued()


def test_the_longest_title_and_body_are_taken(alice, bob):
    Dmail.objects.send(alice, bob, "x" * 200, "x" * 50_000)


def test_a_recipient_there_must_be(alice):
    assert errors_of(alice, None, "Hello", "x") == {"to_user": ["must exist"]}
    assert not Dmail.objects.exists()


def test_a_copy_needs_an_owner(alice, bob):
    with pytest.raises(ValidationError) as caught:
        Dmail(from_user=alice, to_user=bob, title="Hello", body="x").validate()
    assert caught.value.message_dict == {"owner": ["must exist"]}


@pytest.mark.parametrize(("rating", "allowed"), [("g", True), ("s", True), ("q", False), ("e", False)])
def test_pictures_in_a_message_must_be_safe_for_work(alice, bob, rating, allowed):
    body = f"Look:\n!post #{PostFactory(rating=rating).pk}: a caption"
    if allowed:
        Dmail.objects.send(alice, bob, "Look", body)
    else:
        assert errors_of(alice, bob, "Look", body) == {"body": ["can't include NSFW images"]}


def test_only_embedded_pictures_count(alice, bob):
    post = PostFactory(rating="e")
    Dmail.objects.send(alice, bob, "Look", f"see post #{post.pk}, not !post #{post.pk}")


def test_too_many_pictures_are_not_looked_at_one_by_one(alice, bob):
    lines = [f"* !post #{PostFactory(rating='e').pk}"] * 6
    assert errors_of(alice, bob, "Look", "\n".join(lines)) == {"body": ["can't include more than 5 images"]}


def test_a_recipient_who_wants_email_gets_it_for_the_received_copy(alice, bob):
    with use_context(RequestContext(request_id="abc")):
        Dmail.objects.send(alice, bob, "Hello", "How are you?")
    received = Dmail.objects.get(owner=bob)
    job = assert_enqueued(
        MailDeliveryJob,
        "mailers.user_mailer.UserMailer",
        "dmail_notice",
        [received],
        headers={"X-Danbooru-Dmail": f"http://localhost:8000/dmails/{received.pk}"},
    )
    assert job.context["request_id"] == "abc"
    assert len(enqueued_jobs()) == 1


def test_a_recipient_who_wants_no_email_gets_none(alice, bob):
    Dmail.objects.send(bob, alice, "Hello", "How are you?")
    assert_no_enqueued()


def test_the_email_is_taken_back_with_the_message(alice, bob):
    with transaction.atomic():
        Dmail.objects.send(alice, bob, "Hello", "How are you?")
        transaction.set_rollback(True)
    assert not Dmail.objects.exists()
    assert_no_enqueued()


def test_an_automated_message_has_one_copy(bob):
    dmail = Dmail.objects.send_automated(bob, "Welcome", "Have fun.")
    assert Dmail.objects.get() == dmail
    assert (dmail.owner, dmail.to_user, dmail.from_user) == (bob, bob, User.objects.system())
    assert dmail.is_automated
    assert not dmail.is_read
    assert unread(bob) == 1
    assert_enqueued(MailDeliveryJob)


def test_an_automated_message_may_come_without_email(bob):
    Dmail.objects.send_automated(bob, "Welcome", "Have fun.", email=False)
    assert_no_enqueued()


def test_a_bad_automated_message_stops_nobody(bob, caplog):
    dmail = Dmail.objects.send_automated(bob, "", "Have fun.")
    assert dmail.pk is None
    assert 'to bob was not sent: ["Title can\'t be blank"]' in caplog.text
    assert Dmail.objects.send_automated(None, "Welcome", "Have fun.").pk is None
    assert "'To user must exist'" in caplog.text
    assert not Dmail.objects.exists()


def test_an_account_that_is_deleted_gets_nothing(alice):
    gone = UserFactory(is_deleted=True)
    assert errors_of(alice, gone, "Hello", "x") == {"to_user": ["must exist"]}
    assert Dmail.objects.send_automated(gone, "Welcome", "Have fun.").pk is None
    assert not Dmail.objects.exists()


def test_who_is_banned_still_gets_messages(alice):
    banned = UserFactory(is_banned=True)
    Dmail.objects.send(alice, banned, "Hello", "x")
    Dmail.objects.send_automated(banned, "You have been banned", "x")
    assert unread(banned) == 2


def test_spam_arrives_deleted_and_without_an_email(alice, bob):
    received = Dmail.objects.deliver(Dmail.objects.compose(alice, bob, "Hello", "x"), is_spam=True)
    assert (received.owner, received.is_deleted, received.is_read) == (bob, True, False)
    assert not Dmail.objects.get(owner=alice).is_deleted
    assert unread(bob) == 0
    assert_no_enqueued()


def test_a_persons_message_is_not_automated(alice, bob):
    assert not Dmail.objects.send(alice, bob, "Hello", "x").is_automated


def test_deleting_both_copies_for_good_leaves_nothing_unread(alice, bob):
    Dmail.objects.send(alice, bob, "Hello", "x")
    for dmail in Dmail.objects.all():
        dmail.delete()
    assert (unread(alice), unread(bob)) == (0, 0)


def test_the_counter_follows_what_is_read_and_unread(bob):
    first, _ = DmailFactory(to_user=bob), DmailFactory(to_user=bob)
    assert unread(bob) == 2
    first.mark_read(True)
    assert unread(bob) == 1
    first.mark_read(False)
    assert unread(bob) == 2


def test_the_counter_follows_what_is_deleted_and_undeleted(bob):
    dmail = DmailFactory(to_user=bob)
    dmail.delete_copy()
    assert unread(bob) == 0
    dmail.is_deleted = False
    dmail.save()
    assert unread(bob) == 1


def test_the_users_object_knows_the_new_count(bob):
    DmailFactory(to_user=bob)
    assert bob.unread_dmail_count == 1


def test_marking_everything_read_includes_what_is_deleted(bob):
    deleted = DmailFactory(to_user=bob, is_deleted=True)
    DmailFactory(to_user=bob)
    other = DmailFactory()
    Dmail.objects.mark_all_as_read(bob)
    deleted.refresh_from_db()
    assert deleted.is_read
    assert unread(bob) == 0
    assert unread(other.owner) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_waits_for_another_counts_both():
    bob, alice = UserFactory(), UserFactory()

    def write() -> None:
        Dmail.objects.send(alice, bob, "Second", "x")
        connection.close()

    with transaction.atomic():
        Dmail.objects.send(alice, bob, "First", "x")
        thread = threading.Thread(target=write)
        thread.start()
        # It cannot see the first message yet, so it must not count before it can.
        wait_until_blocked()
    thread.join(PATIENCE)
    assert unread(bob) == 2


@pytest.mark.django_db(transaction=True)
def test_users_who_write_to_each_other_at_the_same_moment_do_not_block_each_other():
    alice, bob = UserFactory(), UserFactory()

    def ten(sender: User, recipient: User) -> None:
        for _ in range(10):
            Dmail.objects.send(sender, recipient, "Hello", "x")

    assert at_once(lambda: ten(alice, bob), lambda: ten(bob, alice)) == [None, None]
    assert (unread(alice), unread(bob)) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_the_counter_is_right_whatever_happens_at_the_same_moment():
    bob, alice = UserFactory(), UserFactory()
    dmails = [DmailFactory(to_user=bob) for _ in range(12)]

    def each(do, some):
        return lambda: [do(Dmail.objects.get(pk=dmail.pk)) for dmail in some]

    results = at_once(
        each(lambda dmail: dmail.mark_read(True), dmails[:4]),
        each(lambda dmail: dmail.delete_copy(), dmails[2:6]),
        each(lambda dmail: dmail.delete(), dmails[6:8]),
        lambda: [Dmail.objects.send(alice, bob, "Hello", "x") for _ in range(5)],
    )
    assert results == [None] * 4
    left = Dmail.objects.filter(owner=bob, is_read=False, is_deleted=False).count()
    assert unread(bob) == left == 12 - 8 + 5


@pytest.mark.django_db(transaction=True)
def test_marking_all_as_read_meets_other_changes():
    bob, alice = UserFactory(), UserFactory()
    dmails = [DmailFactory(to_user=bob) for _ in range(10)]

    def toggle() -> None:
        for dmail in dmails:
            dmail.mark_read(True)
            dmail.mark_read(False)

    results = at_once(
        toggle,
        lambda: [Dmail.objects.mark_all_as_read(bob) for _ in range(5)],
        lambda: [Dmail.objects.send(alice, bob, "Hello", "x") for _ in range(5)],
    )
    assert results == [None] * 3
    assert unread(bob) == Dmail.objects.filter(owner=bob).unread().count()


def test_reading_and_deleting_at_the_same_moment_loses_neither(bob):
    dmail = DmailFactory(to_user=bob)
    elsewhere = Dmail.objects.get(pk=dmail.pk)
    dmail.mark_read(True)
    elsewhere.delete_copy()
    dmail.refresh_from_db()
    assert (dmail.is_read, dmail.is_deleted) == (True, True)


def test_a_conversation_is_what_both_wrote_under_one_title(alice, bob):
    first = Dmail.objects.send(alice, bob, "Hello", "x")
    Dmail.objects.send(bob, alice, "Re: Hello", "y")
    last = Dmail.objects.send(alice, bob, "Re: Hello", "z")
    answer = Dmail.objects.get(owner=alice, from_user=bob)
    Dmail.objects.send(alice, bob, "Another thing", "x")
    Dmail.objects.send(UserFactory(), alice, "Hello", "x")
    gone = Dmail.objects.send(alice, bob, "Hello", "w")
    gone.delete_copy()
    assert list(first.others_of_conversation()) == [last, answer]
    assert list(last.others_of_conversation()) == [answer, first]


def test_a_share_link_opens_its_own_copy_only():
    dmail, other = DmailFactory(), DmailFactory()
    assert Dmail.objects.by_key(dmail.key) == dmail
    assert dmail.key != other.key


@pytest.mark.parametrize("key", ["", "1", "1:abc", "\u2764", "x" * 10_000])
def test_a_forged_share_link_opens_nothing(key):
    DmailFactory(pk=1)
    assert Dmail.objects.by_key(key) is None


def test_a_share_link_to_a_copy_that_is_gone_opens_nothing():
    dmail = DmailFactory()
    key = dmail.key
    dmail.delete()
    assert Dmail.objects.by_key(key) is None


def test_the_address_of_a_dmail():
    dmail = DmailFactory()
    assert dmail.get_absolute_url() == f"/dmails/{dmail.pk}"
    assert str(dmail) == f"dmail #{dmail.pk}"


def test_a_senders_level_does_not_matter_to_the_model(bob):
    sender = UserFactory(level=Level.RESTRICTED, is_banned=True)
    assert Dmail.objects.send(sender, bob, "Hello", "x").pk
