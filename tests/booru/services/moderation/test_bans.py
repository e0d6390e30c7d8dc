from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from booru.models import Ban, Dmail, Level, ModAction, User, UserFeedback
from booru.models.moderation.ban import DURATIONS, FOREVER
from booru.services.moderation.bans import ban, lift_expired_ban, prune_bans, unban, update_ban
from jobs.engine.testing import assert_no_enqueued, enqueued_jobs
from jobs.mail import MailDeliveryJob
from tests.support.at_once import at_once
from tests.support.factories import BanFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def moderator():
    return UserFactory(level=Level.MODERATOR)


def is_banned(user):
    return User.objects.get(pk=user.pk).is_banned


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (DAY, "1 day"),
        (3 * DAY, "3 days"),
        (7 * DAY, "7 days"),
        (30 * DAY, "1 month"),
        (90 * DAY, "3 months"),
        (180 * DAY, "6 months"),
        (365 * DAY, "1 year"),
        (FOREVER, "forever"),
    ],
)
def test_a_ban_is_on_record_and_the_user_is_told(moderator, duration, words):
    user = UserFactory(name="rude_one")
    record = ban(user, moderator, duration, " Insults. ")
    assert is_banned(user)
    assert user.is_banned
    assert (record.reason, record.duration) == ("Insults.", duration)
    feedback = UserFeedback.objects.get()
    assert (feedback.user, feedback.creator, feedback.category) == (user, moderator, "negative")
    assert feedback.body == f"Banned {words}: Insults."
    dmail = Dmail.objects.get()
    assert (dmail.owner, dmail.is_automated) == (user, True)
    how_long = words if words == "forever" else f"for {words}"
    assert dmail.title == "You have been banned"
    assert dmail.body == f"You have been banned {how_long}: Insults."
    action = ModAction.objects.get()
    assert action.description == f"banned <@rude_one> {words}: Insults."
    assert (action.creator, action.category_name) == (moderator, "user_ban")
    assert (action.subject_type, action.subject_id) == ("User", user.pk)


def test_the_dmail_is_announced_by_an_email_once(moderator):
    user = UserFactory(with_email=True, receive_email_notifications=True)
    ban(user, moderator, DAY, "Spam")
    assert len(enqueued_jobs(MailDeliveryJob)) == 1


def test_there_are_eight_durations():
    assert len(DURATIONS) == 8


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"reason": ""}, "reason", "can't be blank"),
        ({"reason": "\u200b"}, "reason", "can't be blank"),
        ({"reason": "x" * 601}, "reason", "is too long (maximum is 600 characters)"),
        ({"duration": 2 * DAY}, "duration", "2 days, 0:00:00 is not a valid ban duration"),
        ({"user": None}, "user", "must exist"),
    ],
)
def test_a_bad_ban_changes_nothing(moderator, change, field, message):
    user = UserFactory()
    values = {"user": user, "banner": moderator, "duration": DAY, "reason": "x" * 600, **change}
    with pytest.raises(ValidationError) as caught:
        ban(**values)
    assert caught.value.message_dict == {field: [message]}
    assert not is_banned(user)
    for model in (Ban, UserFeedback, Dmail, ModAction):
        assert not model.objects.exists()


def test_who_is_banned_is_not_banned_again(moderator):
    user = UserFactory()
    ban(user, moderator, DAY, "Spam")
    with pytest.raises(ValidationError) as caught:
        ban(user, moderator, FOREVER, "Spam")
    assert caught.value.message_dict == {"user": ["is already banned"]}
    assert Ban.objects.count() == UserFeedback.objects.count() == 1


def test_whose_ban_has_run_out_is_banned_again(moderator):
    user = UserFactory()
    with time_machine.travel(timezone.now() - 2 * DAY, tick=True):
        ban(user, moderator, DAY, "Spam")
    ban(user, moderator, DAY, "Spam again")
    assert is_banned(user)


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_bans():
    user = UserFactory()
    moderators = [UserFactory(level=Level.MODERATOR) for _ in range(2)]
    tasks = [lambda banner=banner: ban(user, banner, DAY, "Spam") for banner in moderators]
    errors = [error for error in at_once(*tasks) if error]
    assert [error.message_dict for error in errors] == [{"user": ["is already banned"]}]
    assert Ban.objects.count() == ModAction.objects.count() == 1


def test_a_changed_ban_tells_what_was_changed(moderator):
    user = UserFactory(name="rude_one")
    record = ban(user, moderator, 3 * DAY, "Spam")
    admin = UserFactory(level=Level.ADMIN)
    update_ban(record, admin, duration=FOREVER, reason="Spam")
    update_ban(record, admin, duration=FOREVER, reason="Worse")
    update_ban(record, admin, duration=30 * DAY, reason="Bad")
    update_ban(record, admin, duration=30 * DAY, reason="Bad")
    actions = ModAction.objects.filter(category=ModAction.Category.USER_BAN_UPDATE).order_by("pk")
    assert [action.description for action in actions] == [
        "updated ban duration from 3 days to forever for <@rude_one>",
        'updated ban reason from "Spam" to "Worse" for <@rude_one>',
        'updated ban duration from forever to 1 month and reason from "Worse" to "Bad" for <@rude_one>',
    ]
    assert {action.creator for action in actions} == {admin}
    assert is_banned(user)


def test_a_ban_that_is_shortened_to_the_past_ends(moderator):
    user = UserFactory()
    with time_machine.travel(timezone.now() - 2 * DAY, tick=True):
        record = ban(user, moderator, 3 * DAY, "Spam")
    update_ban(record, moderator, duration=DAY, reason="Spam")
    assert not is_banned(user)


def test_an_expired_ban_is_not_changed(moderator):
    with time_machine.travel(timezone.now() - 2 * DAY, tick=True):
        record = ban(UserFactory(), moderator, DAY, "Spam")
    with pytest.raises(ValidationError) as caught:
        update_ban(record, moderator, duration=FOREVER, reason="Spam")
    assert caught.value.messages == ["You can't update an expired ban"]
    assert Ban.objects.get().duration == DAY


def test_a_ban_is_changed_under_the_same_rules(moderator):
    record = ban(UserFactory(), moderator, DAY, "Spam")
    with pytest.raises(ValidationError) as caught:
        update_ban(record, moderator, duration=2 * DAY, reason=" ")
    assert caught.value.message_dict.keys() == {"duration", "reason"}
    assert (Ban.objects.get().duration, Ban.objects.get().reason) == (DAY, "Spam")


def test_an_unbanned_user_may_write_again(moderator):
    user = UserFactory(name="rude_one")
    record = ban(user, moderator, DAY, "Spam")
    unban(record, moderator)
    assert not is_banned(user)
    assert not Ban.objects.exists()
    action = ModAction.objects.latest("pk")
    assert (action.description, action.category_name) == ("unbanned <@rude_one>", "user_unban")
    assert UserFeedback.objects.count() == Dmail.objects.count() == 1


def test_an_old_ban_that_is_removed_leaves_the_new_one(moderator):
    user = UserFactory()
    with time_machine.travel(timezone.now() - 2 * DAY, tick=True):
        old = ban(user, moderator, DAY, "Spam")
    ban(user, moderator, DAY, "Spam again")
    unban(old, moderator)
    assert is_banned(user)


def test_the_pruner_lifts_what_has_run_out(moderator):
    still, over, flagged = UserFactory(is_banned=True), UserFactory(), UserFactory()
    with time_machine.travel(timezone.now() - 2 * DAY, tick=True):
        ban(over, moderator, DAY, "Spam")
    User.objects.filter(pk=flagged.pk).update(is_banned=True)
    prune_bans()
    assert is_banned(still)
    assert not is_banned(over)
    assert not is_banned(flagged)
    assert Ban.objects.filter(user=over).exists()


def test_a_ban_is_lifted_at_its_very_end():
    user = UserFactory(is_banned=True)
    end = user.bans.get().expires_at
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        lift_expired_ban(user)
        assert is_banned(user)
    with time_machine.travel(end, tick=False):
        lift_expired_ban(user)
        assert not is_banned(user)
        assert not user.is_banned
        assert Ban.objects.get().is_expired


def test_the_newest_ban_that_is_active_counts():
    user = UserFactory()
    current = BanFactory(user=user)
    BanFactory(user=user, created_at=timezone.now() - 4 * DAY)
    BanFactory()
    assert Ban.objects.current(user) == current
    assert_no_enqueued()
